-- Commitments move only with the ledger; the check on the line (committed <= ceiling) then refuses what the ceiling does not carry.
create function ledger_moves_commitment() returns trigger language plpgsql as $$
begin
    update budget_budgetline b
    set committed = b.committed + moved.rupiah
    from (
        select programme, year, sum(case when debit = 'committed' and credit = 'ceiling' then rupiah
                                         when debit = 'ceiling' and credit = 'committed' then -rupiah else 0 end)::bigint as rupiah
        from new_postings group by programme, year
    ) moved
    where b.programme = moved.programme and b.year = moved.year and moved.rupiah <> 0;
    return null;
end $$;
create trigger commitment after insert on budget_posting referencing new table as new_postings
    for each statement execute function ledger_moves_commitment();

select keep_forever('budget_posting');
select keep_forever('budget_ceilingrevision');
select watch('budget_budgetline');
select watch('budget_ceilingrevision');
select watch('budget_posting');
select protect_places('budget_posting', 'region_code');
select protect_country('budget_budgetline');
select protect_country('budget_ceilingrevision');
