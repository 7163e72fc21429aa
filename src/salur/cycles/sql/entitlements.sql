-- The key refuses a second entitlement of a recipient in a payment period, whichever cycle asks; partitions are attached by runs.
create table entitlement (
    period_id bigint not null,
    recipient_id bigint not null,
    cycle_id bigint not null,
    region_code text collate "C" not null,
    component_rupiah text not null,
    amount_rupiah bigint not null check (amount_rupiah > 0),
    holder_id bigint,
    primary key (period_id, recipient_id)
) partition by list (period_id);
create index entitlement_region on entitlement (region_code, recipient_id);

-- Months of one programme are owed once. Ranges of both columns, because gist over plain numbers needs an extension that the
-- embedded server lacks.
alter table cycles_paymentperiod add constraint periods_never_overlap exclude using gist (
    int4range(programme_id::int, programme_id::int, '[]') with &&,
    int4range(first_month, end_month) with &&);

-- Approved is who has approved the digest that the list has.
alter table cycles_cycle add constraint approved_as_seen check (
    (state in ('DRAFT', 'SUBMITTED', 'SENT_BACK')) = (approved_digest = '') and approved_digest in ('', list_digest));

-- Once a list is approved its figures stand; a cycle that was approved never goes back to a draft.
create function cycle_moves_forward() returns trigger language plpgsql as $$
begin
    if old.approved_digest <> '' and (new.approved_digest <> old.approved_digest or new.list_digest <> old.list_digest
        or new.entitled_rupiah <> old.entitled_rupiah or new.entitlements <> old.entitlements
        or new.state in ('DRAFT', 'SUBMITTED', 'SENT_BACK')) then
        raise exception 'cycle % is approved and sealed', old.code using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger forward before update on cycles_cycle for each row execute function cycle_moves_forward();

create function sealed_entitlement() returns trigger language plpgsql as $$
begin
    if exists (select 1 from cycles_cycle where id in (old.cycle_id, new.cycle_id) and approved_digest <> '') then
        raise exception 'an approved list is never changed' using errcode = 'integrity_constraint_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger sealed before insert or update or delete on entitlement for each row execute function sealed_entitlement();
create trigger sealed_whole before truncate on entitlement for each statement execute function refuse_change();

select protect_families('entitlement', 'region_code');
select protect_places('cycles_control', 'region_code');
select watch('cycles_cycle');
-- Which cycles there are and where they stand is for all; their counts and rupiah speak of the whole country.
grant select (id, code, programme, state, opened_at, submitted_at, approved_at) on cycles_cycle to salur_app, salur_read;
grant select on cycles_paymentperiod to salur_app, salur_read;
