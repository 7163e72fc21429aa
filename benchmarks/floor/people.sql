-- Nothing but reading: each column that features use. Sums, because smallest and greatest would be answered by the statistics of the file.
SELECT
    bit_xor(recipient_id), sum(birth_date - DATE '1900-01-01'), sum(length(civil_status)), sum(length(school)), sum(length(occupation)),
    count(*) FILTER (WHERE is_pregnant), count(*) FILTER (WHERE is_severely_disabled)
FROM persons
