-- Every holder of a cycle's entitlements, at each place of them, with the newest versions of name and account.
select distinct e.region_code, p.person_id, p.version as person_version, a.version as account_version, coalesce(a.bank, '') as bank, coalesce(a.status, '') as status
from entitlement e join registry_person p on p.person_id = e.holder_id
left join registry_account a on a.person_id = p.person_id and a.is_current
where e.period_id in (select id from cycles_paymentperiod where cycle_id = %s)
