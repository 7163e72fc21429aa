-- One delivery of persons against the register, set by set. {stage} holds the valid rows; each leaves with a decision.
-- Rows that came before their family and waited: the family is here now. A newer row of the same person in it replaces them.
create temp table arrived_persons on commit drop as
select r.id, r.nik, r.no_kk from registry_review r
where r.kind = 'persons' and r.reason = 'KELUARGA_BELUM_ADA' and r.state = 'OPEN'
  and exists (select 1 from registry_card c where c.no_kk = r.no_kk);
insert into {stage}
select (jsonb_populate_record(null::{stage}, r.given - 'decision' - 'reason' - 'family_id' - 'region_code' || jsonb_build_object('review_id', r.id))).*
from registry_review r join arrived_persons a on a.id = r.id
where not exists (select 1 from {stage} s where s.nik = r.nik and s.no_kk = r.no_kk);
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from arrived_persons a where r.id = a.id;

update {stage} s set family_id = c.family_id, region_code = f.region_code
from registry_card c join registry_family f on f.family_id = c.family_id where c.no_kk = s.no_kk;
create index on {stage} (nik);  -- after the update, which would have to write every entry twice
analyze {stage} (nik, no_kk, family_id, relation);

-- A row that a person has turned down changes nothing when it comes again.
update {stage} s set decision = 'dropped' from registry_review r
where r.kind = 'persons' and r.state = 'DROPPED' and r.nik = s.nik and r.given ->> 'content' = s.content
  and s.is_decided is not true;

-- Different rows of one person contradict each other; the same row twice is one row.
create temp table repeated_persons on commit drop as
select nik from {stage} where decision is null group by nik having count(*) > 1;
update {stage} s set decision = 'to_review',
    reason = case when d.families > 1 then 'NIK_DI_DUA_KELUARGA' else 'BARIS_BERBEDA_SATU_BERKAS' end
from (select nik, count(distinct coalesce(family_id::text, no_kk)) as families from {stage} join repeated_persons using (nik)
      where decision is null group by nik having count(distinct content) > 1) d
where s.nik = d.nik and s.decision is null;
update {stage} s set decision = 'copy'
from (select t.ctid as place, row_number() over (partition by nik order by file_id, baris) as nth
      from {stage} t join repeated_persons using (nik) where decision is null) d
where s.ctid = d.place and d.nth > 1;

update {stage} set decision = 'to_review', reason = 'HAMIL_L'
where decision is null and is_pregnant and sex = 'L' and is_decided is not true;
update {stage} set decision = 'to_review', reason = 'KELUARGA_BELUM_ADA' where decision is null and family_id is null;

-- A card whose members all come from one family that keeps nobody alive on its old card, and whose old card is not handed in
-- any more, is that family with a new card.
create temp table moved_persons on commit drop as
select s.family_id as new_id, p.family_id as old_id, s.nik
from {stage} s join registry_person p on p.nik = s.nik
where s.decision is null and p.family_id <> s.family_id and s.is_decided is not true;
create temp table recarded on commit drop as
select m.new_id, min(m.old_id) as old_id
from moved_persons m
join (select family_id, count(*) as persons from {stage} where decision is null or decision = 'to_review' group by family_id) h
    on h.family_id = m.new_id
group by m.new_id, h.persons
having min(m.old_id) = max(m.old_id) and count(*) = h.persons;
delete from recarded r where exists (select 1 from registry_person q where q.family_id = r.new_id)
    or exists (select 1 from {families} o where o.family_id = r.old_id and o.decision is distinct from 'to_review')
    or exists (select 1 from registry_person p where p.family_id = r.old_id and p.civil_status <> 'MENINGGAL'
        and not exists (select 1 from moved_persons m where m.nik = p.nik and m.new_id = r.new_id));
delete from recarded where old_id in (select old_id from recarded group by old_id having count(*) > 1);

update registry_card c set until = now() from recarded r where c.family_id = r.old_id and c.until is null;
update registry_card c set family_id = r.old_id from recarded r where c.family_id = r.new_id;
create temp table renewed on commit drop as select f.*, r.old_id from registry_family f join recarded r on r.new_id = f.family_id;
delete from registry_family f using recarded r where f.family_id = r.new_id;
update registry_family f set no_kk = n.no_kk, region_code = n.region_code, address = n.address, decile = n.decile,
    details = n.details, content = n.content, file_id = n.file_id
from renewed n where f.family_id = n.old_id;
update registry_person p set region_code = n.region_code from renewed n where p.family_id = n.old_id and p.region_code <> n.region_code;
update registry_account a set region_code = n.region_code
from renewed n join registry_person p on p.family_id = n.old_id where a.person_id = p.person_id and a.region_code <> n.region_code;
update registry_review v set family_id = r.old_id from recarded r where v.family_id = r.new_id;
update registry_finding v set family_id = r.old_id from recarded r where v.family_id = r.new_id;
update registry_review v set region_code = n.region_code
from renewed n where v.family_id = n.old_id and v.kind <> 'families' and v.region_code <> n.region_code;
update registry_finding v set region_code = n.region_code
from renewed n where v.family_id = n.old_id and v.region_code <> n.region_code;
update {stage} s set family_id = r.old_id from recarded r where s.family_id = r.new_id;

update {stage} s set decision = case when p.content = s.content and p.family_id = s.family_id then 'unchanged' else 'to_review' end,
    reason = case
        when p.content = s.content and p.family_id = s.family_id then null
        when p.family_id <> s.family_id then 'NIK_DI_DUA_KELUARGA'
        else 'KELAMIN_ATAU_LAHIR_BERUBAH' end
from registry_person p
where s.decision is null and p.nik = s.nik and (
    (p.content = s.content and p.family_id = s.family_id)
    or (s.is_decided is not true and (p.family_id <> s.family_id or p.sex <> s.sex or p.birth_date <> s.birth_date)));

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

