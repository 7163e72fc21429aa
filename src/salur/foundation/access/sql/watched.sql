-- Who was given which role is part of the record. The token's and password's digests stay out of it.
create function record_officer() returns trigger language plpgsql as $$
begin
    insert into audit_line (actor, verb, subject, details)
    values (acting(), lower(tg_op), 'access_officer', jsonb_build_object('id', new.id, 'area', new.area, 'active', new.is_active));
    return null;
end $$;
create trigger watched after insert or update on access_officer for each row execute function record_officer();
select watch('access_grant');
