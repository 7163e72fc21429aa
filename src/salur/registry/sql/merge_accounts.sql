-- One delivery of accounts against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
-- Rows that came before their person and waited: the person is here now. A newer row of the same person replaces them.
create temp table arrived_accounts on commit drop as
select r.id, r.nik from registry_review r
where r.kind = 'accounts' and r.reason = 'ORANG_BELUM_ADA' and r.state = 'OPEN'
  and exists (select 1 from registry_person p where p.nik = r.nik);
insert into {stage}
select (jsonb_populate_record(null::{stage}, r.given - 'decision' - 'reason' - 'family_id' - 'region_code' || jsonb_build_object('review_id', r.id))).*
from registry_review r join arrived_accounts a on a.id = r.id
where not exists (select 1 from {stage} s where s.nik = r.nik);
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from arrived_accounts a where r.id = a.id;

update {stage} s set family_id = p.family_id, region_code = p.region_code, name_differs = (p.name_key <> s.holder_key)
from registry_person p where p.nik = s.nik;
create index on {stage} (nik);
analyze {stage} (nik, person_id, family_id);

-- A row that a person has turned down changes nothing when it comes again.
update {stage} s set decision = 'dropped' from registry_review r
where r.kind = 'accounts' and r.state = 'DROPPED' and r.nik = s.nik and r.given ->> 'content' = s.content
  and s.is_decided is not true;

create temp table repeated_accounts on commit drop as
select nik from {stage} where decision is null group by nik having count(*) > 1;
update {stage} s set decision = 'to_review', reason = 'BARIS_BERBEDA_SATU_BERKAS'
from (select nik from {stage} join repeated_accounts using (nik) where decision is null
      group by nik having count(distinct content) > 1) d
where s.nik = d.nik and s.decision is null;
update {stage} s set decision = 'copy'
from (select t.ctid as place, row_number() over (partition by nik order by file_id, baris) as nth
      from {stage} t join repeated_accounts using (nik) where decision is null) d
where s.ctid = d.place and d.nth > 1;

update {stage} set decision = 'to_review', reason = 'ORANG_BELUM_ADA' where decision is null and family_id is null;
update {stage} s set decision = 'unchanged'
from registry_account a
where s.decision is null and a.person_id = s.person_id and a.is_current and a.content = s.content;

-- Two living persons of one family with an account: who is the holder is for a person to say. Who says so retires the other.
update registry_account a set is_current = false
from {stage} s join registry_person p on p.family_id = s.family_id
where s.decision is null and s.is_decided and a.person_id = p.person_id and a.is_current and p.person_id <> s.person_id
  and p.civil_status <> 'MENINGGAL';
create temp table held_twice on commit drop as
select family_id from (
    select s.family_id, s.person_id from {stage} s join registry_person p on p.person_id = s.person_id
    where s.decision is null and p.civil_status <> 'MENINGGAL'
    union
    select p.family_id, a.person_id from registry_account a join registry_person p on p.person_id = a.person_id
    where a.is_current and p.civil_status <> 'MENINGGAL' and p.family_id in (select family_id from {stage} where decision is null)
) holders group by family_id having count(*) > 1;
update {stage} s set decision = 'to_review', reason = 'DUA_REKENING'
from held_twice h, registry_person p
where s.family_id = h.family_id and s.decision is null and p.person_id = s.person_id and p.civil_status <> 'MENINGGAL';

-- Fresh statistics: most rows have no decision, and a plan that believes none has one compares every row with every other.
analyze {stage} (decision, reason);

update registry_account a set is_current = false from {stage} s
where s.decision is null and a.person_id = s.person_id and a.is_current;
insert into registry_account (person_id, version, region_code, bank, number, holder_name, holder_key, status, content, is_current, file_id)
select s.person_id, coalesce((select max(version) from registry_account a where a.person_id = s.person_id), 0) + 1,
    s.region_code, s.bank, s.number, s.holder_name, s.holder_key, s.status, s.content, true, s.file_id
from {stage} s where s.decision is null;

-- A newer row that stands answers the question that an older row of the same person had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where (s.decision is null or s.decision = 'unchanged') and r.kind = 'accounts' and r.state = 'OPEN' and r.nik = s.nik;
-- A newer row that must wait too replaces the one that waited.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where s.decision = 'to_review' and r.kind = 'accounts' and r.state = 'OPEN' and r.nik = s.nik
  and not exists (select 1 from {stage} t where t.nik = r.nik and t.content = r.given ->> 'content');

insert into registry_review (kind, reason, nik, family_id, region_code, file_id, baris, given)
select 'accounts', s.reason, s.nik, s.family_id, coalesce(s.region_code, ''), s.file_id, s.baris, to_jsonb(s)
from (select distinct on (nik, content) * from {stage} where decision = 'to_review'
      order by nik, content, file_id, baris) s
where not exists (
    select 1 from registry_review r
    where r.kind = 'accounts' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = s.content)
order by s.file_id, s.baris;

update {stage} c set decision = 'to_review'
from {stage} s where c.decision = 'copy' and s.nik = c.nik and s.decision = 'to_review';

delete from registry_finding n using {stage} s
where s.decision is null and n.nik = s.nik and n.code in ('REKENING_PANJANG', 'REKENING_NAMA_BEDA');
insert into registry_finding (code, family_id, person_id, nik, region_code, file_id, baris)
select c.code, s.family_id, s.person_id, s.nik, s.region_code, s.file_id, s.baris
from {stage} s cross join lateral (values ('REKENING_PANJANG', s.unusual_length), ('REKENING_NAMA_BEDA', s.name_differs)) c (code, holds)
where s.decision is null and c.holds;
