-- One instruction for each entitlement that can be sent. The check digits are those of ISO 7064 MOD 97-10: 98 less the remainder of the
-- number that cycle (letters from A = 10 to Z = 35), recipient in 19 digits, attempt 1 and two noughts spell.
WITH checked AS (
    SELECT
        *,
        (28142211102024202305 % 97 * (10000000000000000000000 % 97) % 97)::BIGINT AS of_cycle,
        98 - (of_cycle + recipient_id % 97 * (1000 % 97) + 100) % 97 AS check_digits
    FROM routed
    WHERE reason = ''
)
SELECT
    recipient_id,
    1::SMALLINT AS attempt,
    'SEMBAKO-2023-05-' || lpad(recipient_id::VARCHAR, 19, '0') || '-1-' || lpad(check_digits::VARCHAR, 2, '0') AS id_instruksi,
    region_code,
    channel,
    holder_id,
    person_version AS holder_version,
    account_version,
    amount_rupiah
FROM checked
