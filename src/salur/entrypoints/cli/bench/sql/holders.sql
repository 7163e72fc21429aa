-- The holders of the families that a list can reach (deciles 1 to 5), each with the account at the bank that serves the regency; in every
-- hundred some other bank, some account that takes no money, some without.
create or replace temp view holder_rows as
with known as (
    select code, person_id(r, (size - turned + holder_role) % size, size) as person_id, owner is not null as has_account, channel, account_luck as luck
    from households where decile <= 5 and holder_role is not null
)
select code as region_code, person_id, 1 as person_version, case when has_account then 1 end as account_version,
    case when not has_account then '' when luck >= 980 then case channel when 'BRI' then 'BNI' else 'BRI' end else channel end as bank,
    case when not has_account then '' when luck < 950 then 'AKTIF' when luck < 965 then 'PASIF' when luck < 970 then 'TUTUP' when luck < 973 then 'BLOKIR'
         when luck < 980 then 'PROSES' else 'AKTIF' end as status
from known
order by region_code, person_id;
