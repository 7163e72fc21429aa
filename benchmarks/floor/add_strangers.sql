-- The lines of a result file whose id nobody gave: mistyped when form or check digits are wrong. The text itself is not kept.
INSERT INTO strangers
WITH unknown AS (
    SELECT *, utc_ms(wall_ms, stated_minutes, '00') AS at_ms
    FROM told('unknown_cells')
)
SELECT
    '$file', line, kind, amount_rupiah, at_ms, known_proof(proof, at_ms, amount_rupiah), proof <> '', reason,
    CASE
        WHEN regexp_full_match(
            id_instruksi,
            '[A-Z][A-Z0-9_]{0,19}-[0-9]{4}-([0-9]{2}|T[0-9])([.][.][0-9]{4}-([0-9]{2}|T[0-9]))?-[0-9]{19}-[1-9][0-9]{0,2}-[0-9]{2}'
        )
            AND TRY_CAST(regexp_extract(id_instruksi, '([0-9]{19})-[1-9][0-9]{0,2}-[0-9]{2}$$', 1) AS BIGINT) IS NOT NULL
            AND check_agrees(id_instruksi)
            THEN 'ID_TIDAK_DIKENAL'
        ELSE 'ID_SALAH_KETIK'
    END,
    note,
    left(sha256('$key|' || id_instruksi), 32)
FROM unknown
