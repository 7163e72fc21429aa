-- A function is nobody's until a grant names somebody: PostgreSQL would let everybody call it. Triggers run all the same.
alter default privileges revoke execute on functions from public;

-- History must not depend on the program that writes: triggers record every change of a record, and nothing may be edited.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed or deleted', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create function keep_forever(relation regclass) returns void language plpgsql as $$
begin
    execute format('create trigger kept before update or delete on %s for each row execute function refuse_change()', relation);
    execute format('create trigger kept_whole before truncate on %s for each statement execute function refuse_change()', relation);
end $$;

-- The officer on whose behalf this session or transaction works.
create function acting() returns text language sql stable as $$
    select coalesce(nullif(current_setting('salur.officer', true), ''), 'system:' || session_user)
$$;

create function record_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into audit_line (actor, verb, subject, details)
        select acting(), 'inserted', tg_table_name, jsonb_build_object('after', to_jsonb(n)) from changed_after n;
    elsif tg_op = 'DELETE' then
        insert into audit_line (actor, verb, subject, details)
        select acting(), 'deleted', tg_table_name, jsonb_build_object('before', to_jsonb(o)) from changed_before o;
    else
        insert into audit_line (actor, verb, subject, details)
        select acting(), 'updated', tg_table_name, jsonb_build_object('before', to_jsonb(o), 'after', to_jsonb(n))
        from changed_before o join changed_after n on n.id = o.id where o is distinct from n;
    end if;
    return null;
end $$;

-- Watch a table of records: it must have a column id.
create function watch(relation regclass) returns void language plpgsql as $$
begin
    execute format('create trigger watched_insert after insert on %s referencing new table as changed_after for each statement execute function record_change()', relation);
    execute format('create trigger watched_update after update on %s referencing old table as changed_before new table as changed_after for each statement execute function record_change()', relation);
    execute format('create trigger watched_delete after delete on %s referencing old table as changed_before for each statement execute function record_change()', relation);
end $$;

-- As JSON, so that no text can be moved from one column to its neighbour under the same digest.
create function line_text(l audit_line) returns text language sql immutable as $$
    select jsonb_build_array(l.id, (extract(epoch from l.at) * 1000000)::bigint, l.actor, l.verb, l.subject, l.details)::text
$$;

create function block_digest(previous text, first_id bigint, last_id bigint) returns text language sql stable as $$
    select encode(sha256(convert_to(previous || coalesce(string_agg(line_text(l), E'\n' order by l.id), ''), 'UTF8')), 'hex')
    from audit_line l where l.id between first_id and last_id
$$;

-- Close what is finished. The lock waits for nobody: when a run is still writing lines, the next action closes the block. It also
-- excludes itself, so that of two that close at once one closes and the other finds it done.
create function close_block() returns text language plpgsql as $$
declare
    head audit_block;
    last_id bigint;
begin
    begin
        lock table audit_line in share row exclusive mode nowait;
    exception when lock_not_available then
        return (select digest from audit_block order by id desc limit 1);
    end;
    select * into head from audit_block order by id desc limit 1;
    select max(id) into last_id from audit_line where id > coalesce(head.last_line, 0);
    if last_id is null then
        return head.digest;
    end if;
    insert into audit_block (first_line, last_line, previous, digest)
    values (coalesce(head.last_line, 0) + 1, last_id, coalesce(head.digest, ''),
            block_digest(coalesce(head.digest, ''), coalesce(head.last_line, 0) + 1, last_id))
    returning digest into head.digest;
    return head.digest;
end $$;

-- Blocks that no longer agree with their lines or their predecessor.
create function broken_blocks() returns table (block bigint, expected text, found text) language sql stable as $$
    select b.id, b.digest, case when b.previous <> coalesce(p.digest, '') then coalesce(p.digest, '') else now.digest end
    from audit_block b
    cross join lateral (select block_digest(b.previous, b.first_line, b.last_line) as digest) now
    left join audit_block p on p.last_line = b.first_line - 1
    where b.digest <> now.digest or b.previous <> coalesce(p.digest, '')
    order by b.id
$$;

select keep_forever('audit_line');
select keep_forever('audit_block');
