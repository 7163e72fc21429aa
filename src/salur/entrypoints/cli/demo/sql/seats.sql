-- Set based because a country does not fit in Python objects: villages by their share of the people, a seat for each
-- family, and a mode for some. Reads: regions, peoples, places, channel_of; variable families.
create table villages as
with weighted as (  -- an urban village (kelurahan, first digit 1) holds about six times the people of a rural one
    select code, substr(code, 1, 2) as province, case substr(code, 7, 1) when '1' then 6 else 1 end as weight from regions
), shares as (
    select code, (people * weight // sum(weight) over (partition by province))::bigint as share
    from weighted join peoples using (province)
)
select code, substr(code, 1, 4) as regency,
       (sum(share) over (order by code rows unbounded preceding) - share)::bigint as first_seat,
       sum(share) over ()::bigint as seats_all
from shares;

create table districts as
select row_number() over (order by code) - 1 as number, code from (select distinct substr(code, 1, 6) as code from villages);

create table seats as
with spread as (
    select i, ((2 * i + 1) * (select any_value(seats_all) from villages) // (2 * getvariable('families')))::bigint as seat
    from range(getvariable('families')) as r(i)
)
select spread.i, villages.code as village, villages.regency, channel_of.kanal,
       dice_a('family:' || spread.i) as h1, dice_b('family:' || spread.i) as h2
from spread asof join villages on spread.seat >= villages.first_seat
join channel_of on channel_of.regency = villages.regency;

-- Only families of even number carry a mode: the odd neighbour stays sound and can lend its card to a NIK in two families.
-- Post regencies carry none: most modes speak of a bank account.
create table planted as
with queue as (
    select i, row_number() over (order by dice_a('mode:' || i), i) as place
    from seats where i % 2 = 0 and i + 1 < getvariable('families') and kanal <> 'POS' and getvariable('failures')
)
select queue.i, places.mode from queue join places on queue.place between places.first and places.last;
