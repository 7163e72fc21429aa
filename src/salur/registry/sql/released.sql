-- The families that a release takes: a living member, and no row about the family, its card or one of its members that waits.
create temp table released on commit drop as
with waiting as (
    select family_id from registry_review where state = 'OPEN' and family_id is not null
    union
    select c.family_id from registry_review r join registry_card c on c.no_kk = r.no_kk where r.state = 'OPEN'
    union
    select p.family_id from registry_review r join registry_person p on p.nik = r.nik where r.state = 'OPEN'
), living as (
    select distinct family_id from registry_person where civil_status <> 'MENINGGAL'
)
select f.family_id, f.region_code, f.decile
from registry_family f join living using (family_id) left join waiting w using (family_id)
where w.family_id is null;
analyze released;
