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

create trigger kept before update or delete on instruction for each row execute function refuse_change();

select protect_families('instruction', 'region_code');
select protect_places('delivery_sentfile', 'region_code');
select keep_forever('delivery_resultfile');
select watch('delivery_batch');
select watch('delivery_resultfile');
grant select on delivery_channel to salur_app, salur_read;
