"""Audit a cycle: recompute from sealed inputs, compare the records with what was sealed, and name each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.db import connection

from salur.budget import ledger
from salur.budget.models import Account
from salur.cycles import build
from salur.cycles.actions import approval
from salur.cycles.models import Cycle, PaymentPeriod
from salur.cycles.tables import ENTITLEMENTS
from salur.delivery import prepare
from salur.delivery.models import Batch, ResultFile, SentFile
from salur.delivery.tables import INSTRUCTIONS
from salur.enrolment import listing
from salur.enrolment.listing import Files
from salur.enrolment.models import Determination
from salur.enrolment.tables import COUNTS, LIST
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.load import read_arrow
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import archive
from salur.foundation.lake import read as lake
from salur.foundation.lake.digest import KeyNotRising, WrongSchema, digest_of
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Recomputed, request_of
from salur.foundation.lake.seal import digest_of as digest_of_rows
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.tables import Table
from salur.foundation.vocabulary.wide import total
from salur.reconciliation import folding, match
from salur.reconciliation.models import Reconciliation
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT

NAMED_MAX = 20
# Records that are never changed, each written into the history when it was inserted.
APPEND_ONLY = (
    "budget_posting", "delivery_resultfile", "lake_dataset", "enrolment_determination", "enrolment_approvedlist", "registry_release",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was sealed."""

    kind: str
    where: str
    expected: str
    found: str


def verify(code: str, *, by: Actor) -> dict[str, Any]:
    """{ok, faults: [{kind, where, expected, found}]} of a cycle. Writes nothing."""
    by.require("audit")
    by.require_whole_country()
    cycle = approval.find(code)
    faults: list[Fault] = []
    with connect("owner") as owner, engine() as run:
        datasets = _datasets(cycle)
        broken = set()
        for dataset in datasets:
            fault = _sealed(dataset)
            if fault:
                broken.add(dataset.pk)
                faults.append(fault)
        faults += _recomputed(run, cycle, broken)
        faults += _records(owner, run, cycle, broken)
        faults += _controls(cycle)
        faults += _ledger(run, cycle, broken)
        faults += _archived(cycle)
    faults += _history()
    faults += [Fault("audit", f"block {block}", expected, found) for block, expected, found in audit.broken_blocks()]
    faults += [Fault("audit", "head", head, "") for head in audit.lost_heads()]
    return {"cycle": code, "ok": not faults, "faults": [asdict(fault) for fault in faults]}


def _datasets(cycle: Cycle) -> list[Dataset]:
    """Everything the cycle stands on, down to the releases."""
    seeds = [period.entitled_id for period in cycle.periods.all()]
    for batch in Batch.objects.filter(cycle=cycle):
        seeds += [batch.instructed_id, batch.fallen_out_id]
    for done in Reconciliation.objects.filter(cycle=cycle):
        seeds += [done.settled_id, done.exceptions_id]
    seeds += [file.lines_id for file in match.result_files(cycle)]
    known: dict[int, Dataset] = {}
    while seeds:
        found = Dataset.objects.filter(pk__in=set(seeds) - set(known))
        seeds = []
        for dataset in found:
            known[dataset.pk] = dataset
            seeds += [pk for pk in dataset.inputs if pk not in known]
    return [known[pk] for pk in sorted(known)]


def _sealed(dataset: Dataset) -> Fault | None:
    """Files, digest, and the request that the dataset answers (its inputs as they were)."""
    found = lake.verify(dataset)
    if found:
        return Fault("lake", str(dataset), dataset.digest, found)
    if not dataset.inputs and not dataset.parameters:
        return None
    if dataset.request != request_of(lake.table_of(dataset), dataset.step, lake.inputs_of(dataset), dataset.parameters):
        return Fault("lake", f"{dataset} inputs", dataset.request, "other inputs")
    return None


def _recomputed(run: Engine, cycle: Cycle, broken: set[int]) -> Iterator[Fault]:
    """Every list once more from its sealed inputs."""
    for period in cycle.periods.select_related("determination__listed", "determination__counted", "entitled"):
        place = f"{cycle.code} {period.period}"
        yield from _listed(run, period.determination, place, broken)
        yield from _compare(
            run, ENTITLEMENTS, period.entitled, partial(_entitled, run, period), f"entitlements {place}", broken
        )
    for batch in Batch.objects.filter(cycle=cycle, attempt=1).select_related("instructed"):
        inputs = lake.inputs_of(batch.instructed)
        yield from _compare(run, INSTRUCTIONS, batch.instructed, partial(_routed, run, inputs, cycle.code),
                            f"instructions {cycle.code}", broken)  # fmt: skip
    done = Reconciliation.objects.filter(cycle=cycle).select_related("settled", "exceptions").order_by("-pk").first()
    if done:
        yield from _settled(run, cycle, done, broken)


