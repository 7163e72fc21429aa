-- What is sealed of the settled.
SELECT
    recipient_id, attempt, id_instruksi, region_code, channel, state, instructed_rupiah, credited_rupiah, collected_rupiah, returned_rupiah,
    excess_rupiah, open_rupiah, reason, credited_at_ms, has_proof
FROM settled
