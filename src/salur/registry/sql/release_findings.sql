-- What the register noticed about families that are released.
select f.family_id as recipient_id, 'registry' as step, g.code as reason, '' as article,
       case when g.person_id is null then '{"baris": ' || g.baris || '}' else '{"anggota": ' || g.person_id || '}' end as numbers
from registry_finding g
join registry_family f on f.family_id = coalesce(g.family_id, (select c.family_id from registry_card c where c.no_kk = g.no_kk))
where {released}
union
select f.family_id, 'registry', 'TANPA_KEPALA', '', '{}'
from registry_family f
where {released} and not exists (select 1 from registry_person p where p.family_id = f.family_id and p.relation = 'KEPALA')
