-- One delivery of accounts against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
create index on {stage} (nik);
analyze {stage};

create temp table arrived on commit drop as
select r.id, r.nik from registry_review r
where r.kind = 'accounts' and r.reason = 'ORANG_BELUM_ADA' and r.state = 'OPEN'
  and exists (select 1 from registry_person p where p.nik = r.nik);
insert into {stage} select (jsonb_populate_record(null::{stage}, r.given - 'decision' - 'reason' - 'review_id' || jsonb_build_object('review_id', r.id))).*
from registry_review r join arrived a on a.id = r.id
where not exists (select 1 from {stage} s where s.nik = r.nik);
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from arrived a where r.id = a.id;

update {stage} s set decision = 'unchanged'
from (select ctid as place, row_number() over (partition by nik, content order by file_id, baris) as nth from {stage}) d
where s.ctid = d.place and d.nth > 1;

update {stage} s set decision = 'to_review', reason = 'BARIS_BERBEDA_SATU_BERKAS'
from (select nik from {stage} where decision is null group by nik having count(*) > 1) d
where s.nik = d.nik and s.decision is null;

update {stage} s set family_id = p.family_id, region_code = p.region_code, name_differs = (p.name_key <> s.holder_key)
from registry_person p where p.nik = s.nik;
update {stage} set decision = 'to_review', reason = 'ORANG_BELUM_ADA' where decision is null and family_id is null;

update {stage} s set decision = 'unchanged'
from registry_account a
where s.decision is null and a.person_id = s.person_id and a.is_current and a.content = s.content;

-- Two living persons of one family with an account: who is the holder is for a person to say.
create temp table held_twice on commit drop as
select family_id from (
    select s.family_id, s.person_id from {stage} s join registry_person p on p.person_id = s.person_id
    where s.decision is null and p.civil_status <> 'MENINGGAL'
    union
    select p.family_id, a.person_id from registry_account a join registry_person p on p.person_id = a.person_id
    where a.is_current and p.civil_status <> 'MENINGGAL' and p.family_id in (select family_id from {stage} where decision is null)
) holders group by family_id having count(*) > 1;
update {stage} s set decision = 'to_review', reason = 'DUA_REKENING'
from held_twice h where s.family_id = h.family_id and s.decision is null;

update {stage} set decision = 'accepted' where decision is null;

update registry_account a set is_current = false from {stage} s
where s.decision = 'accepted' and a.person_id = s.person_id and a.is_current;
insert into registry_account (person_id, version, region_code, bank, number, holder_name, status, content, is_current, file_id)
select s.person_id, coalesce((select max(version) from registry_account a where a.person_id = s.person_id), 0) + 1,
    s.region_code, s.bank, s.number, s.holder_name, s.status, s.content, true, s.file_id
from {stage} s where s.decision = 'accepted';

-- A newer row that stands answers the question that an older row of the same person had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where s.decision = 'accepted' and r.kind = 'accounts' and r.state = 'OPEN' and r.nik = s.nik and r.reason in ('BARIS_BERBEDA_SATU_BERKAS', 'DUA_REKENING');

insert into registry_review (kind, reason, nik, family_id, region_code, file_id, baris, given)
select 'accounts', s.reason, s.nik, s.family_id, coalesce(s.region_code, ''), s.file_id, s.baris, to_jsonb(s)
from {stage} s
where s.decision = 'to_review' and not exists (
    select 1 from registry_review r
    where r.kind = 'accounts' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = s.content);

delete from registry_finding f using {stage} s
where s.decision = 'accepted' and f.nik = s.nik and f.code in ('REKENING_PANJANG', 'REKENING_NAMA_BEDA');
insert into registry_finding (code, family_id, person_id, nik, region_code, file_id, baris)
select c.code, s.family_id, s.person_id, s.nik, s.region_code, s.file_id, s.baris
from {stage} s cross join lateral (values ('REKENING_PANJANG', s.unusual_length), ('REKENING_NAMA_BEDA', s.name_differs)) c (code, holds)
where s.decision = 'accepted' and c.holds;
