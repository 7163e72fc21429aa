-- One row for each line that belongs to no instruction; told in several files it is named once, at its first place.
SELECT
    0::BIGINT AS recipient_id, 0::SMALLINT AS attempt, problem AS cause, min(file || ':' || line) AS detail, '00' AS region_code,
    amount_rupiah AS rupiah
FROM result_lines
GROUP BY problem, note, stranger, channel, kind, proof, at_ms, amount_rupiah, reason