-- Fresh statistics: most rows have no decision, and a plan that believes none has one compares every row with every other.
analyze {stage} (decision, reason);

insert into registry_person (person_id, nik, family_id, region_code, name, name_key, birth_date, sex, relation, civil_status, school,
    is_pregnant, is_severely_disabled, occupation, occupation_class, content, file_id)
select person_id, nik, family_id, region_code, name, name_key, birth_date, sex, relation, civil_status, school,
    is_pregnant, is_severely_disabled, occupation, occupation_class, content, file_id
from {stage} where decision is null
on conflict (person_id) do update set family_id = excluded.family_id, region_code = excluded.region_code, name = excluded.name,
    name_key = excluded.name_key, birth_date = excluded.birth_date, sex = excluded.sex, relation = excluded.relation,
    civil_status = excluded.civil_status, school = excluded.school, is_pregnant = excluded.is_pregnant,
    is_severely_disabled = excluded.is_severely_disabled, occupation = excluded.occupation,
    occupation_class = excluded.occupation_class, content = excluded.content, file_id = excluded.file_id,
    version = registry_person.version + 1;
-- What belongs to a person whom an officer has put into another family goes along.
update registry_account a set region_code = s.region_code
from {stage} s where s.decision is null and s.is_decided and a.person_id = s.person_id;
update registry_finding n set family_id = s.family_id, region_code = s.region_code
from {stage} s where s.decision is null and s.is_decided and n.person_id = s.person_id;
update registry_review r set family_id = s.family_id, region_code = s.region_code
from {stage} s where s.decision is null and s.is_decided and r.kind = 'accounts' and r.nik = s.nik;

-- A newer row that stands answers the question that an older row of the same person had opened.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where (s.decision is null or s.decision = 'unchanged') and r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik
  and r.reason in ('HAMIL_L', 'BARIS_BERBEDA_SATU_BERKAS', 'DUA_KEPALA');
-- A newer row that must wait too replaces the one that waited under the same card.
update registry_review r set state = 'ARRIVED', decided_at = now(), decided_by = acting()
from {stage} s
where s.decision = 'to_review' and r.kind = 'persons' and r.state = 'OPEN' and r.file_id is not null and r.nik = s.nik and r.no_kk = s.no_kk
  and not exists (select 1 from {stage} t where t.nik = r.nik and t.content = r.given ->> 'content');

insert into registry_review (kind, reason, nik, no_kk, family_id, region_code, file_id, baris, given)
select 'persons', s.reason, s.nik, s.no_kk, s.family_id, coalesce(s.region_code, ''), s.file_id, s.baris, to_jsonb(s)
from (select distinct on (nik, content) * from {stage} where decision = 'to_review'
      order by nik, content, file_id, baris) s
where not exists (
    select 1 from registry_review r
    where r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = s.content)
order by s.file_id, s.baris;

-- The row on record that a new row contradicts waits too, so that neither family is paid on a guess. It came with no file now.
insert into registry_review (kind, reason, nik, no_kk, family_id, region_code, given)
select distinct on (p.person_id) 'persons', s.reason, p.nik, f.no_kk, p.family_id, p.region_code, to_jsonb(p)
from {stage} s join registry_person p on p.nik = s.nik join registry_family f on f.family_id = p.family_id
where s.decision = 'to_review' and s.reason = 'NIK_DI_DUA_KELUARGA' and not exists (
    select 1 from registry_review r
    where r.kind = 'persons' and r.state = 'OPEN' and r.nik = s.nik and r.given ->> 'content' = p.content)
order by p.person_id, s.baris;

update {stage} c set decision = 'to_review'
from {stage} s where c.decision = 'copy' and s.nik = c.nik and s.decision = 'to_review';

delete from registry_finding n using {stage} s
where (s.decision is null or s.decision = 'unchanged') and n.nik = s.nik
  and (n.code = 'ANGGOTA_DITOLAK' or s.decision is null and n.code in ('NIK_BEDA_LAHIR', 'NIK_BEDA_KELAMIN'));
insert into registry_finding (code, family_id, person_id, no_kk, nik, region_code, file_id, baris)
select c.code, s.family_id, s.person_id, s.no_kk, s.nik, s.region_code, s.file_id, s.baris
from {stage} s cross join lateral (values ('NIK_BEDA_LAHIR', s.birth_differs), ('NIK_BEDA_KELAMIN', s.sex_differs)) c (code, holds)
where s.decision is null and c.holds;
-- A new name may agree with the account's, or no longer.
delete from registry_finding n using {stage} s where s.decision is null and n.person_id = s.person_id and n.code = 'REKENING_NAMA_BEDA';
insert into registry_finding (code, family_id, person_id, nik, region_code, file_id, baris)
select 'REKENING_NAMA_BEDA', s.family_id, s.person_id, s.nik, s.region_code, s.file_id, s.baris
from {stage} s join registry_account a on a.person_id = s.person_id and a.is_current
where s.decision is null and a.holder_key <> s.name_key;

-- A member whose row was rejected is missing from the family; the release says so.
insert into registry_finding (code, family_id, no_kk, nik, region_code, file_id, baris)
select distinct on (l.no_kk, l.nik) 'ANGGOTA_DITOLAK', f.family_id, l.no_kk, l.nik, coalesce(f.region_code, ''), l.file_id, l.baris
from {fallen} l left join registry_card c on c.no_kk = l.no_kk left join registry_family f on f.family_id = c.family_id
where not exists (select 1 from registry_finding k where k.code = 'ANGGOTA_DITOLAK' and k.no_kk = l.no_kk and k.nik = l.nik)
order by l.no_kk, l.nik, l.file_id, l.baris;
