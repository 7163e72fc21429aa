-- Where valid rows wait for the merge. Unlogged: a crash loses nothing that the archive does not hold.
-- `decision` stays empty for a row that is taken; `is_decided` marks a row that a person has accepted.
-- families
create unlogged table {stage} (
    file_id bigint, baris bigint, no_kk text, no_kk_lama text, region_code text collate "C", address text, decile smallint,
    details text, new_family_id bigint, content text, family_id bigint, decision text, reason text, review_id bigint, is_decided boolean);
-- persons
create unlogged table {stage} (
    file_id bigint, baris bigint, nik text, no_kk text, person_id bigint, name text, birth_date date, sex text, relation text,
    civil_status text, school text, is_pregnant boolean, is_severely_disabled boolean, occupation text, birth_differs boolean,
    sex_differs boolean, occupation_class text, name_key text collate "C", content text, family_id bigint,
    region_code text collate "C", decision text, reason text, review_id bigint, is_decided boolean);
-- accounts
create unlogged table {stage} (
    file_id bigint, baris bigint, nik text, person_id bigint, bank text, number text, holder_name text, holder_key text, status text,
    unusual_length boolean, content text, family_id bigint, region_code text collate "C", name_differs boolean, decision text,
    reason text, review_id bigint, is_decided boolean);
-- fallen
create unlogged table {stage} (file_id bigint, baris bigint, no_kk text, nik text);
