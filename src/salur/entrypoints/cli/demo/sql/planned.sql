-- The answer to each instruction: '' = nothing happens to it. Reads: given (instruction files), places.
create table planned as
with read as (
    select id_instruksi as id, kanal, kanal = 'POS' as post, jumlah::bigint as amount,
        regexp_extract(id_instruksi, '^(.*)-[0-9]{19}-[0-9]+-[0-9]{2}$', 1) as cycle,
        dice_a('answer:' || id_instruksi) as h1, dice_b('answer:' || id_instruksi) as h2,
        case when substr(periode, 6, 1) = 'T' then (substr(periode, 7, 1)::int - 1) * 3 + 1 else substr(periode, 6, 2)::int
             end as month,
        substr(periode, 1, 4)::int as year
    from given
), queued as (
    select *, row_number() over (partition by post order by h1, id) as place from read
)
select id, cycle, kanal, queued.post, amount, coalesce(places.answer, '') as answer, roll(h2, 0, 100) as luck,
    left(id, -1) || ((right(id, 1)::int + 1) % 10) as mistyped,  -- the last check digit is wrong: never a valid id
    kanal || upper(printf('%016x', h2)) as proof,
    roll(h2, 8, 3600) as second, make_timestamp(year, month, 8, 8, 0, 0) as opening
from queued
left join places on places.post = queued.post and queued.place between places.first and places.last;

create table lines (
    round int, channel text, id text, result text, amount bigint, moment timestamp, proof text, reason text
);
create table strangers (id text);
