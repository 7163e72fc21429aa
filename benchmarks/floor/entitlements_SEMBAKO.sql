-- The index of the month for each admitted family of the span.
SELECT
    l.recipient_id,
    l.village_code AS region_code,
    '{"INDEKS":200000}' AS component_rupiah,
    200000::BIGINT AS amount_rupiah,
    f.holder_id
FROM enrolment_SEMBAKO l JOIN families f USING (recipient_id)
WHERE l.outcome = 'admitted'
