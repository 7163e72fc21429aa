-- What must be found, row by row; `about` of a mode says whose key is named. Reads: modes, family_rows, person_rows.
create table truth as
with people as (
    select p.*, persons.holder_slot from person_rows p join persons using (i, slot)
), marked as (
    select modes.*, f.no_kk as subject, '' as detail
    from family_rows f join modes on modes.mode = f.mode
    where modes.about = 'no_kk' and f.late = 0
    union all
    select modes.*, p.nik, 'no_kk ' || p.no_kk
    from people p join modes on modes.mode = p.mode
    where (modes.about = 'nik of head' and p.slot = 0 and p.late = 0)
       or (modes.about = 'nik of holder' and p.slot = p.holder_slot and p.late = 0)
       or (modes.about = 'nik of child' and p.slot = 2)
       or (modes.about = 'nik of spouse' and p.slot = 1)
       or (modes.about = 'nik of both' and p.slot < 2)
    union all  -- a family is told that a member's row was rejected
    select mode, 'import_finding', 'ANGGOTA_DITOLAK', about, 'always', no_kk, 'nik ' || nik
    from people join modes using (mode)
    where modes.kind = 'import_rejected' and modes.about = 'nik of child' and slot = 2
    union all  -- whoever belongs to a rejected family waits for it
    select p.mode, 'import_review', 'KELUARGA_BELUM_ADA', about, 'always', p.nik, 'no_kk ' || p.no_kk
    from people p join modes on modes.mode = p.mode where p.mode = 'DESA_TIDAK_DIKENAL'
)
select mode, kind, subject as key, code as expected_code, "when", detail, null::bigint as credited_rupiah,
       null::bigint as collected_rupiah, null::bigint as returned_rupiah, null::bigint as excess_rupiah, null::bigint as open_rupiah
from marked;
