-- The lines of a result file that carry the id of an instruction to the letter. A file speaks for every channel of its span.
WITH known AS (
    SELECT t.*, i.region_code, i.channel, i.recipient_id, i.attempt, utc_ms(t.wall_ms, t.stated_minutes, i.region_code) AS at_ms
    FROM told('cells') t JOIN instructions i USING (id_instruksi)
)
SELECT
    region_code, '$file' AS file, line, channel, 'SEMBAKO-2023-05' AS cycle, recipient_id, attempt, kind, amount_rupiah, at_ms,
    known_proof(proof, at_ms, amount_rupiah) AS proof,
    proof <> '' AS has_proof,
    reason,
    '' AS problem,
    note,
    '' AS stranger
FROM known
