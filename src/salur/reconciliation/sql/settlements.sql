-- The newest state of each instruction; a run rewrites only the rows that changed. The sealed datasets are its history.
create table settlement (
    cycle_id bigint not null,
    recipient_id bigint not null,
    attempt smallint not null,
    id_instruksi text not null,
    region_code text collate "C" not null,
    channel text not null,
    state text not null,
    instructed_rupiah bigint not null,
    credited_rupiah bigint not null,
    collected_rupiah bigint not null,
    returned_rupiah bigint not null,
    excess_rupiah bigint not null,
    open_rupiah bigint not null,
    reason text not null,
    credited_at_ms bigint,
    has_proof boolean not null,
    primary key (cycle_id, recipient_id, attempt),
    check (instructed_rupiah + excess_rupiah = credited_rupiah + returned_rupiah + open_rupiah),
    check (collected_rupiah <= credited_rupiah),
    check (least(credited_rupiah, collected_rupiah, returned_rupiah, excess_rupiah, open_rupiah) >= 0)
) partition by list (cycle_id);
create index settlement_region on settlement (cycle_id, region_code);

select protect_families('settlement', 'region_code');
select watch('reconciliation_reconciliation');
