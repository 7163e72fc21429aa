-- Only rows that changed are written; {stage} holds them, in the order in which the rows lie.
insert into settlement (cycle_id, recipient_id, attempt, id_instruksi, region_code, channel, state, instructed_rupiah, credited_rupiah,
    collected_rupiah, returned_rupiah, excess_rupiah, open_rupiah, reason, credited_at_ms, has_proof)
select cycle_id, recipient_id, attempt, id_instruksi, region_code, channel, state, instructed_rupiah, credited_rupiah,
    collected_rupiah, returned_rupiah, excess_rupiah, open_rupiah, reason, credited_at_ms, has_proof from {stage}
where not is_gone
on conflict (cycle_id, recipient_id, attempt) do update set state = excluded.state, instructed_rupiah = excluded.instructed_rupiah,
    credited_rupiah = excluded.credited_rupiah, collected_rupiah = excluded.collected_rupiah,
    returned_rupiah = excluded.returned_rupiah, excess_rupiah = excluded.excess_rupiah, open_rupiah = excluded.open_rupiah,
    reason = excluded.reason, credited_at_ms = excluded.credited_at_ms, has_proof = excluded.has_proof
