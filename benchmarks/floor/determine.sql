-- The list of one programme for the span: who is eligible, who is inside the quota of the regency, and why. No list came before it, so
-- nobody has kept a place and nobody has been held before today.
WITH judged AS (
    SELECT
        recipient_id, village_code, decile, excluded_occupation, holder_status,
        $adults AS adults,
        $components AS components,
        quotas.region_code AS quota_region,
        quotas.places,
        CASE
            WHEN excluded_occupation <> '' THEN 'PEKERJAAN'
            WHEN decile IS NULL THEN 'DESIL_TIDAK_DIKETAHUI'
            WHEN decile NOT BETWEEN 1 AND $decile_to THEN 'DESIL_DI_LUAR'
            WHEN components < 1 THEN 'TANPA_KOMPONEN'
            WHEN holder_status = 'MENINGGAL' THEN 'PENGURUS_MENINGGAL'
            WHEN holder_status = 'TIDAK_PADAN' THEN 'PENGURUS_TIDAK_PADAN'
            WHEN holder_status = 'GANDA' THEN 'PENGURUS_GANDA'
            WHEN holder_status = 'PINDAH' THEN 'PENGURUS_PINDAH'
            WHEN holder_status = 'BELUM_CEK' THEN 'PENGURUS_BELUM_CEK'
            WHEN adults < 1 OR holder_status = '' THEN 'TANPA_DEWASA'
            ELSE ''
        END AS unmet,
        unmet NOT IN ('PEKERJAAN', 'DESIL_TIDAK_DIKETAHUI', 'DESIL_DI_LUAR', 'TANPA_KOMPONEN') AS is_eligible,
        is_eligible AND quota_region IS NOT NULL AS may_rank
    FROM known LEFT JOIN quotas_$programme AS quotas ON quotas.region_code = left(village_code, 4)
), drawn AS (
    SELECT *, sha256('$secret:' || recipient_id) AS draw FROM judged WHERE may_rank
), ranked AS (
    SELECT
        * EXCLUDE (draw),
        left(draw, 16) AS draw,
        row_number() OVER (PARTITION BY quota_region ORDER BY decile, draw, recipient_id) AS rank,
        rank <= places AS is_inside
    FROM drawn
    UNION ALL BY NAME
    SELECT * FROM judged WHERE NOT may_rank
), placed AS (
    SELECT *, may_rank AND NOT is_inside AS is_waiting, is_eligible AND NOT may_rank AS is_without_quota FROM ranked
)
SELECT
    recipient_id,
    village_code,
    CASE
        WHEN NOT may_rank THEN 'not_admitted'
        WHEN is_waiting THEN 'waiting'
        WHEN unmet <> '' THEN 'held'
        ELSE 'admitted'
    END AS outcome,
    rank::BIGINT AS rank,
    CASE
        WHEN is_without_quota THEN 'TANPA_KUOTA'
        WHEN is_waiting THEN 'DI_BAWAH_GARIS_KUOTA'
        WHEN unmet <> '' THEN unmet
        ELSE 'DALAM_KUOTA'
    END AS reason,
    CASE
        WHEN unmet = '' OR is_waiting OR is_without_quota THEN '$article'
        WHEN unmet = 'PEKERJAAN' THEN 'SE 37/1.7/DI.02/1/2022 pengecualian pekerjaan'
        WHEN unmet IN ('DESIL_TIDAK_DIKETAHUI', 'DESIL_DI_LUAR') THEN 'Rentang desil sebelum DTSEN disamakan dengan 2025'
        WHEN unmet = 'TANPA_KOMPONEN' THEN 'Permensos 1/2018 keluarga dengan paling sedikit satu komponen'
        WHEN unmet = 'TANPA_DEWASA' THEN 'Ketentuan penggantian pengurus berusia 17 tahun'
        ELSE 'Permensos 3/2021 kriteria keutuhan data'
    END AS article,
    '{' || CASE
        WHEN unmet = '' THEN '"excluded_occupation":"","decile":' || decile || ',"decile_from":1,"decile_to":$decile_to' || $looked_at
        WHEN unmet = 'PEKERJAAN' THEN '"excluded_occupation":"' || excluded_occupation || '"'
        WHEN unmet = 'DESIL_TIDAK_DIKETAHUI' THEN '"decile":null'
        WHEN unmet = 'DESIL_DI_LUAR' THEN '"decile":' || decile || ',"decile_from":1,"decile_to":$decile_to'
        WHEN unmet = 'TANPA_KOMPONEN' THEN '"components":' || components || ',"components_at_least":1'
        WHEN unmet = 'TANPA_DEWASA' THEN '"adults":' || adults || ',"adults_at_least":1,"holder_status":"' || holder_status || '"'
        ELSE '"holder_status":"' || holder_status || '"'
    END || CASE
        WHEN may_rank
            THEN ',"peringkat":' || rank || ',"kuota":' || places || ',"wilayah_kuota":"' || quota_region || '","undian":"' || draw || '"'
        ELSE ''
    END || '}' AS numbers,
    coalesce(quota_region, '') AS quota_region,
    CASE WHEN is_inside AND unmet <> '' THEN $today END::INTEGER AS held_since
FROM placed
