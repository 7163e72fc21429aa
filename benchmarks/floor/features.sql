-- What is known of each family of the span, from one pass over its persons for both programmes. SEMBAKO 2023-05 counts adults on
-- 1 May 2023, PKH 2023-T2 counts adults and components on 1 April 2023. A component needs a member whom the civil registry matches.
-- Living members are not counted, because no requirement of either programme asks for them.
CREATE OR REPLACE TEMP TABLE known AS
WITH members AS (
    SELECT
        recipient_id, birth_date, school, occupation, is_pregnant, is_severely_disabled,
        civil_status <> 'MENINGGAL' AS is_alive,
        civil_status = 'PADAN' AS is_matched
    FROM persons
), counted AS (
    SELECT
        recipient_id,
        min(occupation) FILTER (WHERE is_alive AND occupation IN ('PNS', 'TNI', 'POLRI', 'PENSIUNAN', 'BUMN', 'BUMD', 'PEJABAT', 'SDM_KESOS'))
            AS excluded_occupation,
        count(*) FILTER (WHERE is_alive AND birth_date <= DATE '2006-05-01') AS adults_in_may,
        count(*) FILTER (WHERE is_alive AND birth_date <= DATE '2006-04-01') AS adults_in_april,
        count(*) FILTER (WHERE is_matched AND is_pregnant) AS hamil,
        count(*) FILTER (WHERE is_matched AND birth_date > DATE '2016-04-01' AND school NOT IN ('SD', 'SMP', 'SMA')) AS anak_usia_dini,
        count(*) FILTER (WHERE is_matched AND school = 'SD') AS sd,
        count(*) FILTER (WHERE is_matched AND school = 'SMP') AS smp,
        count(*) FILTER (WHERE is_matched AND school = 'SMA') AS sma,
        count(*) FILTER (WHERE is_matched AND is_severely_disabled) AS disabilitas_berat,
        count(*) FILTER (WHERE is_matched AND birth_date <= DATE '1963-04-01') AS lansia
    FROM members
    GROUP BY recipient_id
)
SELECT
    f.recipient_id, f.village_code, f.decile, f.holder_id, f.holder_status,
    coalesce(c.excluded_occupation, '') AS excluded_occupation,
    coalesce(c.adults_in_may, 0) AS adults_in_may,
    coalesce(c.adults_in_april, 0) AS adults_in_april,
    coalesce(c.hamil, 0) AS hamil,
    coalesce(c.anak_usia_dini, 0) AS anak_usia_dini,
    coalesce(c.sd, 0) AS sd,
    coalesce(c.smp, 0) AS smp,
    coalesce(c.sma, 0) AS sma,
    coalesce(c.disabilitas_berat, 0) AS disabilitas_berat,
    coalesce(c.lansia, 0) AS lansia
FROM families f LEFT JOIN counted c USING (recipient_id)
