-- How many families live in each village: the province's share by its people, inside it every village between half and one and a half.
create or replace temp table villages as
with placed as (
    select code, substr(code, 1, 2) as province, substr(code, 1, 4) as regency, row_number() over (order by code) - 1 as number from village_codes
), weighed as (
    select *, 500 + dice(number, 1) % 1001 as weight, families from placed join province_families using (province)
), summed as (
    select *, sum(weight) over (partition by province order by code)::bigint as upto, sum(weight) over (partition by province)::bigint as whole from weighed
), shared as (
    select *, families * upto // whole - families * (upto - weight) // whole as n from summed
)
select code, province, regency, channel, number::bigint as number, n::bigint as n, (sum(n) over (order by code) - n)::bigint as first
from shared join channel_of using (regency)
order by code;
