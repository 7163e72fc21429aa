-- One row for each cause and instruction of the span, and one for each line with a reason that nobody knows.
WITH caused AS (
    SELECT *, reason AS cause, open_rupiah AS rupiah FROM settled WHERE open_rupiah > 0
    UNION ALL
    SELECT *, 'KONTRADIKSI', instructed_rupiah FROM settled WHERE clashes > 0 AND open_rupiah = 0
    UNION ALL
    SELECT *, CASE WHEN credits > 1 THEN 'KREDIT_GANDA' ELSE 'LEBIH_BAYAR' END, excess_rupiah FROM settled WHERE excess_rupiah > 0
    UNION ALL
    SELECT *, 'GAGAL_SETELAH_KREDIT', credited_rupiah FROM settled WHERE fails_after
    UNION ALL
    SELECT *, 'KREDIT_TIDAK_ADA', collected_rupiah FROM settled WHERE collects > 0 AND credits = 0 AND channel <> 'POS'
    UNION ALL
    SELECT *, 'AMBIL_MELEBIHI_KREDIT', cut_collect FROM settled WHERE cut_collect > 0
), noted AS (
    SELECT recipient_id, attempt, note AS cause, min(file || ':' || line) AS detail, region_code
    FROM result_lines
    WHERE note <> ''
    GROUP BY recipient_id, attempt, note, region_code, channel, kind, proof, at_ms, amount_rupiah, reason
)
SELECT recipient_id, attempt, cause, '' AS detail, region_code, rupiah FROM caused
UNION ALL
SELECT recipient_id, attempt, cause, detail, region_code, 0 FROM noted
