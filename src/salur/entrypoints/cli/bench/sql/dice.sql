-- Chance without random(): whole numbers stirred by multiplying and keeping the middle 31 bits, the same on every version of the engine.
create or replace temp macro stirred(x, factor) as ((x * factor) >> 17) & 2147483647;
create or replace temp macro dice(x, salt) as
    stirred(xor(stirred(xor(stirred(xor(x, (salt * 40503001 + getvariable('seed')::bigint) & 2147483647), 2654435769), 1442695040), 2246822519), 715827883),
            3266489917);

-- Ids look like digests and are unique by their form. A family's: its place among the families of its village in the high 46 bits,
-- the village in the low 17. A person's: the seat in the family in the high 36 bits, the family's number stirred into the low 27.
create or replace temp macro family_id(luck, j, n, village) as
    ((j * (70368744177664 // n) + luck * ((70368744177664 // n) >> 31)) << 17) | (((village + 1) * 40503) & 131071);
create or replace temp macro person_id(r, seat, size) as
    ((seat * (68719476736 // size) + dice(r * 9 + seat, 11) * (32 // size)) << 27) | (((r + 1) * 83492791) & 134217727);

create or replace temp macro civil_status(luck) as
    case when luck < 9600 then 'PADAN' when luck < 9760 then 'TIDAK_PADAN' when luck < 9880 then 'BELUM_CEK' when luck < 9930 then 'MENINGGAL'
         when luck < 9970 then 'GANDA' else 'PINDAH' end;
create or replace temp macro civil_luck(r, role) as dice(r * 9 + role, 12) % 10000;
create or replace temp macro is_dead(r, role) as civil_luck(r, role) >= 9880 and civil_luck(r, role) < 9930;
