"""Reconcile a cycle: fold every line known, settle, load what changed, post to the ledger, and compare each term with its own source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.db import connection, transaction

from salur.budget import ledger
from salur.budget.ledger import Movement
from salur.budget.models import Account
from salur.cycles.actions import approval
from salur.cycles.models import Cycle, State
from salur.delivery.models import Batch, ResultFile
from salur.delivery.receive import digest_of_lines
from salur.delivery.tables import LINES
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database import partitions
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import AlreadyRunning, run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import seal
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.wide import total
from salur.reconciliation.models import Reconciliation
from salur.reconciliation.steps import fold, settle
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT

STEP = "reconciliation.match/1"
SQL = Path(__file__).parent / "sql"
TURNS_AT_ONCE = 12
KEY = ("cycle_id", "recipient_id", "attempt")
NO_TOTALS = "TANPA_TOTAL_KONTROL"


def match(code: str, *, by: Actor, dry_run: bool = False) -> dict[str, Any]:
    """Reconcile. Called again without new lines it changes nothing and answers the same."""
    by.require("reconcile")
    by.require_whole_country()
    cycle = approval.find(code)
    if not Batch.objects.filter(cycle=cycle, released_at__isnull=False).exists():
        raise Refused(_("Instruksi tahap %(code)s belum dilepas; jalankan salur instruction release.") % {"code": code})
    with connect("owner") as owner, run_lock(owner, f"cycle {code}"), engine() as run:
        files = result_files(cycle)
        settled_rows, exception_rows, inputs = folded(run, cycle, files)
        parameters = {"cycle": code, "lines": digest_of_lines(files)}
        settled = seal(
            run, SETTLEMENT, settle.columns(settled_rows), step=STEP, by=by.name, inputs=inputs, parameters=parameters
        )
        named = seal(run, EXCEPTIONS, exception_rows, step=STEP, by=by.name, inputs=inputs, parameters=parameters)
        if dry_run:
            return summary(run, cycle, settled, named)
        previous = _newest(cycle)
        staged = _stage(owner, run, cycle, settled, previous)
        with transaction.atomic(), connection.cursor() as cursor:
            audit.act_as(by.name)
            _still_stands_on(cycle, previous)
            changed = _load(cursor, cycle, staged)
            posted = _post(run, cycle, settled, by)
            told = summary(run, cycle, settled, named)
            made, is_new = Reconciliation.objects.get_or_create(
                cycle=cycle, settled=settled, exceptions=named,
                defaults={"lines_digest": parameters["lines"], "rows_changed": changed, "summary": told, "by": by.name},
            )  # fmt: skip
            Cycle.objects.filter(pk=cycle.pk).update(state=State.RECONCILED)
            if is_new:
                audit.record("cycle.reconciled", code, by=by.name, digest=settled.digest, changed=changed, postings=posted,
                             difference=told["difference_rupiah"])  # fmt: skip
    return told


def result_files(cycle: Cycle) -> list[ResultFile]:
    """Every result file that speaks of the cycle."""
    return list(ResultFile.objects.filter(cycles__contains=cycle.code).select_related("lines").order_by("pk"))


def folded(run: Engine, cycle: Cycle, files: list[ResultFile]) -> tuple[ir.Table, ir.Table, list[Dataset]]:
    """Settlement and exceptions as expressions over sealed inputs, for the run and for whoever recomputes it."""
    batches = list(
        Batch.objects.filter(cycle=cycle, released_at__isnull=False)
        .select_related("instructed", "fallen_out")
        .order_by("attempt")
    )
    lines = _lines(run, cycle, files)
    instructions = _instructions(run, batches)
    distinct = run.keep(fold.distinct_lines(lines))
    ordered = run.keep(fold.ordered_lines(distinct))
    turns = run.arrow(ordered.nth.max()).as_py() or 0
    state = fold.begin(instructions)
    for first in range(1, turns + 1, TURNS_AT_ONCE):
        state = run.keep(fold.advance(state, ordered, range(first, min(first + TURNS_AT_ONCE, turns + 1))))
    settled = run.keep(settle.settle(state, distinct, _not_sent(run, cycle, batches)))
    named = settle.exceptions(settled, lines).union(_without_totals(run, files))
    inputs: dict[int, Dataset] = {batch.instructed_id: batch.instructed for batch in batches}
    inputs |= {batch.fallen_out_id: batch.fallen_out for batch in batches}
    inputs |= {period.entitled_id: period.entitled for period in cycle.periods.select_related("entitled")}
    inputs |= {file.lines_id: file.lines for file in files}
    return settled, named, list(inputs.values())


def _lines(run: Engine, cycle: Cycle, files: list[ResultFile]) -> ir.Table:
    """All lines of the cycle. `place` names file and line, so that a line which belongs to nobody can be found again."""
    parts = [run.given(LINES.arrow_schema().empty_table()).mutate(place=run.text(""))]
    for file in files:
        rows = lake.read(run, file.lines).select(*LINES.names)
        parts.append(
            rows.filter(rows.cycle == cycle.code).mutate(
                place=run.text(f"{file.sha256[:12]}:") + rows.line.cast("string")
            )
        )
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _instructions(run: Engine, batches: list[Batch]) -> ir.Table:
    """Every released instruction. What a later attempt replaced carries no money any more."""
    parts = [
        lake.read(run, batch.instructed).select(
            "recipient_id", "attempt", "id_instruksi", "region_code", "channel", "amount_rupiah"
        )
        for batch in batches
    ]
    rows = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    latest = rows.group_by("recipient_id").agg(latest=rows.attempt.max()).rename(latest_recipient="recipient_id")
    joined = rows.join(latest, [("recipient_id", "latest_recipient")])
    replaced = joined.attempt < joined.latest
    return joined.select(
        "recipient_id", "attempt", "id_instruksi", "region_code", "channel",
        instructed=replaced.ifelse(run.literal(0, "int64"), joined.amount_rupiah), is_replaced=replaced,
    )  # fmt: skip


def _not_sent(run: Engine, cycle: Cycle, batches: list[Batch]) -> ir.Table:
    """Entitled and never instructed, with the reason that the last routing gave."""
    parts = [
        lake.read(run, period.entitled).select("recipient_id", "region_code", "amount_rupiah")
        for period in cycle.periods.select_related("entitled")
    ]
    rows = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    due = rows.group_by("recipient_id").agg(region_code=rows.region_code.max(), amount_rupiah=total(rows.amount_rupiah))
    for batch in batches:
        sent = lake.read(run, batch.instructed).select(sent_id="recipient_id")
        due = due.anti_join(sent, [("recipient_id", "sent_id")])
    reasons = lake.read(run, batches[-1].fallen_out).select(fallen_id="recipient_id", reason="reason")
    return due.join(reasons, [("recipient_id", "fallen_id")]).drop("fallen_id")


def _without_totals(run: Engine, files: list[ResultFile]) -> ir.Table:
    """Files that came without control totals were applied; the finding stays."""
    bare = [file for file in files if not file.has_totals]
    table = pa.table(
        {"recipient_id": [0] * len(bare), "attempt": [0] * len(bare), "cause": [NO_TOTALS] * len(bare), "detail": [f.sha256[:12] for f in bare],
         "region_code": ["00"] * len(bare), "rupiah": [0] * len(bare)},
        schema=EXCEPTIONS.arrow_schema(),
    )  # fmt: skip
    return run.given(table)


def _newest(cycle: Cycle) -> Reconciliation | None:
    return Reconciliation.objects.filter(cycle=cycle).order_by("-pk").select_related("settled").first()


def _still_stands_on(cycle: Cycle, previous: Reconciliation | None) -> None:
    """The server may still commit for a process that was killed; the row of the cycle waits for that commit."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    if _newest(cycle) != previous:
        raise AlreadyRunning(
            _("Tahap %(code)s baru saja dicocokkan proses lain; jalankan salur reconcile lagi.") % {"code": cycle.code}
        )


