-- One row per member. Slots: 0 head, 1 spouse, 2..5 children, 6 a parent of the head. Reads: families,
-- districts, given (sex, number, name) and last (number, name).
set variable districts = (select count(*) from districts);
set variable males = (select count(*) from given where sex = 'L');
set variable females = (select count(*) from given where sex = 'P');
set variable lasts = (select count(*) from last);

create table persons as
with slots as (
    select families.*, slot, dice_a('person:' || i || ':' || slot) as a, dice_b('person:' || i || ':' || slot) as b
    from families cross join range(7) as s(slot)
    where slot = 0 or (slot = 1 and has_spouse) or (slot between 2 and 1 + children) or (slot = 6 and has_parent)
), aged as (
    select *,
        case when slot = 0 then head_age
             when slot = 1 then greatest(18, head_age - 6 + roll(a, 0, 10))
             when slot = 6 then head_age + 20 + roll(a, 0, 8)
             when mode = 'TANPA_DEWASA' then 8
             else roll(a, 0, 4096) % greatest(1, least(24, head_age - 19)) end as age,
        case when slot = 0 then case when has_spouse or roll(a, 12, 100) < 35 then 'L' else 'P' end
             when slot = 1 then 'P'
             when mode = 'HAMIL_L' and slot = 2 then 'L'
             when roll(a, 12, 100) < 50 then 'L' else 'P' end as sex
    from slots
), dated as (
    select *, date '2023-04-01' - (age * 1461 // 4 + roll(a, 20, 365))::integer as birth from aged
), numbered as (
    select dated.*,
        -- people keep the number of the place where they were first registered
        case when roll(b, 0, 100) < 8 then districts.code else substr(village, 1, 6) end as origin,
        case when mode = 'NIK_BEDA_LAHIR' and slot = 0 then birth - 40 else birth end as nik_birth,
        (sex = 'P') <> (mode = 'NIK_BEDA_KELAMIN' and slot = 0) as nik_female
    from dated join districts on districts.number = roll(b, 8, getvariable('districts'))
), fronted as (
    select *, origin || lpad((day(nik_birth) + case when nik_female then 40 else 0 end)::text, 2, '0')
                     || strftime(nik_birth, '%m%y') as nik_front
    from numbered
)
select i, slot, mode, no_kk, village, kanal, has_account, holder_slot, fronted.sex, b, birth,
    nik_front || lpad((row_number() over (partition by nik_front order by i, slot))::text, 4, '0') as sound_nik,
    given.name || case when roll(a, 40, 100) < 14 then '' else ' ' || last.name end  -- one word is a full name here
      as nama,
    case when slot = 0 and mode = 'TANPA_KEPALA' then 'LAIN'
         when slot = 0 then 'KEPALA'
         when slot = 1 and mode = 'DUA_KEPALA' then 'KEPALA'
         when slot = 1 then 'PASANGAN'
         when slot = 6 then 'ORANGTUA'
         when mode = 'TANPA_DEWASA' then 'FAMILI' else 'ANAK' end as hubungan,
    case when slot = holder_slot and mode in ('PENGURUS_TIDAK_PADAN', 'PENGURUS_GANDA', 'PENGURUS_PINDAH',
                                              'PENGURUS_MENINGGAL') then substr(mode, 10)
         when slot = holder_slot and mode = 'PENGURUS_BELUM_CEK' then case when i % 4 = 0 then 'BELUM_CEK' else '' end
         when mode <> '' or slot = holder_slot or not getvariable('failures') then 'PADAN'
         when roll(b, 16, 1000) < 5 and slot > 1 then 'MENINGGAL'
         when roll(b, 16, 1000) < 20 then 'TIDAK_PADAN' when roll(b, 16, 1000) < 25 then 'PINDAH'
         else 'PADAN' end as status_dukcapil,
    case when slot not between 2 and 5 or age < 7 or age > 18 or roll(b, 32, 100) < 5 then 'TIDAK'
         when age < 13 then 'SD' when age < 16 then 'SMP' else 'SMA' end as status_sekolah,
    case when mode = 'HAMIL_L' and slot = 2 then 'Y'
         when fronted.sex = 'P' and slot < 2 and age between 18 and 42 and roll(b, 40, 100) < 7 then 'Y' else 'T' end as hamil,
    case when roll(b, 48, 100) < 1 then 'Y' else 'T' end as disabilitas_berat,
    case when mode = 'PEKERJAAN' and slot = 0
         then ['PNS', 'TNI', 'POLRI', 'PENSIUNAN', 'BUMN', 'BUMD', 'PEJABAT', 'SDM_KESOS', 'pns', 'Polri'][1 + roll(b, 54, 10)]
         when age < 17 then ''
         when slot = 1 then ['IBU RUMAH TANGGA', 'PETANI', 'PEDAGANG KECIL', 'BURUH HARIAN'][1 + roll(b, 54, 4)]
         else ['PETANI', 'NELAYAN', 'BURUH HARIAN', 'PEDAGANG KECIL', 'SOPIR', 'TUKANG', 'TIDAK BEKERJA', ''][1 + roll(b, 54, 8)]
         end as pekerjaan
from fronted
join given on given.sex = fronted.sex
          and given.number = roll(a, 32, case fronted.sex when 'L' then getvariable('males') else getvariable('females') end)
join last on last.number = roll(a, 48, getvariable('lasts'));
