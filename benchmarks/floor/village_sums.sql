-- What the indicators add up, village by village. With one attempt and one month each entitled family has one row of the settlement.
INSERT INTO village_sums
WITH judged AS (
    SELECT
        *,
        credited_rupiah > 0 AS is_paid,
        attempt > 0 AS is_instructed,
        (credited_at_ms + zone_minutes(region_code) * 60000) // 86400000 AS received_day
    FROM settlement
)
SELECT
    region_code,
    count(*),
    count(*) FILTER (WHERE is_instructed),
    count(*) FILTER (WHERE is_paid),
    count(*) FILTER (WHERE is_paid AND credited_rupiah = instructed_rupiah),
    count(*) FILTER (WHERE is_paid AND received_day <= $due_day),
    count(*) FILTER (WHERE is_instructed AND has_proof),
    sum(instructed_rupiah)::BIGINT,
    sum(credited_rupiah)::BIGINT,
    sum(collected_rupiah)::BIGINT,
    sum(returned_rupiah)::BIGINT,
    sum(excess_rupiah)::BIGINT,
    sum(open_rupiah)::BIGINT
FROM judged
GROUP BY region_code;

INSERT INTO village_places
SELECT
    village_code,
    count(*),
    count(*) FILTER (WHERE outcome IN ('admitted', 'held')),
    count(*) FILTER (WHERE outcome = 'waiting'),
    count(*) FILTER (WHERE outcome = 'held')
FROM enrolment_SEMBAKO
GROUP BY village_code;

-- One cause once for a family, however many lines tell it.
INSERT INTO village_causes
SELECT region_code, cause, count(DISTINCT recipient_id)
FROM exceptions
WHERE cause <> 'KODE_ALASAN_TIDAK_DIKENAL'
GROUP BY region_code, cause
