-- From villages up to the country. What has no evidence yet stays without data. All who were paid are still eligible, because the newest
-- release is the one by which they were admitted.
WITH levels AS (
    SELECT * FROM (VALUES ('desa', 10), ('kecamatan', 6), ('kabupaten', 4), ('provinsi', 2), ('nasional', 0)) AS levels (level, digits)
), sums AS (
    SELECT region_at(region_code, digits) AS region, level, sum(COLUMNS(v.* EXCLUDE (region_code)))
    FROM village_sums v, levels
    GROUP BY region, level
), quotas AS (
    SELECT region_at(region_code, digits) AS region, sum(places) AS quota
    FROM quotas_SEMBAKO, levels
    WHERE digits <= 4
    GROUP BY region
), considered AS (
    SELECT region_at(region_code, digits) AS region, level, sum(COLUMNS(v.* EXCLUDE (region_code)))
    FROM village_places v, levels
    GROUP BY region, level
), placed AS (
    SELECT c.*, q.quota, CASE WHEN q.quota IS NOT NULL THEN coalesce(s.paid, 0) END AS paid
    FROM considered c LEFT JOIN quotas q USING (region) LEFT JOIN sums s USING (region)
), causes AS (
    SELECT region_at(region_code, digits) AS region, level, cause, sum(families) AS families
    FROM village_causes, levels
    GROUP BY region, level, cause
), figures AS (
    SELECT region, level, unnest([
        {'indicator': 'sasaran', 'numerator': paid, 'denominator': paid},
        {'indicator': 'jumlah', 'numerator': exact, 'denominator': paid},
        {'indicator': 'jumlah_nilai', 'numerator': credited_rupiah, 'denominator': entitled_rupiah},
        {'indicator': 'waktu', 'numerator': on_time, 'denominator': entitled},
        {'indicator': 'administrasi', 'numerator': with_evidence, 'denominator': instructed},
        {'indicator': 'tersalur', 'numerator': paid, 'denominator': entitled},
        {'indicator': 'diambil_nilai', 'numerator': collected_rupiah, 'denominator': credited_rupiah},
        {'indicator': 'kembali_nilai', 'numerator': returned_rupiah, 'denominator': entitled_rupiah},
        {'indicator': 'lebih_nilai', 'numerator': excess_rupiah, 'denominator': entitled_rupiah},
        {'indicator': 'terbuka_nilai', 'numerator': open_rupiah, 'denominator': entitled_rupiah}
    ], recursive := true)
    FROM sums
    UNION ALL
    SELECT region, level, unnest([
        {'indicator': 'kuota_terisi', 'numerator': inside, 'denominator': quota},
        {'indicator': 'cakupan', 'numerator': paid, 'denominator': quota},
        {'indicator': 'dipertimbangkan', 'numerator': considered, 'denominator': NULL},
        {'indicator': 'menunggu', 'numerator': waiting, 'denominator': NULL},
        {'indicator': 'ditahan', 'numerator': held, 'denominator': NULL},
        {'indicator': 'harga', 'numerator': NULL, 'denominator': NULL},
        {'indicator': 'kualitas', 'numerator': NULL, 'denominator': NULL},
        {'indicator': 'sp2d', 'numerator': NULL, 'denominator': NULL}
    ], recursive := true)
    FROM placed
    UNION ALL
    SELECT c.region, c.level, 'sebab.' || c.cause, c.families, s.entitled
    FROM causes c LEFT JOIN sums s USING (region)
)
SELECT region AS region_code, level, indicator, numerator::BIGINT AS numerator, denominator::BIGINT AS denominator
FROM figures
