-- The rows as they are handed in. `late` rows stand at the end of a file: repeated, differing, or of another family.
create table family_rows as
select 0 as late, i, no_kk,
    case when mode = 'DESA_TIDAK_DIKENAL' then substr(village, 1, 4) || '992999' else village end as kode_desa,
    'JL. CONTOH NO. ' || (1 + roll(h2, 16, 180)) || ' RT ' || lpad((1 + roll(h2, 24, 20))::text, 3, '0') as alamat,
    decile as desil, mode
from families;
insert into family_rows select 1, * exclude (late) from family_rows where mode = 'BARIS_SAMA_KELUARGA';

create table person_rows as
select 0 as late, i, slot,
    case when mode <> 'NIK_MUSTAHIL' or slot <> 2 then sound_nik
         when i % 3 = 0 then substr(sound_nik, 1, 8) || '13' || substr(sound_nik, 11)  -- month 13
         when i % 3 = 1 then substr(sound_nik, 1, 15)
         else substr(sound_nik, 1, 12) || '0000' end as nik,
    no_kk, nama,
    case when mode <> 'TANGGAL_SALAH' or slot <> 2 then strftime(birth, '%Y-%m-%d')
         else ['31-02-2015', '2015-13-05', '2199-01-01', '2015'][1 + (i // 2) % 4] end as tanggal_lahir,
    sex as jenis_kelamin, hubungan, status_dukcapil, status_sekolah, hamil, disabilitas_berat, pekerjaan, mode
from persons;
insert into person_rows
select 1, * exclude (late) from person_rows where mode = 'BARIS_SAMA_ORANG' and slot = 0;
insert into person_rows
select 2, * exclude (late) replace (case pekerjaan when 'PETANI' then 'NELAYAN' else 'PETANI' end as pekerjaan)
from person_rows where mode = 'BARIS_BERBEDA_SATU_BERKAS' and slot = 1 and late = 0;
insert into person_rows
select 3, p.* exclude (late) replace (other.no_kk as no_kk, 'FAMILI' as hubungan)
from person_rows p join families other on other.i = p.i + 1
where p.mode = 'NIK_DI_DUA_KELUARGA' and p.slot = 1 and p.late = 0;

create table account_rows as
with held as (
    select i, slot, sound_nik as nik, mode, nama,
        case when mode = 'BANK_LAIN' then case kanal when 'BRI' then 'BNI' else 'BRI' end else kanal end as bank,
        substr(village, 1, 4) as regency
    from persons
    where has_account and (slot = holder_slot or (mode = 'DUA_REKENING' and slot = 1))
)
select 0 as late, i, slot, nik, bank,
    case bank when 'BNI' then (1000000000 + i * 2 + slot)::text
              when 'MANDIRI' then regency || lpad((i * 2 + slot)::text, 9, '0')
              when 'BTN' then regency || lpad((i * 2 + slot)::text, 12, '0')
              else regency || lpad((i * 2 + slot)::text, 11, '0') end
      || case when mode = 'REKENING_PANJANG' then '000000000' else '' end as nomor_rekening,
    case when mode = 'REKENING_NAMA_BEDA' then 'REKENING CONTOH LAIN' else nama end as nama_rekening,
    case when mode in ('REKENING_PASIF', 'REKENING_TUTUP', 'REKENING_BLOKIR', 'REKENING_PROSES') then substr(mode, 10)
         else 'AKTIF' end as status,
    mode
from held;
insert into account_rows select 1, * exclude (late) from account_rows where mode = 'BARIS_SAMA_REKENING';

create table quota_rows as  -- a part of the families that may ask finds a place
with asked as (
    select regency, count(*) filter (decile <= 5) as food, count(*) filter (decile <= 4) as cash from families group by regency
)
select 'SEMBAKO' as program, '2023-05' as periode, regency as kode_wilayah, greatest(1, food * 78 // 100)::bigint as kuota from asked
union all
select 'PKH', '2023-T2', regency, greatest(1, cash * 50 // 100)::bigint from asked;

create table channel_rows as
select program, periode, regency as kode_wilayah, kanal
from channel_of cross join (values ('SEMBAKO', '2023-05'), ('PKH', '2023-T2')) as p(program, periode);
