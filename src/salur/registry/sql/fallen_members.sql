-- A member whose row was rejected is missing from the family; the release says so.
insert into registry_finding (code, family_id, no_kk, nik, region_code, file_id, baris)
select 'ANGGOTA_DITOLAK', f.family_id, l.no_kk, l.nik, coalesce(f.region_code, ''), l.file_id, l.baris
from {stage}_fallen l left join registry_family f on f.no_kk = l.no_kk
where not exists (select 1 from registry_finding k where k.code = 'ANGGOTA_DITOLAK' and k.no_kk = l.no_kk and k.nik = l.nik);
