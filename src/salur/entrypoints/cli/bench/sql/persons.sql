-- Persons in order of village, family and id: the members of a family take their seats in order, and which role sits where is turned by chance.
create or replace temp view person_rows as
with seated as (
    select r, code, size, turned, has_spouse, has_head, is_minor, family_id(dice(r, 5), j, n, number) as recipient_id,
        dice(r * 9, 13) as head, unnest(case size when 1 then [0] when 2 then [0, 1] when 3 then [0, 1, 2] when 4 then [0, 1, 2, 3] when 5 then [0, 1, 2, 3, 4]
            when 6 then [0, 1, 2, 3, 4, 5] when 7 then [0, 1, 2, 3, 4, 5, 6] when 8 then [0, 1, 2, 3, 4, 5, 6, 7]
            else [0, 1, 2, 3, 4, 5, 6, 7, 8] end) as seat
    from households
), rolled as (
    select *, (seat + turned) % size as role, r * 9 + (seat + turned) % size as me from seated
), diced as (
    select *, dice(me, 13) as a, dice(me, 14) as b,
        20 + head % 30 + (head // 30) % 29 as head_age
    from rolled
), related as (
    select *,
        case when role = 0 then case when has_head then 'KEPALA' else 'FAMILI' end
             when role = 1 and has_spouse then 'PASANGAN'
             when is_minor or b % 100 < 83 then 'ANAK' when b % 100 < 89 then 'CUCU' when b % 100 < 94 then 'ORANGTUA'
             when b % 100 < 99 then 'FAMILI' else 'LAIN' end as relation
    from diced
), aged as (
    select *,
        case when is_minor then case when role = 0 then 12 + a % 5 else a % 11 end
             when role = 0 then head_age
             when relation = 'PASANGAN' then greatest(18, head_age - 7 + a % 11)
             when relation = 'ANAK' then least(a % 26, head_age - 18)
             when relation = 'CUCU' then a % 13
             when relation = 'ORANGTUA' then least(head_age + 19 + a % 9, 98)
             else a % 70 end as age,
        case when role = 0 then (head // 1000) % 100 < case when has_spouse then 92 else 42 end
             when relation = 'PASANGAN' then (head // 1000) % 100 >= 92
             else (a // 100) % 2 = 0 end as is_male
    from related
)
select code as village_code, recipient_id, person_id(r, seat, size) as person_id,
    (date '2023-03-30' - (age * 1461 // 4 + (a // 1000) % 365)::integer) as birth_date,
    case when is_male then 'L' else 'P' end as sex,
    relation,
    civil_status(civil_luck(r, role)) as civil_status,
    case when age between 7 and 12 and b // 100 % 100 < 98 then 'SD' when age between 13 and 15 and b // 100 % 100 < 93 then 'SMP'
         when age between 16 and 18 and b // 100 % 100 < 78 then 'SMA' when age = 6 and b // 100 % 100 < 30 then 'SD' else 'TIDAK' end as school,
    not is_male and age between 18 and 42 and relation in ('KEPALA', 'PASANGAN', 'ANAK') and b // 10000 % 100 < 5 as is_pregnant,
    b // 1000000 % 1000 < 6 as is_severely_disabled,
    case when role > 1 or is_minor or (role = 1 and not has_spouse) or dice(me, 15) % 1000 >= case role when 0 then 48 else 19 end then ''
         else (['PNS', 'PNS', 'PNS', 'PNS', 'PENSIUNAN', 'PENSIUNAN', 'PENSIUNAN', 'TNI', 'TNI', 'POLRI', 'POLRI', 'BUMN', 'BUMN', 'BUMN', 'BUMD',
                'PEJABAT', 'PEJABAT', 'PEJABAT', 'SDM_KESOS', 'PNS'])[1 + dice(me, 16) % 20] end as occupation
from aged;
