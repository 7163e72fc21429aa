-- What the register noticed about families that are released. Numbers hold nothing that depends on how files were cut.
select r.region_code, r.family_id as recipient_id, 'registry' as step, g.code as reason, '' as article,
       '{"anggota": ' || g.person_id || '}' as numbers
from registry_finding g join released r using (family_id)
where g.person_id is not null
union
select r.region_code, r.family_id, 'registry', g.code, '', '{"baris_ditolak": ' || count(distinct g.nik) || '}'
from registry_finding g join registry_card c on c.no_kk = g.no_kk join released r on r.family_id = c.family_id
where g.person_id is null
group by r.region_code, r.family_id, g.code
union
select r.region_code, r.family_id, 'registry', 'TANPA_KEPALA', '', '{}'
from released r
where not exists (select 1 from registry_person p where p.family_id = r.family_id and p.relation = 'KEPALA')
