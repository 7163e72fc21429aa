-- One delivery of persons against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
create index on {stage} (nik);
create index on {stage} (no_kk);
analyze {stage};

-- Rows that came before their family and waited: the family is here now. A newer row of the same person replaces them.
create temp table arrived on commit drop as
select r.id, r.nik from registry_review r
where r.kind = 'persons' and r.reason = 'KELUARGA_BELUM_ADA' and r.state = 'OPEN'
  and exists (select 1 from registry_family f where f.no_kk = r.no_kk);
insert into {stage} select (jsonb_populate_record(null::{stage}, r.given - 'decision' - 'reason' - 'review_id' || jsonb_build_object('review_id', r.id))).*
from registry_review r join arrived a on a.id = r.id
where not exists (select 1 from {stage} s where s.nik = r.nik);
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from arrived a where r.id = a.id;

-- The same row twice is one row; different rows of one person contradict each other.
update {stage} s set decision = 'unchanged'
from (select ctid as place, row_number() over (partition by nik, content order by file_id, baris) as nth from {stage}) d
where s.ctid = d.place and d.nth > 1;

update {stage} s set decision = 'to_review',
    reason = case when d.cards > 1 then 'NIK_DI_DUA_KELUARGA' else 'BARIS_BERBEDA_SATU_BERKAS' end
from (select nik, count(distinct no_kk) as cards from {stage} where decision is null group by nik having count(*) > 1) d
where s.nik = d.nik and s.decision is null;

update {stage} set decision = 'to_review', reason = 'HAMIL_L' where decision is null and is_pregnant and sex = 'L';

update {stage} s set family_id = f.family_id, region_code = f.region_code from registry_family f where f.no_kk = s.no_kk;
update {stage} set decision = 'to_review', reason = 'KELUARGA_BELUM_ADA' where decision is null and family_id is null;

-- A card whose members all come from one family that keeps nobody on its old card is that family with a new card.
create temp table recarded on commit drop as
select s.family_id as new_id, min(p.family_id) as old_id
from {stage} s left join registry_person p on p.nik = s.nik
where s.decision is null
  and not exists (select 1 from registry_person q where q.family_id = s.family_id)
group by s.family_id
having count(p.nik) = count(*) and min(p.family_id) = max(p.family_id) and min(p.family_id) <> s.family_id;
delete from recarded r where exists (
    select 1 from registry_person p where p.family_id = r.old_id and p.civil_status <> 'MENINGGAL'
      and not exists (select 1 from {stage} s where s.nik = p.nik and s.family_id = r.new_id and s.decision is null));
delete from recarded where old_id in (select old_id from recarded group by old_id having count(*) > 1);

update registry_card c set until = now() from recarded r where c.family_id = r.old_id and c.until is null;
update registry_card c set family_id = r.old_id from recarded r where c.family_id = r.new_id;
create temp table renewed on commit drop as select f.*, r.old_id from registry_family f join recarded r on r.new_id = f.family_id;
delete from registry_family f using recarded r where f.family_id = r.new_id;
update registry_family f set no_kk = n.no_kk, region_code = n.region_code, address = n.address, decile = n.decile,
    details = n.details, content = n.content, file_id = n.file_id
from renewed n where f.family_id = n.old_id;
update {stage} s set family_id = r.old_id from recarded r where s.family_id = r.new_id;

update {stage} s set decision = case
        when p.content = s.content then 'unchanged'
        when p.family_id <> s.family_id or p.sex <> s.sex or p.birth_date <> s.birth_date then 'to_review' end,
    reason = case
        when p.content = s.content then null
        when p.family_id <> s.family_id then 'NIK_DI_DUA_KELUARGA'
        when p.sex <> s.sex or p.birth_date <> s.birth_date then 'KELAMIN_ATAU_LAHIR_BERUBAH' end
from registry_person p
where s.decision is null and p.nik = s.nik;

-- Two heads of one family: in the delivery, or one here and one on record who stays head.
create temp table headed_twice on commit drop as
select family_id from (
    select family_id, nik from {stage} where decision is null and relation = 'KEPALA'
    union
    select p.family_id, p.nik from registry_person p
    where p.relation = 'KEPALA' and p.family_id in (select family_id from {stage} where decision is null and relation = 'KEPALA')
      and not exists (select 1 from {stage} s where s.nik = p.nik and s.decision is null and s.relation <> 'KEPALA')
) heads group by family_id having count(*) > 1;
update {stage} s set decision = 'to_review', reason = 'DUA_KEPALA'
from headed_twice h where s.family_id = h.family_id and s.decision is null and s.relation = 'KEPALA';

update {stage} set decision = 'accepted' where decision is null;

insert into registry_person (person_id, nik, family_id, region_code, name, name_key, birth_date, sex, relation, civil_status, school,
    is_pregnant, is_severely_disabled, occupation, occupation_class, content, file_id)
select person_id, nik, family_id, region_code, name, name_key, birth_date, sex, relation, civil_status, school,
    is_pregnant, is_severely_disabled, occupation, occupation_class, content, file_id
from {stage} where decision = 'accepted'
on conflict (person_id) do update set region_code = excluded.region_code, name = excluded.name,
    name_key = excluded.name_key, birth_date = excluded.birth_date, sex = excluded.sex, relation = excluded.relation,
    civil_status = excluded.civil_status, school = excluded.school, is_pregnant = excluded.is_pregnant,
    is_severely_disabled = excluded.is_severely_disabled, occupation = excluded.occupation,
    occupation_class = excluded.occupation_class, content = excluded.content, file_id = excluded.file_id,
    version = registry_person.version + 1;

-- A newer row that stands answers the question that an older row of the same person had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where s.decision = 'accepted' and r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik and r.reason in ('HAMIL_L', 'BARIS_BERBEDA_SATU_BERKAS', 'DUA_KEPALA');

insert into registry_review (kind, reason, nik, no_kk, family_id, region_code, file_id, baris, given)
select 'persons', s.reason, s.nik, s.no_kk, s.family_id, coalesce(s.region_code, ''), s.file_id, s.baris, to_jsonb(s)
from {stage} s
where s.decision = 'to_review' and not exists (
    select 1 from registry_review r
    where r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = s.content);

-- The row on record that a new row contradicts waits too, so that neither family is paid on a guess.
insert into registry_review (kind, reason, nik, no_kk, family_id, region_code, given)
select distinct on (p.person_id) 'persons', s.reason, p.nik, f.no_kk, p.family_id, p.region_code, to_jsonb(p)
from {stage} s join registry_person p on p.nik = s.nik join registry_family f on f.family_id = p.family_id
where s.decision = 'to_review' and s.reason = 'NIK_DI_DUA_KELUARGA' and not exists (
    select 1 from registry_review r
    where r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = p.content)
order by p.person_id, s.baris;

delete from registry_finding f using {stage} s
where s.decision = 'accepted' and f.nik = s.nik and f.code in ('NIK_BEDA_LAHIR', 'NIK_BEDA_KELAMIN', 'ANGGOTA_DITOLAK');
insert into registry_finding (code, family_id, person_id, no_kk, nik, region_code, file_id, baris)
select c.code, s.family_id, s.person_id, s.no_kk, s.nik, s.region_code, s.file_id, s.baris
from {stage} s cross join lateral (values ('NIK_BEDA_LAHIR', s.birth_differs), ('NIK_BEDA_KELAMIN', s.sex_differs)) c (code, holds)
where s.decision = 'accepted' and c.holds;