def _listed(run: Engine, made: Determination, place: str, broken: set[int]) -> Iterator[Fault]:
    asked = listing.asked_of(made.listed) if made.listed_id not in broken else None
    if asked is None or broken & {one.pk for one in asked.inputs()}:
        return
    listed, counts = Recomputed(run, LIST), Recomputed(run, COUNTS) if made.counted else None
    listing.write(run, [(asked, Files(listed, counts))], asked.cut(run))
    for again, dataset in ((listed, made.listed), (counts, made.counted)):
        if again and dataset and dataset.pk not in broken and again.hex() != dataset.digest:
            yield Fault("recompute", f"{dataset.kind} {place}", dataset.digest, again.hex())


def _entitled(run: Engine, period: PaymentPeriod) -> tuple[ir.Table, dict[str, Any]]:
    rows = build.entitled(run, lake.inputs_of(period.entitled), Period.parse(period.period))
    return rows, build.cut(run, period.determination)


def _routed(run: Engine, inputs: list[Dataset], code: str) -> tuple[ir.Table, dict[str, Any]]:
    return prepare.instructions_from(run, inputs, code), prepare.cut(inputs)


def _settled(run: Engine, cycle: Cycle, done: Reconciliation, broken: set[int]) -> Iterator[Fault]:
    sealed = {one.pk for one in lake.inputs_of(done.settled) if one.kind == "result_lines"}
    files = list(ResultFile.objects.filter(lines__in=sealed).select_related("lines").order_by("pk"))
    missing = sealed - {file.lines_id for file in files}
    for pk in sorted(missing):
        yield Fault("result_file", f"{cycle.code} result_lines#{pk}", "1", "0")
    if missing or broken & {one.pk for one in lake.inputs_of(done.settled)}:
        return
    settled, named = Recomputed(run, SETTLEMENT), Recomputed(run, EXCEPTIONS)
    folding.fold_into(run, folding.gather(cycle, files), settled, named)
    for again, dataset in ((settled, done.settled), (named, done.exceptions)):
        if dataset.pk not in broken and again.hex() != dataset.digest:
            yield Fault("recompute", f"{dataset.kind} {cycle.code}", dataset.digest, again.hex())


def _compare(
    run: Engine, table: Table, dataset: Dataset, again: Callable[[], tuple[ir.Table, dict[str, Any]]], where: str, broken: set[int]
) -> Iterator[Fault]:  # fmt: skip
    """Recompute unless an input is broken (which is named already)."""
    if broken & {dataset.pk, *(one.pk for one in lake.inputs_of(dataset))}:
        return
    with run.scratch():
        rows, cut = again()
        found = digest_of_rows(run, table, rows, **cut)
    if found != dataset.digest:
        yield Fault("recompute", where, dataset.digest, found)


def _records(owner: psycopg.Connection, run: Engine, cycle: Cycle, broken: set[int]) -> Iterator[Fault]:
    """The rows of PostgreSQL against what was sealed, row by row where they differ."""
    for period in cycle.periods.select_related("entitled"):
        yield from _same_rows(owner, run, ENTITLEMENTS, period.entitled, "entitlement", "period_id", period.pk, broken)
    for batch in Batch.objects.filter(cycle=cycle).select_related("instructed"):
        yield from _same_rows(owner, run, INSTRUCTIONS, batch.instructed, "instruction", "cycle_id", cycle.pk, broken,
                              f" and attempt = {batch.attempt}")  # fmt: skip
    done = Reconciliation.objects.filter(cycle=cycle).select_related("settled").order_by("-pk").first()
    if done:
        yield from _same_rows(owner, run, SETTLEMENT, done.settled, "settlement", "cycle_id", cycle.pk, broken)


def _same_rows(
    owner: psycopg.Connection, run: Engine, table: Table, dataset: Dataset, relation: str, column: str, value: int, broken: set[int],
    also: str = "",
) -> Iterator[Fault]:  # fmt: skip
    schema = table.arrow_schema()
    query = f"select {', '.join(table.names)} from {relation} where {column} = %s{also} order by {', '.join(table.key)}"

    def rows() -> Iterator[pa.RecordBatch]:
        return read_arrow(owner, query, [value], schema)

    where = f"{relation} {column} {value}"
    try:
        found = digest_of(table, rows()).hex()
    except (KeyNotRising, WrongSchema) as error:
        found = type(error).__name__
    if found == dataset.digest:
        return
    if dataset.pk in broken:
        yield Fault(relation, where, dataset.digest, found)
        return
    sealed = lake.read(run, dataset).select(*table.names)
    kept = run.given(pa.RecordBatchReader.from_batches(schema, rows()))
    for expected, actual in _differences(run, sealed, kept, table):
        key = expected or actual or {}
        place = f"{relation} {', '.join(f'{name} {key[name]}' for name in table.key)}"
        changed = [name for name in table.names if not expected or not actual or expected[name] != actual[name]]
        yield Fault(relation, place, _shown(expected, changed), _shown(actual, changed))


