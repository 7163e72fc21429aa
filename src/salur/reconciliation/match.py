"""Reconcile a cycle: fold every line known, settle, load what changed, post to the ledger, and compare each term with its own source."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from salur.budget import ledger
from salur.budget.ledger import Movement
from salur.budget.models import Account
from salur.cycles.actions import approval
from salur.cycles.models import Cycle, State
from salur.delivery.models import Batch, ResultFile
from salur.delivery.receive import digest_of_lines
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import AlreadyRunning, run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Sealing
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.wide import total
from salur.reconciliation import loading
from salur.reconciliation.folding import Given, fold_into, gather
from salur.reconciliation.models import Reconciliation
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT

STEP = "reconciliation.match/1"


def match(code: str, *, by: Actor) -> dict[str, Any]:
    """Reconcile. Called again without new lines it changes nothing and answers the same."""
    by.require("reconcile")
    by.require_whole_country()
    cycle = approval.find(code)
    if not Batch.objects.filter(cycle=cycle, released_at__isnull=False).exists():
        raise Refused(_("Instruksi tahap %(code)s belum dilepas; jalankan salur instruction release.") % {"code": code})
    with connect("owner") as owner, run_lock(owner, f"cycle {code}"), engine() as run:
        given = gather(cycle, result_files(cycle))
        parameters = {"cycle": code, "lines": digest_of_lines(given.files)}
        settled, named = seal_settled(run, given, by, parameters)
        previous = _newest(cycle)
        staged = loading.stage(owner, run, cycle, settled, previous.settled if previous else None)
        with transaction.atomic(), connection.cursor() as cursor:
            audit.act_as(by.name)
            _still_stands_on(cycle, previous)
            changed = loading.load(cursor, cycle, staged)
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
    """Every result file that speaks of the cycle, in its latest reading."""
    found = ResultFile.objects.filter(cycles__contains=cycle.code, replaced_by=None)
    return list(found.select_related("lines").order_by("pk"))


def seal_settled(run: Engine, given: Given, by: Actor, parameters: dict[str, str]) -> tuple[Dataset, Dataset]:
    """The settlement of a cycle and its exceptions, sealed."""
    seals: dict[str, Any] = {"step": STEP, "by": by.name, "inputs": given.inputs(), "parameters": parameters}
    with Sealing(run, SETTLEMENT, **seals) as settled, Sealing(run, EXCEPTIONS, **seals) as named:
        if not (settled.existing and named.existing):
            fold_into(run, given, settled, named)
        return settled.list(), named.list()


def _newest(cycle: Cycle) -> Reconciliation | None:
    return Reconciliation.objects.filter(cycle=cycle).order_by("-pk").select_related("settled").first()


def _still_stands_on(cycle: Cycle, previous: Reconciliation | None) -> None:
    """The server may still commit for a process that was killed; the row of the cycle waits for that commit."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    if _newest(cycle) != previous:
        raise AlreadyRunning(
            _("Tahap %(code)s baru saja dicocokkan proses lain; jalankan salur reconcile lagi.") % {"code": cycle.code}
        )


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
