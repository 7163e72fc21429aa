-- The lines by file, in no order. The largest bank hands in two files a round, so that a repeated or contradictory line
-- may stand in another file than the first.
create table filed as
with shuffled as (
    select *, dice_a('line:' || round || id || result || amount || moment || proof) as dice,
        row_number() over (partition by round, channel, id, result, amount, moment, proof order by reason) as copy
    from lines
)
select round, channel, case channel when 'BRI' then 1 + (roll(dice, 0, 1000) + copy) % 2 else 1 end as number,
    id as id_instruksi, result as hasil, amount as jumlah,
    -- banks write the capital's time, the post its own
    case channel when 'POS' then strftime(moment + interval 1 hour, '%Y-%m-%dT%H:%M:%S+08:00')
         else strftime(moment, '%Y-%m-%dT%H:%M:%S+07:00') end as waktu,
    proof as bukti, nullif(reason, '') as kode_alasan, (dice >> 8) as shuffle
from shuffled;
