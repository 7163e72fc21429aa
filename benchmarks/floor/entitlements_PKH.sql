-- A quarter of the year's amount for the four best components of each admitted family of the span. Going down the components by amount,
-- those of one kind take the places between two running totals.
WITH admitted AS (
    SELECT recipient_id, village_code FROM enrolment_PKH WHERE outcome = 'admitted'
), totals AS (
    SELECT
        a.recipient_id, a.village_code, k.holder_id,
        least(k.anak_usia_dini, 4) AS to_1,
        least(k.anak_usia_dini + k.hamil, 4) AS to_2,
        least(k.anak_usia_dini + k.hamil + k.disabilitas_berat, 4) AS to_3,
        least(k.anak_usia_dini + k.hamil + k.disabilitas_berat + k.lansia, 4) AS to_4,
        least(k.anak_usia_dini + k.hamil + k.disabilitas_berat + k.lansia + k.sma, 4) AS to_5,
        least(k.anak_usia_dini + k.hamil + k.disabilitas_berat + k.lansia + k.sma + k.smp, 4) AS to_6,
        least(k.anak_usia_dini + k.hamil + k.disabilitas_berat + k.lansia + k.sma + k.smp + k.sd, 4) AS to_7
    FROM admitted a JOIN known k USING (recipient_id)
), parts AS (
    SELECT
        recipient_id, village_code, holder_id,
        to_1 * 750000 AS anak_usia_dini,
        (to_2 - to_1) * 750000 AS hamil,
        (to_3 - to_2) * 600000 AS disabilitas_berat,
        (to_4 - to_3) * 600000 AS lansia,
        (to_5 - to_4) * 500000 AS sma,
        (to_6 - to_5) * 375000 AS smp,
        (to_7 - to_6) * 225000 AS sd
    FROM totals
)
SELECT
    recipient_id,
    village_code AS region_code,
    '{' || concat_ws(
        ',',
        CASE WHEN anak_usia_dini > 0 THEN '"ANAK_USIA_DINI":' || anak_usia_dini END,
        CASE WHEN hamil > 0 THEN '"HAMIL":' || hamil END,
        CASE WHEN disabilitas_berat > 0 THEN '"DISABILITAS_BERAT":' || disabilitas_berat END,
        CASE WHEN lansia > 0 THEN '"LANSIA":' || lansia END,
        CASE WHEN sma > 0 THEN '"SMA":' || sma END,
        CASE WHEN smp > 0 THEN '"SMP":' || smp END,
        CASE WHEN sd > 0 THEN '"SD":' || sd END
    ) || '}' AS component_rupiah,
    (anak_usia_dini + hamil + disabilitas_berat + lansia + sma + smp + sd)::BIGINT AS amount_rupiah,
    holder_id
FROM parts
WHERE amount_rupiah > 0
