-- The shape of each family. A mode forces the shape that it needs (a spouse, a child, nobody grown up).
create table households as
with rolled as (
    select seats.*, coalesce(planted.mode, '') as mode,
        21 + roll(h1, 0, 31) + roll(h1, 8, 31) as usual_age,
        roll(h1, 16, 100) as spouse_roll, roll(h1, 24, 100) as child_roll, roll(h1, 32, 100) as parent_roll,
        roll(h1, 40, 100) as holder_roll, roll(h1, 48, 100) as decile_roll, roll(h2, 0, 4700) as card_day
    from seats left join planted using (i)
), shaped as (
    select *, case mode when 'TANPA_DEWASA' then 15 else usual_age end as head_age,
        case when mode in ('NIK_DI_DUA_KELUARGA', 'BARIS_BERBEDA_SATU_BERKAS', 'DUA_KEPALA', 'DUA_REKENING',
                           'PENGURUS_MENINGGAL') then true
             when mode = 'TANPA_DEWASA' then false
             else spouse_roll < 76 end as has_spouse,
        case when child_roll < 26 then 0 when child_roll < 56 then 1 when child_roll < 84 then 2 when child_roll < 95 then 3
             else 4 end as usual_children,
        mode not in ('DUA_KEPALA', 'TANPA_DEWASA') and parent_roll < 9 and usual_age between 30 and 58 as has_parent
    from rolled
)
select i, village, regency, kanal, mode, h2, head_age, has_spouse, has_parent,
    case when mode = 'DUA_KEPALA' then 0
         when mode = 'TANPA_DEWASA' then 1
         when mode in ('NIK_MUSTAHIL', 'TANGGAL_SALAH', 'HAMIL_L') then greatest(1, usual_children)
         when usual_age >= 66 then least(1, usual_children)
         else usual_children end as children,
    case when mode = 'DESIL_TIDAK_DIKETAHUI' then null
         when mode <> '' then 1 + decile_roll % 2  -- so poor that the quota reaches it
         when decile_roll < 20 then 1 when decile_roll < 37 then 2 when decile_roll < 51 then 3 when decile_roll < 63 then 4
         when decile_roll < 74 then 5 when decile_roll < 82 then 6 when decile_roll < 88 then 7 when decile_roll < 93 then 8
         when decile_roll < 97 then 9 else 10 end as decile,
    -- cards are mostly in the wife's name; where there is no account the law looks at the head
    case when kanal <> 'POS' and has_spouse and holder_roll < 60
          and mode not in ('DUA_REKENING', 'PENGURUS_MENINGGAL', 'TANPA_REKENING') then 1 else 0 end as holder_slot,
    kanal <> 'POS' and mode not in ('TANPA_REKENING', 'DESA_TIDAK_DIKENAL', 'NIK_DI_DUA_KELUARGA',
                                    'BARIS_BERBEDA_SATU_BERKAS', 'HAMIL_L', 'DUA_KEPALA') as has_account,
    substr(village, 1, 6) || strftime(date '2010-01-01' + card_day::integer, '%d%m%y') as kk_front
from shaped;

-- Serials of cards start at 5001, those of persons at 1: no card looks like the number of a person.
create table families as
select * exclude (kk_front),
    kk_front || lpad((5000 + row_number() over (partition by kk_front order by i))::text, 4, '0') as no_kk
from households;
drop table households;
