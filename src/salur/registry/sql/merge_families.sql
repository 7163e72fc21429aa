-- One delivery of families against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
create index on {stage} (no_kk);
analyze {stage} (no_kk, no_kk_lama);

-- A row that a person has turned down changes nothing when it comes again.
update {stage} s set decision = 'dropped' from registry_review r
where r.kind = 'families' and r.state = 'DROPPED' and r.no_kk = s.no_kk and r.given ->> 'content' = s.content
  and s.is_decided is not true;

-- Rows of one card that differ inside the delivery contradict each other; the same row twice is one row.
create temp table repeated_cards on commit drop as
select no_kk from {stage} where decision is null group by no_kk having count(*) > 1;
update {stage} s set decision = 'to_review', reason = 'BARIS_BERBEDA_SATU_BERKAS'
from (select no_kk from {stage} join repeated_cards using (no_kk) where decision is null
      group by no_kk having count(distinct content) > 1) d
where s.no_kk = d.no_kk and s.decision is null;
update {stage} s set decision = 'copy'
from (select t.ctid as place, row_number() over (partition by no_kk order by file_id, baris) as nth
      from {stage} t join repeated_cards using (no_kk) where decision is null) d
where s.ctid = d.place and d.nth > 1;

-- A new card that names the old one is the same family with a new card, unless the old card is handed in as well.
create temp table named_old_card on commit drop as
select s.no_kk, s.file_id, c.family_id
from {stage} s join registry_card c on c.no_kk = s.no_kk_lama and c.until is null
where s.decision is null and s.no_kk_lama not in ('', s.no_kk)
  and not exists (select 1 from registry_card n where n.no_kk = s.no_kk)
  and not exists (select 1 from {stage} o where o.no_kk = s.no_kk_lama);
delete from named_old_card
where family_id in (select family_id from named_old_card group by family_id having count(*) > 1);
update registry_card c set until = now() from named_old_card r where c.family_id = r.family_id and c.until is null;
insert into registry_card (no_kk, family_id, file_id) select no_kk, family_id, file_id from named_old_card;

-- Every card a family has had leads to it. Of several cards of one family in a delivery the newest speaks.
update {stage} s set family_id = c.family_id from registry_card c where c.no_kk = s.no_kk;
update {stage} s set decision = 'copy'
from (select t.ctid as place, row_number() over (partition by t.family_id order by c.until desc nulls first, c.no_kk) as nth
      from {stage} t join registry_card c on c.no_kk = t.no_kk
      where t.decision is null and t.family_id in (
          select family_id from {stage} where decision is null and family_id is not null group by family_id having count(*) > 1)) d
where s.ctid = d.place and d.nth > 1;

update {stage} s set decision = 'unchanged'
from registry_family f
where s.decision is null and f.family_id = s.family_id and f.content = s.content;
-- What was said under a card that has been replaced is history already.
update {stage} s set decision = 'unchanged'
from registry_card c, registry_family_past q
where s.decision is null and c.no_kk = s.no_kk and c.until is not null and q.family_id = s.family_id and q.content = s.content;

-- Fresh statistics: most rows have no decision, and a plan that believes none has one compares every row with every other.
analyze {stage} (decision, family_id);

insert into registry_family (family_id, no_kk, region_code, address, decile, details, content, file_id)
select coalesce(s.family_id, s.new_family_id), coalesce(k.no_kk, s.no_kk), s.region_code, s.address, s.decile, s.details::jsonb,
    s.content, s.file_id
from {stage} s left join registry_card k on k.family_id = s.family_id and k.until is null
where s.decision is null
on conflict (family_id) do update set no_kk = excluded.no_kk, region_code = excluded.region_code, address = excluded.address,
    decile = excluded.decile, details = excluded.details, content = excluded.content, file_id = excluded.file_id;
insert into registry_card (no_kk, family_id, file_id)
select no_kk, new_family_id, file_id from {stage} where decision is null and family_id is null;

-- Persons, accounts, and what was noted about them stand in the area of their family.
update registry_person p set region_code = s.region_code
from {stage} s
where s.decision is null and p.family_id = s.family_id and p.region_code <> s.region_code;
update registry_account a set region_code = s.region_code
from {stage} s join registry_person p on p.family_id = s.family_id
where s.decision is null and a.person_id = p.person_id and a.region_code <> s.region_code;
update registry_finding n set region_code = s.region_code
from {stage} s where s.decision is null and n.family_id = s.family_id and n.region_code <> s.region_code;
update registry_finding n set region_code = s.region_code, family_id = coalesce(s.family_id, s.new_family_id)
from {stage} s where s.decision is null and n.family_id is null and n.no_kk = s.no_kk;
-- Rows about persons and accounts follow too, those that were turned down as well: they may still be taken. A row about the family
-- itself stays where it says that the family lives.
update registry_review r set region_code = s.region_code
from {stage} s where s.decision is null and r.kind <> 'families' and r.family_id = s.family_id and r.region_code <> s.region_code;
update registry_review r set region_code = s.region_code
from {stage} s where s.decision is null and r.state = 'OPEN' and r.family_id is null and r.no_kk = s.no_kk and r.region_code <> s.region_code;

-- A newer row that stands answers the question that older rows of the same card had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where (s.decision is null or s.decision = 'unchanged') and r.kind = 'families' and r.state = 'OPEN' and r.no_kk = s.no_kk;

insert into registry_review (kind, reason, no_kk, family_id, region_code, file_id, baris, given)
select 'families', s.reason, s.no_kk, s.family_id, s.region_code, s.file_id, s.baris, to_jsonb(s)
from (select distinct on (no_kk, content) * from {stage} where decision = 'to_review'
      order by no_kk, content, file_id, baris) s
where not exists (
    select 1 from registry_review r
    where r.kind = 'families' and r.state = 'OPEN' and r.no_kk = s.no_kk and r.given ->> 'content' = s.content)
order by s.file_id, s.baris;
