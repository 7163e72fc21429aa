-- One file: names and accounts in the versions the instruction holds; a name that a spreadsheet would take for a formula is made text.
select i.id_instruksi, %(programme)s::text as program, %(periods)s::text as periode, i.region_code as kode_wilayah, i.channel as kanal,
       p.nik, case when p.name ~ '^[=+@\t\r-]' then '''' || p.name else p.name end as nama, coalesce(a.number, '') as nomor_rekening,
       i.amount_rupiah as jumlah
from {stage} i
join lateral (
    select nik, name from registry_person where person_id = i.holder_id and version = i.holder_version
    union all
    select nik, name from registry_person_past where person_id = i.holder_id and version = i.holder_version
    limit 1) p on true
left join registry_account a on a.person_id = i.holder_id and a.version = i.account_version
where i.channel = %(channel)s and left(i.region_code, 4) = %(regency)s
order by i.id_instruksi
