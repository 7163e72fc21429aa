-- What the channels say of `instructed`: credited in full and mostly collected, in every hundred some failed, some told twice, some wrong.
create or replace temp view result_rows as
with rolled as (
    select id_instruksi, amount_rupiah as amount, channel = 'POS' as is_post, region_code, recipient_id,
        dice((recipient_id >> 17) & 2147483647, 21) as a, dice(xor(recipient_id >> 32, recipient_id) & 2147483647, 22) as b
    from instructed
), judged as (
    select *, a % 1000 < 30 as fails, (a // 1000) % 10000 as luck, (b // 86400) % 28 as day, b % 86400 as second
    from rolled
), told as (
    select *, unnest(case
        when fails then [0]
        when is_post then case when luck < 100 then [2, 2] else [2] end
        when luck < 100 then [1, 1]        -- repeated to the letter
        when luck < 110 then [1, 4]        -- the same key with another amount
        when luck < 120 then [5]           -- short
        when luck < 130 then [1, 6]        -- credited twice, under another proof
        when luck < 131 then [1, 7]        -- an id that nobody gave
        when luck < 5000 then [1]
        else [1, 3] end) as line
    from judged
)
select
    case line when 7 then 'X-' || id_instruksi else id_instruksi end as id_instruksi,
    case line when 0 then 'GAGAL' when 2 then 'AMBIL' when 3 then 'AMBIL' else 'KREDIT' end as hasil,
    (case line when 0 then 0 when 4 then amount // 2 when 5 then amount - amount // 4 else amount end)::varchar as jumlah,
    strftime(timestamp '2023-05-02 00:00:00' + to_seconds(day * 86400 + second + case line when 3 then 90000 else 0 end), '%Y-%m-%dT%H:%M:%S+07:00')
        as waktu,
    case line when 0 then '' else case line when 3 then 'A' when 6 then 'D' else 'K' end || lpad(b::varchar, 10, '0') end as bukti,
    case when line <> 0 then '' when is_post then (['TIDAK_HADIR', 'ALAMAT_TIDAK_LENGKAP', 'MENINGGAL'])[1 + b % 3]
         else (['KKS_BELUM_TERSALUR', 'REKENING_PASIF', 'NAMA_BEDA', 'REKENING_TUTUP', 'REKENING_SALAH', 'TIDAK_DITEMUKAN'])[1 + b % 6] end as kode_alasan,
    '' as tempat
from told;

-- Later: a third of those that failed are credited after all.
create or replace temp view later_rows as
with rolled as (
    select id_instruksi, amount_rupiah as amount, channel = 'POS' as is_post,
        dice((recipient_id >> 17) & 2147483647, 21) as a, dice(xor(recipient_id >> 32, recipient_id) & 2147483647, 23) as b
    from instructed
)
select id_instruksi, case when is_post then 'AMBIL' else 'KREDIT' end as hasil, amount::varchar as jumlah,
    strftime(timestamp '2023-06-05 00:00:00' + to_seconds(b % 1209600), '%Y-%m-%dT%H:%M:%S+07:00') as waktu, 'S' || lpad(b::varchar, 10, '0') as bukti,
    '' as kode_alasan, '' as tempat
from rolled where a % 1000 < 10;
