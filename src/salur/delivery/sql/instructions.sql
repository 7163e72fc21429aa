-- One row for each attempt to hand a recipient the money of a cycle; partitions by cycle are attached by runs.
create table instruction (
    cycle_id bigint not null,
    recipient_id bigint not null,
    attempt smallint not null,
    id_instruksi text not null,
    region_code text collate "C" not null,
    channel text not null,
    holder_id bigint not null,
    holder_version int not null,
    account_version int,
    amount_rupiah bigint not null check (amount_rupiah > 0),
    primary key (cycle_id, recipient_id, attempt)
) partition by list (cycle_id);
create index instruction_file on instruction (cycle_id, attempt, channel, region_code);

select keep_forever('instruction');

create function refuse_unapproved() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from cycles_cycle where id = new.cycle_id and approved_digest <> '') then
        raise exception 'only an approved list is instructed' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger approved before insert on delivery_batch for each row execute function refuse_unapproved();

-- Money leaves by a third person's hand: neither who made the list nor who approved it.
create function refuse_second_hand() returns trigger language plpgsql as $$
begin
    if new.released_person in (select unnest(array[opened_person, submitted_person, approved_person]) from cycles_cycle where id = new.cycle_id) then
        raise exception 'instructions are released by a third person' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger third_person before insert or update on delivery_batch for each row when (new.released_person <> '')
    execute function refuse_second_hand();

select protect_families('instruction', 'region_code');
select protect_places('delivery_sentfile', 'region_code');
select keep_forever('delivery_resultfile');
select watch('delivery_batch');
select watch('delivery_resultfile');
grant select on delivery_channel to salur_app, salur_read;
