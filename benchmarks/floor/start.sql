-- Minutes ahead of UTC at a place; nowhere keeps the time of the capital.
CREATE TEMP MACRO zone_minutes(region_code) AS
    CASE
        WHEN left(region_code, 2) IN ('51', '52', '53', '63', '64', '65', '71', '72', '73', '74', '75', '76') THEN 480
        WHEN left(region_code, 1) IN ('8', '9') THEN 540
        ELSE 420
    END;

-- A moment in milliseconds since 1970: what the clock on the wall said, less the offset stated or that of the place.
CREATE TEMP MACRO utc_ms(wall_ms, stated_minutes, region_code) AS
    wall_ms - coalesce(stated_minutes, zone_minutes(region_code)) * 60000;

-- A proof that was not given is made of moment and amount; no given one may look like that.
CREATE TEMP MACRO known_proof(proof, at_ms, amount_rupiah) AS
    CASE WHEN proof = '' THEN '~' || at_ms || '~' || amount_rupiah WHEN proof[1] = '~' THEN '~' || proof ELSE proof END;

-- Whether an id of this form carries the check digits of ISO 7064 MOD 97-10: every letter counts as 10 to 35, other signs are skipped.
CREATE TEMP MACRO check_agrees(id_instruksi) AS
    98 - list_reduce(
        list_transform(
            list_filter(string_split(left(id_instruksi, -2) || '00', ''), lambda sign: regexp_full_match(sign, '[A-Z0-9]')),
            lambda sign: CASE WHEN sign <= '9' THEN ord(sign) - 48 ELSE ord(sign) - 55 END
        ),
        lambda remainder, value: (remainder * CASE WHEN value < 10 THEN 10 ELSE 100 END + value) % 97,
        0
    ) = TRY_CAST(right(id_instruksi, 2) AS INTEGER);

-- The code of the place around another at a level that is told by its digits, of which the country has none.
CREATE TEMP MACRO region_at(region_code, digits) AS CASE digits WHEN 0 THEN '00' ELSE left(region_code, digits) END;

CREATE TEMP TABLE strangers (
    file VARCHAR, line BIGINT, kind VARCHAR, amount_rupiah BIGINT, at_ms BIGINT, proof VARCHAR, has_proof BOOLEAN, reason VARCHAR,
    problem VARCHAR, note VARCHAR, stranger VARCHAR
);
CREATE TEMP TABLE village_sums (
    region_code VARCHAR, entitled BIGINT, instructed BIGINT, paid BIGINT, exact BIGINT, on_time BIGINT, with_evidence BIGINT,
    entitled_rupiah BIGINT, credited_rupiah BIGINT, collected_rupiah BIGINT, returned_rupiah BIGINT, excess_rupiah BIGINT, open_rupiah BIGINT
);
CREATE TEMP TABLE village_places (region_code VARCHAR, considered BIGINT, inside BIGINT, waiting BIGINT, held BIGINT);
CREATE TEMP TABLE village_causes (region_code VARCHAR, cause VARCHAR, families BIGINT);
