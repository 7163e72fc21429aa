-- One delivery of families against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
create index on {stage} (no_kk);
analyze {stage};

-- Rows of one card that differ inside the delivery contradict each other; the same row twice is one row.
update {stage} s set decision = 'unchanged'
from (select ctid as place, row_number() over (partition by no_kk, content order by file_id, baris) as nth from {stage}) d
where s.ctid = d.place and d.nth > 1;

update {stage} s set decision = 'to_review', reason = 'BARIS_BERBEDA_SATU_BERKAS'
from (select no_kk from {stage} group by no_kk having count(distinct content) > 1) d
where s.no_kk = d.no_kk and s.decision is null;

-- A new card that names the old one is the same family with a new card.
create temp table recarded on commit drop as
select distinct s.no_kk, c.family_id
from {stage} s join registry_card c on c.no_kk = s.no_kk_lama and c.until is null
where s.decision is null and s.no_kk_lama <> '' and not exists (select 1 from registry_card n where n.no_kk = s.no_kk);
delete from recarded where family_id in (select family_id from recarded group by family_id having count(*) > 1);

update registry_card c set until = now() from recarded r where c.family_id = r.family_id and c.until is null;
insert into registry_card (no_kk, family_id, file_id)
select r.no_kk, r.family_id, s.file_id from recarded r join {stage} s on s.no_kk = r.no_kk and s.decision is null;
update registry_family f set no_kk = r.no_kk from recarded r where f.family_id = r.family_id;

update {stage} s set family_id = f.family_id from registry_family f where f.no_kk = s.no_kk;

update {stage} s set decision = 'unchanged'
from registry_family f
where s.decision is null and f.family_id = s.family_id and f.content = s.content;

update {stage} set decision = 'accepted' where decision is null;

insert into registry_family (family_id, no_kk, region_code, address, decile, details, content, file_id)
select coalesce(family_id, new_family_id), no_kk, region_code, address, decile, details::jsonb, content, file_id
from {stage} where decision = 'accepted'
on conflict (family_id) do update set region_code = excluded.region_code, address = excluded.address,
    decile = excluded.decile, details = excluded.details, content = excluded.content, file_id = excluded.file_id;

insert into registry_card (no_kk, family_id, file_id)
select no_kk, new_family_id, file_id from {stage} where decision = 'accepted' and family_id is null
on conflict (no_kk) do nothing;

-- Persons and accounts stand in the area of their family.
update registry_person p set region_code = f.region_code
from registry_family f join {stage} s on s.no_kk = f.no_kk and s.decision = 'accepted' and s.family_id is not null
where p.family_id = f.family_id and p.region_code <> f.region_code;
update registry_account a set region_code = p.region_code
from registry_person p join registry_family f on f.family_id = p.family_id
join {stage} s on s.no_kk = f.no_kk and s.decision = 'accepted' and s.family_id is not null
where a.person_id = p.person_id and a.region_code <> p.region_code;

-- A newer row that stands answers the question that older rows of the same card had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s where s.decision = 'accepted' and r.kind = 'families' and r.state = 'OPEN' and r.no_kk = s.no_kk;

insert into registry_review (kind, reason, no_kk, family_id, region_code, file_id, baris, given)
select 'families', s.reason, s.no_kk, s.family_id, s.region_code, s.file_id, s.baris, to_jsonb(s)
from {stage} s
where s.decision = 'to_review' and not exists (
    select 1 from registry_review r
    where r.kind = 'families' and r.state = 'OPEN' and r.no_kk = s.no_kk and r.given ->> 'content' = s.content);
