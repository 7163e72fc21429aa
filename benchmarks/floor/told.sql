-- The cells of a result file as values, without the rows whose form is wrong: no id, another kind, an amount or a moment that is none.
CREATE TEMP MACRO told(cells) AS TABLE
WITH judged AS (
    SELECT
        *,
        CASE
            WHEN length(waktu) = 10 THEN 0
            WHEN waktu[-1] = 'Z' THEN 1
            WHEN waktu[-6] IN ('+', '-') THEN 6
            WHEN waktu[-5] IN ('+', '-') THEN 5
            ELSE 0
        END AS zone_length,
        right(waktu, zone_length) AS zone,
        TRY_CAST(replace(left(waktu, length(waktu) - zone_length), ',', '.') AS TIMESTAMP) AS wall
    FROM query_table(cells)
    WHERE id_instruksi <> ''
        AND hasil IN ('GAGAL', 'KREDIT', 'AMBIL', 'TARIK', 'KEMBALI')
        AND (regexp_full_match(jumlah, '[0-9]{1,15}') OR (hasil = 'GAGAL' AND jumlah = ''))
        AND regexp_full_match(
            waktu,
            '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?'
        )
)
SELECT
    id_instruksi,
    baris::BIGINT AS line,
    hasil AS kind,
    CASE WHEN jumlah = '' THEN 0 ELSE jumlah::BIGINT END AS amount_rupiah,
    epoch_ms(wall) AS wall_ms,
    CASE
        WHEN zone_length = 1 THEN 0
        WHEN zone_length > 1
            THEN (substr(zone, 2, 2)::INTEGER * 60 + right(zone, 2)::INTEGER) * CASE WHEN zone[1] = '-' THEN -1 ELSE 1 END
    END AS stated_minutes,
    bukti AS proof,
    coalesce(kode_alasan, '') AS given_reason,
    given_reason NOT IN (
        '', 'NIK_TIDAK_PADAN', 'NAMA_BEDA', 'DATA_TIDAK_LENGKAP', 'ALAMAT_TIDAK_LENGKAP', 'DI_BAWAH_UMUR', 'MENINGGAL', 'PINDAH',
        'PEKERJAAN', 'TIDAK_LAYAK_DAERAH', 'MENOLAK', 'MAMPU', 'GANDA_NIK', 'GANDA_KK', 'PROGRAM_LAIN', 'REKENING_SALAH', 'FORMAT_NAMA',
        'KODE_WILAYAH', 'REKENING_PASIF', 'REKENING_TUTUP', 'REKENING_BLOKIR', 'KKS_BELUM_TERSALUR', 'KKS_RUSAK', 'TIDAK_DITEMUKAN',
        'TIDAK_TRANSAKSI', 'SALDO_NOL', 'TIDAK_HADIR', 'LAIN'
    ) AS is_strange,
    CASE WHEN is_strange THEN 'LAIN' ELSE given_reason END AS reason,
    CASE WHEN is_strange THEN 'KODE_ALASAN_TIDAK_DIKENAL' ELSE '' END AS note
FROM judged
WHERE wall IS NOT NULL
