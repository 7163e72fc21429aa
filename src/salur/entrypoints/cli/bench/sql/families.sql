-- Families in order of village and id.
create or replace temp view family_rows as
select family_id(dice(r, 5), j, n, number) as recipient_id, code as village_code, decile,
    person_id(r, (size - turned + holder_role) % size, size) as holder_id,
    case when holder_role is null then '' else civil_status(civil_luck(r, holder_role)) end as holder_status
from households;
