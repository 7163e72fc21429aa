-- Rows whose key is no more, in one statement however many they are.
delete from settlement s using {stage} g
where g.is_gone and s.cycle_id = %s and s.recipient_id = g.recipient_id and s.attempt = g.attempt