def _differences(run: Engine, sealed: ir.Table, kept: ir.Table, table: Table) -> list[tuple[dict | None, dict | None]]:
    """(sealed row, kept row) of the first keys that differ; None where a row is missing."""
    missing = run.arrow(sealed.difference(kept).order_by(list(table.key)).limit(NAMED_MAX)).to_pylist()
    strange = run.arrow(kept.difference(sealed).order_by(list(table.key)).limit(NAMED_MAX)).to_pylist()
    by_key: dict[tuple, list[dict | None]] = {}
    for row in missing:
        by_key.setdefault(tuple(row[name] for name in table.key), [None, None])[0] = row
    for row in strange:
        by_key.setdefault(tuple(row[name] for name in table.key), [None, None])[1] = row
    return [(pair[0], pair[1]) for _key, pair in sorted(by_key.items())]


def _shown(row: dict | None, changed: list[str]) -> str:
    return "-" if row is None else ", ".join(f"{name} {row[name]}" for name in changed)


def _controls(cycle: Cycle) -> Iterator[Fault]:
    """The figures that were approved, and the digest that was seen."""
    try:
        approval.check_unchanged(cycle)
    except approval.ListChanged as changed:
        yield Fault("control", cycle.code, cycle.approved_digest, str(changed))
    except lake.DatasetChanged:
        pass  # named among the sealed files
    if cycle.approved_digest and cycle.approved_digest != cycle.list_digest:
        yield Fault("control", f"{cycle.code} digest", cycle.approved_digest, cycle.list_digest)


def _ledger(run: Engine, cycle: Cycle, broken: set[int]) -> Iterator[Fault]:
    """Every balance of the ledger against the sealed lists."""
    if broken or not cycle.approved_digest:
        return
    expected: dict[tuple[str, str], dict[str, int]] = {}
    for region, rupiah in approval.per_regency(cycle).items():
        _add(expected, (region, ""), {Account.CEILING: -rupiah, Account.COMMITTED: rupiah})
    for batch in Batch.objects.filter(cycle=cycle, released_at__isnull=False).select_related("instructed"):
        rows = lake.read(run, batch.instructed).mutate(regency=lambda t: t.region_code.substr(0, 4))
        for row in run.arrow(rows.group_by(["regency", "channel"]).agg(rupiah=total(rows.amount_rupiah))).to_pylist():
            _add(
                expected,
                (row["regency"], row["channel"]),
                {Account.COMMITTED: -row["rupiah"], Account.AT_CHANNEL: row["rupiah"]},
            )
    done = Reconciliation.objects.filter(cycle=cycle).select_related("settled").order_by("-pk").first()
    if done:
        for place, moved in match.by_place(run, done.settled).items():
            _add(expected, place, {
                Account.EXCESS: -moved["excess"], Account.CREDITED: moved["credited"] - moved["collected"],
                Account.COLLECTED: moved["collected"], Account.RETURNED: moved["returned"],
                Account.AT_CHANNEL: moved["excess"] - moved["credited"] - moved["returned"],
            })  # fmt: skip
    found = ledger.balances(cycle.code)
    for place in sorted(set(expected) | set(found)):
        for account in Account.values:
            want, have = expected.get(place, {}).get(account, 0), found.get(place, {}).get(account, 0)
            if want != have:
                yield Fault(
                    "ledger", f"{cycle.code} {place[0]} {place[1]} {account}".replace("  ", " "), str(want), str(have)
                )


def _add(totals: dict[tuple[str, str], dict[str, int]], place: tuple[str, str], moved: dict[str, int]) -> None:
    accounts = totals.setdefault(place, {})
    for account, rupiah in moved.items():
        accounts[account] = accounts.get(account, 0) + rupiah


def _archived(cycle: Cycle) -> Iterator[Fault]:
    """Files as sent and as received."""
    sent = [file.archived for file in SentFile.objects.filter(batch__cycle=cycle).select_related("archived")]
    received = [
        file.archived for file in ResultFile.objects.filter(cycles__contains=cycle.code).select_related("archived")
    ]
    for file in [*sent, *received]:
        if not archive.is_intact(file):
            yield Fault("archive", f"{file} {file.path}", file.sha256, "changed or missing")


def _history() -> Iterator[Fault]:
    """Records that are never changed against the line that was written when they were inserted. A column that came with an upgrade is
    empty in older records and not in their lines, so empty values say nothing; one that was emptied or filled is still found."""
    with connection.cursor() as cursor:
        for relation in APPEND_ONLY:
            cursor.execute(
                f"""select coalesce(r.id, (l.details #>> '{{after,id}}')::bigint), r.id is null, l.id is null
                    from {relation} r
                    full join (select * from audit_line where subject = %s and verb = 'inserted') l
                      on (l.details #>> '{{after,id}}')::bigint = r.id
                    where r.id is null or l.id is null or jsonb_strip_nulls(to_jsonb(r)) <> jsonb_strip_nulls(l.details -> 'after')
                    order by 1 limit {NAMED_MAX}""",
                [relation],
            )
            for number, is_gone, is_unrecorded in cursor.fetchall():
                found = "deleted" if is_gone else "not in the history" if is_unrecorded else "changed"
                yield Fault("history", f"{relation} {number}", "as inserted", found)
