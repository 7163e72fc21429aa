"""Made-up lists of any length, sealed as the runs of a cycle would seal them: what is due, what became of it, and what changed since."""

from __future__ import annotations

from salur.foundation.engine.on_duckdb import OnDuckDB
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Sealing
from salur.foundation.regions import codes
from salur.foundation.vocabulary.region_code import Level
from salur.foundation.vocabulary.span import Span, spans
from salur.foundation.vocabulary.tables import Table

STEP = "bench.loading/1"

# One row a family, spread evenly over the villages. Multiplied by an odd number modulo a power of two, the numbers become
# ids that look random and never meet. The first file has told of all but some one in thirty and of those that change.
ROWS = """
create or replace temp view numbered as
select code as region_code, number,
    ((number + 1)::hugeint * 7046029254386353131 % 4611686018427387904)::bigint as recipient_id,
    200000 + 25000 * (number % 8) as amount,
    number * getvariable('changes') // getvariable('rows') <> (number + 1) * getvariable('changes') // getvariable('rows') as changes
from (select code, unnest(range(first, first + n)) as number from villages where code >= '{start}' and code < '{end}');

create or replace temp view entitlements as
select recipient_id, region_code, '{{"INDEKS":' || amount || '}}' as component_rupiah, amount as amount_rupiah,
    case when number % 50 = 0 then null else recipient_id * 2 + 1 end as holder_id
from numbered;

create or replace temp view settlement as
select recipient_id, 1::smallint as attempt,
    'SEMBAKO-2023-05-' || lpad(recipient_id::varchar, 19, '0') || '-1-' || lpad((recipient_id % 97)::varchar, 2, '0') as id_instruksi,
    region_code, ['BRI', 'BNI', 'MANDIRI', 'BTN', 'POS'][1 + number % 5] as channel,
    case when is_open then 'FAILED' when number % 2 = 0 then 'COLLECTED' else 'CREDITED' end as state,
    amount as instructed_rupiah, case when is_open then 0 else amount end as credited_rupiah,
    case when is_open or number % 2 = 1 then 0 else amount end as collected_rupiah,
    0 as returned_rupiah, 0 as excess_rupiah, case when is_open then amount else 0 end as open_rupiah,
    case when is_open then 'REKENING_PASIF' else '' end as reason,
    case when is_open then null else 1683000000000 + number % 2000000000 end as credited_at_ms, true as has_proof
from (select *, case when changes then not getvariable('second') else number % 31 = 0 end as is_open from numbered);
"""


def lay_out(run: OnDuckDB, rows: int, changes: int) -> list[Span]:
    """The villages with their families; gives the spans by which such a list is cut."""
    villages = codes.codes_of(Level.VILLAGE)
    shared = [rows * (nth + 1) // len(villages) - rows * nth // len(villages) for nth in range(len(villages))]
    regencies: dict[str, int] = {}
    for code, here in zip(villages, shared, strict=True):
        regencies[code[:4]] = regencies.get(code[:4], 0) + here
    run.connection.raw_sql(f"set variable rows = {rows}::bigint; set variable changes = {changes}::bigint")
    run.connection.raw_sql("create temp table villages (code varchar, first bigint, n bigint)")
    values = ", ".join(
        f"('{code}', {rows * nth // len(villages)}, {here})"
        for nth, (code, here) in enumerate(zip(villages, shared, strict=True))
        if here
    )
    run.connection.raw_sql(f"insert into villages values {values}")
    return spans({code: here for code, here in regencies.items() if here})


def sealed(run: OnDuckDB, table: Table, view: str, cut: list[Span], *, name: str, is_second: bool = False) -> Dataset:
    """The rows of a view, sealed span by span."""
    run.connection.raw_sql(f"set variable second = {str(is_second).lower()}")
    with Sealing(run, table, step=STEP, by="bench", parameters={"name": name}) as sealing:
        for span in cut:
            run.connection.raw_sql(ROWS.format(start=span.start, end=span.end))
            sealing.write(run.connection.table(view), span)
        return sealing.list()
