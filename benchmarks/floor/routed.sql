-- Each entitlement of the span beside its channel and its holder's account; `reason` is '' when it can be instructed.
CREATE OR REPLACE TEMP TABLE routed AS
SELECT
    e.recipient_id, e.region_code, e.holder_id, e.amount_rupiah,
    c.channel, h.person_version, h.account_version,
    CASE
        WHEN c.channel IS NULL THEN 'TANPA_KANAL'
        WHEN c.channel = 'POS' AND h.person_id IS NOT NULL THEN ''
        WHEN coalesce(h.bank, '') = '' THEN 'TANPA_REKENING'
        WHEN h.bank <> c.channel THEN 'BANK_LAIN'
        WHEN h.status = 'PASIF' THEN 'REKENING_PASIF'
        WHEN h.status = 'TUTUP' THEN 'REKENING_TUTUP'
        WHEN h.status = 'BLOKIR' THEN 'REKENING_BLOKIR'
        WHEN h.status = 'PROSES' THEN 'REKENING_PROSES'
        ELSE ''
    END AS reason
FROM entitlements_SEMBAKO e
LEFT JOIN channels c ON c.region_code = left(e.region_code, 4)
LEFT JOIN holders h ON h.region_code = e.region_code AND h.person_id = e.holder_id
