-- The lines that belong to no instruction, of the whole country.
SELECT
    '00' AS region_code, file, line, '' AS channel, 'SEMBAKO-2023-05' AS cycle, NULL::BIGINT AS recipient_id, NULL::SMALLINT AS attempt,
    kind, amount_rupiah, at_ms, proof, has_proof, reason, problem, note, stranger
FROM strangers
