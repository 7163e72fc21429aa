-- The shape of each family of `seats`, worked out from its number alone. A family has `size` members; role 0 is the head, role 1 the spouse if
-- there is one. One in 2,000 has no adult, and half of these no head.
create or replace temp view households as
with rolled as (
    select seats.r, v.code, v.number, v.n, v.channel, seats.r - v.first as j,
        dice(seats.r, 2) as a, dice(seats.r, 3) as b, dice(seats.r, 4) as c
    from seats join villages v on v.number = seats.village
), shaped as (
    select *,
        case when a % 10000 < 1350 then 1 when a % 10000 < 3806 then 2 when a % 10000 < 6880 then 3 when a % 10000 < 8740 then 4
             when a % 10000 < 9520 then 5 when a % 10000 < 9810 then 6 when a % 10000 < 9920 then 7 when a % 10000 < 9970 then 8
             else 9 end as size,
        (a // 10000) % 2000 = 0 as is_minor,
        b % 4000 < 2000 as has_head_if_minor,
        (b // 4000) % 100 as spouse_luck,
        (b // 400000) % 5000 as turn,
        c % 1000 as decile_luck,
        (c // 1000) % 1000 as account_luck,
        (c // 1000000) % 100 as owner_luck
    from rolled
), known as (
    select *,
        turn % size as turned,
        size > 1 and not is_minor and spouse_luck < 77 as has_spouse,
        not is_minor or has_head_if_minor as has_head,
        case when decile_luck >= 10 then (decile_luck % 10 + 1)::smallint end as decile,
        is_dead(r, 0) as is_head_dead,
        is_dead(r, 1) as is_spouse_dead
    from shaped
), owned as (
    -- An account belongs to the poorer half, where a bank serves the regency: mostly the wife's, never of one who died.
    select *,
        case when channel = 'POS' or is_minor or coalesce(decile, 10) > 5 or account_luck >= 990 then null
             when has_spouse and not is_spouse_dead and (owner_luck < 60 or is_head_dead) then 1
             when not is_head_dead then 0 end as owner
    from known
)
select r, code, number, n, j, channel, size, turned, has_spouse, has_head, is_minor, decile, owner, account_luck,
    case when owner is not null then owner when has_head then 0 end as holder_role
from owned;
