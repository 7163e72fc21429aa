"""Write the lists of a cycle as CSV, in the area of whoever asks."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import psycopg
import pyarrow as pa

from salur.cycles.actions import approval
from salur.cycles.models import Cycle
from salur.delivery.models import Batch
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.home import outgoing
from salur.foundation.database.load import read_arrow
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.vocabulary.region_code import area_bounds
from salur.reconciliation.models import Reconciliation

LISTS = ("enrolment", "entitlements", "instructions", "settlement", "findings", "ledger")
INSTRUCTIONS = {
    "id_instruksi": pa.string(), "recipient_id": pa.int64(), "kanal": pa.string(), "regency": pa.string(), "amount_rupiah": pa.int64(),
    "attempt": pa.int16(),
}  # fmt: skip
SETTLEMENT = {
    "id_instruksi": pa.string(), "recipient_id": pa.int64(), "state": pa.string(), "credited_rupiah": pa.int64(),
    "collected_rupiah": pa.int64(), "returned_rupiah": pa.int64(), "excess_rupiah": pa.int64(), "open_rupiah": pa.int64(),
    "reason": pa.string(),
}  # fmt: skip
LEDGER = {
    "posting_id": pa.int64(), "day": pa.date32(), "debit": pa.string(), "credit": pa.string(), "rupiah": pa.int64(), "cycle": pa.string(),
    "regency": pa.string(), "kanal": pa.string(),
}  # fmt: skip


def export(code: str, out: Path, *, by: Actor, identity: bool = False, dry_run: bool = False) -> dict[str, object]:
    """enrolment, entitlements, instructions, settlement, findings and ledger of a cycle; rows outside the area are not there.

    With `identity` each family's row carries its no_kk: a permission of its own, and logged. With `dry_run` the files are only named.
    """
    by.require("export")
    if identity:
        by.require("export.identity")
    cycle = approval.find(code)
    files = {name: str(out / f"{name}.csv") for name in LISTS}
    told = {"cycle": code, "area": by.area, "identity": identity, "files": files}
    if dry_run:
        return told
    outgoing(out)
    with connect("app") as app, engine() as run:
        app.execute("select set_config('salur.actor', %s, true)", [str(by.id)])
        cards = (
            _read(
                app,
                run,
                "select family_id, no_kk from registry_family",
                {"family_id": pa.int64(), "no_kk": pa.string()},
            )
            if identity
            else None
        )
        tables = {
            "enrolment": (_enrolment(run, cycle, by), ["recipient_id", "periode"]),
            "entitlements": (_entitlements(run, cycle, by), ["recipient_id", "periode"]),
            "instructions": (_instructions(app, run, cycle), ["recipient_id", "attempt"]),
            "settlement": (_settlement(app, run, cycle), ["recipient_id", "id_instruksi"]),
            "findings": (_findings(run, cycle, by), ["recipient_id", "step", "reason", "numbers"]),
            "ledger": (_ledger(app, run, cycle), ["posting_id"]),
        }
        for name, (rows, order) in tables.items():
            file = Path(files[name])
            file.unlink(missing_ok=True)
            file.touch(mode=0o600)
            run.write_csv(_with_card(rows, cards), file, order)
    audit.record("cycle.exported", code, by=by.name, area=by.area, identity=identity)
    return told


def _with_card(rows: ir.Table, cards: ir.Table | None) -> ir.Table:
    if cards is None or "recipient_id" not in rows.columns:
        return rows
    return rows.left_join(cards, [("recipient_id", "family_id")]).select(*rows.columns, "no_kk")


def _inside(rows: ir.Table, column: str, by: Actor) -> ir.Table:
    """Rows of the lake have no policy: the same bounds as the database's are applied here."""
    low, high = area_bounds(by.area)
    return rows.filter((rows[column] >= low) & (rows[column] < high))


def _union(tables: list[ir.Table]) -> ir.Table:
    return tables[0].union(*tables[1:]) if len(tables) > 1 else tables[0]


def _enrolment(run: Engine, cycle: Cycle, by: Actor) -> ir.Table:
    tables = []
    for period in cycle.periods.select_related("determination__listed"):
        rows = _inside(lake.read(run, period.determination.listed), "village_code", by)
        tables.append(
            rows.select(
                "recipient_id",
                kode_desa=rows.village_code,
                program=run.text(cycle.programme),
                periode=run.text(period.period),
                outcome=rows.outcome,
                rank=rows["rank"],
                reason=rows.reason,
                article=rows.article,
                numbers=rows.numbers,
            )  # fmt: skip
        )
    return _union(tables)


def _entitlements(run: Engine, cycle: Cycle, by: Actor) -> ir.Table:
    tables = []
    for period in cycle.periods.select_related("entitled"):
        rows = _inside(lake.read(run, period.entitled), "region_code", by)
        tables.append(
            rows.select(
                "recipient_id",
                program=run.text(cycle.programme),
                periode=run.text(period.period),
                component_rupiah=rows.component_rupiah,
                amount_rupiah=rows.amount_rupiah,
            )  # fmt: skip
        )
    return _union(tables)


def _instructions(app: psycopg.Connection, run: Engine, cycle: Cycle) -> ir.Table:
    query = """select id_instruksi, recipient_id, channel as kanal, left(region_code, 4) as regency, amount_rupiah, attempt
               from instruction where cycle_id = %s"""
    return _read(app, run, query, INSTRUCTIONS, [cycle.pk])


def _settlement(app: psycopg.Connection, run: Engine, cycle: Cycle) -> ir.Table:
    query = f"select {', '.join(SETTLEMENT)} from settlement where cycle_id = %s"
    return _read(app, run, query, SETTLEMENT, [cycle.pk])


def _ledger(app: psycopg.Connection, run: Engine, cycle: Cycle) -> ir.Table:
    query = """select id as posting_id, day, debit, credit, rupiah, cycle, region_code as regency, channel as kanal
               from budget_posting where cycle = %s"""
    return _read(app, run, query, LEDGER, [cycle.code])


def _findings(run: Engine, cycle: Cycle, by: Actor) -> ir.Table:
    """What the register, the routing and the reconciliation noticed about the families of the area."""
    names = ["recipient_id", "step", "reason", "article", "numbers"]
    release = approval.first_period(cycle).determination.release
    families = _inside(lake.read(run, release.families), "village_code", by).select(inside_id="recipient_id")
    tables = [lake.read(run, release.findings).select(*names)]
    tables += [
        lake.read(run, batch.fallen_out).select(*names)
        for batch in Batch.objects.filter(cycle=cycle).select_related("fallen_out")
    ]
    done = Reconciliation.objects.filter(cycle=cycle).select_related("exceptions").order_by("-pk").first()
    if done:
        found = lake.read(run, done.exceptions)
        tables.append(
            found.select(
                "recipient_id",
                step=run.text("reconciliation"),
                reason=found.cause,
                article=run.text(""),
                numbers=run.text('{"rupiah":')
                + found.rupiah.cast("string")
                + ',"percobaan":'
                + found.attempt.cast("string")
                + ',"tempat":"'
                + found.detail
                + '"}',
            )  # fmt: skip
        )
    rows = _union(tables)
    inside = rows.semi_join(families, [("recipient_id", "inside_id")])
    return rows.filter(rows.recipient_id == 0).union(inside) if by.area == "00" else inside


def _read(
    app: psycopg.Connection, run: Engine, query: str, types: dict[str, pa.DataType], parameters: list | None = None
) -> ir.Table:
    schema = pa.schema(list(types.items()))
    return run.given(pa.RecordBatchReader.from_batches(schema, read_arrow(app, query, parameters, schema)))
