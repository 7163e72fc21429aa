-- What a release says about families without a head.
create or replace temp view finding_rows as
select code as region_code, family_id(dice(r, 5), j, n, number) as recipient_id, 'registry' as step, 'TANPA_KEPALA' as reason, '' as article,
    '{}' as numbers
from households where not has_head;