@dataclass(frozen=True)
class Staged:
    """What brings the table to the sealed state: a whole partition at first, later the rows that changed and the keys that are gone."""

    name: str
    rows: int
    is_whole: bool
    gone: list[tuple[int, int]]


def _stage(
    owner: psycopg.Connection, run: Engine, cycle: Cycle, settled: Dataset, previous: Reconciliation | None
) -> Staged:
    name = f"stage_settlement_{cycle.pk}"
    gone: list[tuple[int, int]] = []
    rows = lake.stream(settled)
    if previous is not None:
        changed, gone = _differences(run, settled, previous.settled)
        rows = run.batches(changed)
    return Staged(
        name, partitions.stage(owner, name, "settlement", KEY, {"cycle_id": cycle.pk}, rows), previous is None, gone
    )


def _load(cursor: Any, cycle: Cycle, staged: Staged) -> int:
    """Bring PostgreSQL to the sealed state in the transaction that records it, so that the newest record always tells what the
    table holds; how many rows were written."""
    if staged.is_whole:
        partitions.attach(cursor, staged.name, "settlement", cycle.pk)
        cursor.execute(f"alter table {staged.name} rename to settlement_of_{cycle.pk}")
        return staged.rows
    cursor.execute((SQL / "load_changed.sql").read_text().replace("{stage}", staged.name))
    written = cursor.rowcount
    for recipient, attempt in staged.gone:
        cursor.execute(
            "delete from settlement where cycle_id = %s and recipient_id = %s and attempt = %s",
            [cycle.pk, recipient, attempt],
        )
    cursor.execute(f"drop table {staged.name}")
    return written


def _differences(run: Engine, settled: Dataset, previous: Dataset) -> ir.Table:
    """Rows that are new or changed since the last reconciliation, and keys that are gone (an unsent row that was then sent)."""
    now = lake.read(run, settled)
    before = lake.read(run, previous)
    changed = now.difference(before)
    key = ["recipient_id", "attempt"]
    gone = run.arrow(before.select(key).difference(now.select(key)))
    return changed, list(zip(gone["recipient_id"].to_pylist(), gone["attempt"].to_pylist(), strict=True))


