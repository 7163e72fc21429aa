-- Rows that wait, oldest first, each with the fields in which it differs from the record or from the other row of the same key.
-- A person on record carries no card: of the same family it is the one that the row names, be it an earlier one.
select r.id, r.kind, r.reason, r.nik, r.no_kk, r.region_code, r.file_id as file, r.baris, r.opened_at, d.differs
from registry_review r
left join lateral (
    select to_jsonb(p) || jsonb_build_object('no_kk', case when p.family_id = r.family_id then r.no_kk else f.no_kk end) as other
    from registry_person p join registry_family f on f.family_id = p.family_id
    where r.kind = 'persons' and p.nik = r.nik and r.file_id is not null
    union all
    select o.given || jsonb_build_object('no_kk', o.no_kk) from registry_review o
    where o.state = 'OPEN' and o.kind = r.kind and o.id <> r.id and coalesce(o.nik, o.no_kk) = coalesce(r.nik, r.no_kk)
    limit 1) o on true
left join lateral (
    select array_agg(field order by field) as differs from unnest(%(fields)s::text[]) field
    where (r.given || jsonb_build_object('no_kk', r.no_kk)) ->> field is distinct from o.other ->> field and o.other is not null) d on true
where r.state = 'OPEN' and starts_with(r.region_code, %(region)s) and (%(reason)s = '' or r.reason = %(reason)s)
order by r.id
limit %(limit)s
