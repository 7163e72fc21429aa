-- Who was given which role is part of the record. The token's and password's digests stay out of it.
create function record_officer() returns trigger language plpgsql as $$
begin
    insert into audit_line (actor, verb, subject, details)
    values (acting(), lower(tg_op), 'access_officer', jsonb_build_object('id', new.id, 'area', new.area, 'active', new.is_active));
    return null;
end $$;
create trigger watched after insert or update on access_officer for each row execute function record_officer();
select watch('access_grant');

-- No person holds two roles that check each other, under any account: whoever grants, and however many grant at once.
create function refuse_incompatible_roles() returns trigger language plpgsql as $$
declare
    behind text := (select person from access_officer where id = new.officer_id);
begin
    perform pg_advisory_xact_lock(hashtextextended('person:' || behind, 1));
    if exists (
        select 1
        from (values ('planner', 'approver'), ('approver', 'disburser'), ('disburser', 'reconciler')) pair (one, other)
        join access_officer o on o.person = behind
        join access_grant g on g.officer_id = o.id and g.id <> new.id
        where (new.role, g.role) in ((pair.one, pair.other), (pair.other, pair.one))
    ) then
        raise exception 'one person may not hold role % beside another that it checks', new.role using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger incompatible before insert or update on access_grant for each row execute function refuse_incompatible_roles();

-- An account stays with its person, or two accounts of one person could be made to look like two people.
create function refuse_another_person() returns trigger language plpgsql as $$
begin
    raise exception 'an account stays with its person' using errcode = 'integrity_constraint_violation';
end $$;
create trigger person_stays before update on access_officer for each row when (old.person <> new.person) execute function refuse_another_person();

-- An account that was disabled stays so: what it did stays its own, and whoever comes back gets a new one for the same person.
create function refuse_return() returns trigger language plpgsql as $$
begin
    raise exception 'a disabled account never changes' using errcode = 'integrity_constraint_violation';
end $$;
create trigger disabled_stays before update on access_officer for each row
    when (not old.is_active and new is distinct from old) execute function refuse_return();