def by_place(run: Engine, settled: Dataset) -> dict[tuple[str, str], dict[str, int]]:
    """Credited, collected, returned and excess rupiah of each (regency, channel)."""
    rows = lake.read(run, settled)
    rows = rows.filter(rows.attempt > 0).mutate(regency=rows.region_code.substr(0, 4))
    sums = rows.group_by(["regency", "channel"]).agg(
        credited=total(rows.credited_rupiah), collected=total(rows.collected_rupiah), returned=total(rows.returned_rupiah),
        excess=total(rows.excess_rupiah),
    )  # fmt: skip
    found = run.arrow(sums.order_by(["regency", "channel"])).to_pylist()
    return {(row.pop("regency"), row.pop("channel")): row for row in found}


def _post(run: Engine, cycle: Cycle, settled: Dataset, by: Actor) -> int:
    """Post, for each regency and channel, what moved since the ledger last heard of it."""
    standing = ledger.balances(cycle.code)
    movements = []
    for place, row in by_place(run, settled).items():
        held = standing.get(place, {})
        credited = held.get(Account.CREDITED, 0) + held.get(Account.COLLECTED, 0)
        movements += [
            Movement(Account.AT_CHANNEL, Account.EXCESS, row["excess"] + held.get(Account.EXCESS, 0), *place),
            Movement(Account.CREDITED, Account.AT_CHANNEL, row["credited"] - credited, *place),
            Movement(Account.COLLECTED, Account.CREDITED, row["collected"] - held.get(Account.COLLECTED, 0), *place),
            Movement(Account.RETURNED, Account.AT_CHANNEL, row["returned"] - held.get(Account.RETURNED, 0), *place),
        ]
    return ledger.post(
        movements,
        programme=cycle.programme,
        year=approval.year_of(cycle),
        cycle=cycle.code,
        step="reconcile",
        by=by.name,
    )


def summary(run: Engine, cycle: Cycle, settled: Dataset, named: Dataset) -> dict[str, Any]:
    """The answer of `reconcile`: each term from its own source, and what does not agree."""
    periods = list(cycle.periods.select_related("entitled", "determination").order_by("first_month"))
    entitled = sum(period.entitled.sums["amount_rupiah"] for period in periods)
    considered = [period.determination.summary for period in periods]
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(open_rupiah), 0)::bigint from settlement where cycle_id = %s", [cycle.pk])
        open_rupiah = cursor.fetchone()[0]
    sums = settled.sums
    causes = lake.read(run, named)
    counts = run.arrow(causes.group_by("cause").agg(n=causes.count(), rupiah=total(causes.rupiah)).order_by("cause"))
    told: dict[str, Any] = {
        "cycle": cycle.code,
        "programme": cycle.programme,
        "period": "..".join(dict.fromkeys((periods[0].period, periods[-1].period))),
        **{
            name: sum(one[name] for one in considered)
            for name in ("considered", "admitted", "held", "waiting", "not_admitted")
        },
        "entitlements": cycle.entitlements,
        "entitled_rupiah": entitled,
        "instructed_rupiah": sum(Batch.objects.filter(cycle=cycle, attempt=1).values_list("rupiah", flat=True)),
        "credited_rupiah": sums["credited_rupiah"],
        "collected_rupiah": sums["collected_rupiah"],
        "returned_rupiah": sums["returned_rupiah"],
        "excess_rupiah": sums["excess_rupiah"],
        "open_rupiah": open_rupiah,
    }
    told["difference_rupiah"] = difference(told, ledger.totals(cycle.code))
    told["exceptions"] = dict(zip(counts["cause"].to_pylist(), counts["n"].to_pylist(), strict=True))
    told["exceptions_rupiah"] = dict(zip(counts["cause"].to_pylist(), counts["rupiah"].to_pylist(), strict=True))
    told["list_digest"] = cycle.list_digest
    told["settlement_digest"] = settled.digest
    return told


def difference(told: dict[str, Any], book: dict[str, int]) -> int:
    """entitled + excess − credited − returned − open; when that is 0, what the ledger says otherwise, term by term."""
    balance = (
        told["entitled_rupiah"]
        + told["excess_rupiah"]
        - told["credited_rupiah"]
        - told["returned_rupiah"]
        - told["open_rupiah"]
    )
    if balance:
        return balance
    terms = {
        "entitled_rupiah": -book[Account.CEILING],
        "excess_rupiah": -book[Account.EXCESS],
        "credited_rupiah": book[Account.CREDITED] + book[Account.COLLECTED],
        "returned_rupiah": book[Account.RETURNED],
        "open_rupiah": book[Account.AT_CHANNEL] + book[Account.COMMITTED],
    }
    return sum(abs(told[name] - rupiah) for name, rupiah in terms.items())
