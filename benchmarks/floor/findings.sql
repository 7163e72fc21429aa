-- One finding for each entitlement that cannot be sent.
SELECT
    region_code,
    recipient_id,
    'delivery' AS step,
    reason,
    '' AS article,
    '{"rupiah":' || amount_rupiah || '}' AS numbers
FROM routed
WHERE reason <> ''
