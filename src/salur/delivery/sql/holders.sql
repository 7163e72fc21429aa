-- Every holder of a cycle's entitlements with the newest versions of name and account.
select p.person_id, p.version as person_version, a.version as account_version, coalesce(a.bank, '') as bank, coalesce(a.status, '') as status
from registry_person p
left join registry_account a on a.person_id = p.person_id and a.is_current
where p.person_id in (select holder_id from entitlement where period_id in (select id from cycles_paymentperiod where cycle_id = %s))
order by p.person_id
