"""Measure a reconciled cycle: evidence in, indicators for every region out."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import pyarrow as pa
from django.db import connection, transaction
from django.utils import timezone

from salur.cycles.actions import approval
from salur.cycles.models import Cycle, PaymentPeriod
from salur.foundation.access.actions.officers import Actor
from salur.foundation.database.connection import connect
from salur.foundation.database.load import copy_arrow
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.vocabulary.codes import NotInstructed, ReconcileException, ResultReason
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.region_code import parent
from salur.foundation.vocabulary.wide import total
from salur.monitoring.indicators import rights
from salur.monitoring.tables import MEASURES
from salur.programmes.calendar import due_on
from salur.programmes.conditions.eligibility import ELIGIBLE, eligibility
from salur.programmes.conditions.features import counted, features
from salur.programmes.models import Quota
from salur.programmes.queries import rule_for
from salur.reconciliation.models import Reconciliation
from salur.registry.models import Release

CAUSES = [*NotInstructed, *ResultReason, *ReconcileException]


def measure(code: str, *, by: Actor) -> int:
    """Measure the newest reconciliation of a cycle; how many figures were written. The earlier figures are replaced."""
    by.require("reconcile")
    by.require_whole_country()
    cycle = approval.find(code)
    done = Reconciliation.objects.filter(cycle=cycle).select_related("settled", "exceptions").order_by("-pk").first()
    if done is None:
        return 0
    periods = list(cycle.periods.select_related("entitled", "determination__listed").order_by("first_month"))
    name = f"stage_measure_{cycle.pk}"
    with connect("owner") as owner, run_lock(owner, f"measure {code}"), engine() as run:
        found = run.keep(figures(run, cycle, periods, done))
        owner.execute(f"drop table if exists {name}")
        owner.execute(
            f'create unlogged table {name} (region_code text collate "C", level text, indicator text, numerator bigint, denominator bigint)'
        )
        rows = copy_arrow(owner, name, run.batches(found))
        owner.commit()
        label = "..".join(dict.fromkeys((periods[0].period, periods[-1].period)))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "delete from monitoring_measure where programme = %s and period = %s", [cycle.programme, label]
            )
            cursor.execute(
                f"""insert into monitoring_measure (programme, period, cycle, region_code, level, indicator, numerator, denominator, data_as_of)
                    select %s, %s, %s, region_code, level, indicator, numerator, denominator, %s from {name}""",
                [cycle.programme, label, code, timezone.now()],
            )
            cursor.execute(f"drop table {name}")
    return rows


def figures(run: Engine, cycle: Cycle, periods: list[PaymentPeriod], done: Reconciliation) -> ir.Table:
    """Village by village first, from one province after another; what is left is small."""
    places = lake.places(*(period.entitled for period in periods))
    due_day = (due_on(cycle.programme, Period.parse(periods[-1].period)) - date(1970, 1, 1)).days
    settled = lake.read(run, done.settled)
    # One attempt, or none where nothing could be sent: one row for each family.
    has_attempts = (run.arrow(settled.attempt.max()).as_py() or 0) > 1
    tells_all = not has_attempts and _tells_all(done.settled, periods)
    entitled = None if tells_all else _entitled(run, periods)
    still = _still_eligible(run, cycle, periods, settled if entitled is None else entitled)
    facts = rights.facts(entitled, settled, still, due_day, has_attempts=has_attempts)
    # A family may have moved between two months of one cycle: then its rows lie in two provinces.
    is_whole = len(periods) > 1 or lake.is_small(*(period.entitled for period in periods))
    sums = run.collect(rights.village_sums(facts), () if is_whole else places)
    # A count by village needs no more memory for the country than for a province.
    considered = run.keep(rights.village_places(lake.read(run, periods[-1].determination.listed)))
    causes = lake.read(run, done.exceptions)
    placed = causes.filter(
        (causes.recipient_id > 0) & causes.cause.isin([c.value for c in CAUSES]) & (causes.region_code != "00")
    )
    # One cause once, however many lines tell it.
    families = placed.select("recipient_id", "region_code", "cause").distinct().select("region_code", "cause")
    quotas = run.given(quota_by_region(cycle.programme, periods[-1].period))
    return rights.measures(sums, considered, quotas, families).select(*MEASURES.names)


def _tells_all(settled: Dataset, periods: list[PaymentPeriod]) -> bool:
    """Whether a settlement of one attempt has a row for each entitlement, by its control totals: then no entitlement needs to be looked up."""
    instructed = (
        settled.sums["credited_rupiah"]
        + settled.sums["returned_rupiah"]
        + settled.sums["open_rupiah"]
        - settled.sums["excess_rupiah"]
    )
    return len(periods) == 1 and (settled.rows, instructed) == (
        periods[0].entitled.rows,
        periods[0].entitled.sums["amount_rupiah"],
    )


def _entitled(run: Engine, periods: list[PaymentPeriod]) -> ir.Table:
    """recipient_id, region_code, amount_rupiah: one row per family, months added up."""
    months = [
        lake.read(run, period.entitled).select("recipient_id", "region_code", "amount_rupiah") for period in periods
    ]
    if len(months) == 1:
        return months[0]
    rows = months[0].union(*months[1:])
    return rows.group_by("recipient_id").agg(
        region_code=rows.region_code.max(), amount_rupiah=total(rows.amount_rupiah)
    )


def _still_eligible(run: Engine, cycle: Cycle, periods: list[PaymentPeriod], entitled: ir.Table) -> ir.Table | None:
    """recipient_id of those in `entitled` whom the newest release still finds eligible; None when that is the release by which they were
    admitted, and nobody needs to be asked again."""
    newest = Release.objects.select_related("families", "persons").order_by("-as_of", "-pk").first()
    assert newest is not None, "a cycle stands on a release"
    if len(periods) == 1 and periods[0].determination.release_id == newest.pk:
        return None
    first = Period.parse(periods[0].period)
    rule = rule_for(cycle.programme, first)
    ours = run.keep(entitled.select("recipient_id"))
    known = counted(lake.read(run, newest.families), lake.read(run, newest.persons), [(rule, first)])
    found = eligibility(features(known, rule=rule), rule=rule)
    still = found.filter(found.verdict == ELIGIBLE).select("recipient_id").semi_join(ours, "recipient_id")
    return run.collect(still, lake.wider_places(run, newest.families))


def quota_by_region(programme: str, period: str) -> pa.Table:
    """region_code, quota for every region whose own quota is known: it has a row, or all its places are rows inside it."""
    rows = dict(Quota.objects.filter(programme=programme, period=period).values_list("region_code", "places"))
    known = dict(rows)
    for code, places in rows.items():
        if _nearest_above(code, rows) is None:
            above = parent(code)
            while above is not None:
                known[above] = known.get(above, 0) + places
                above = parent(above)
    return pa.table({"region_code": list(known), "quota": pa.array(list(known.values()), pa.int64())})


def _nearest_above(code: str, rows: dict[str, int]) -> str | None:
    above = parent(code)
    while above is not None and above not in rows:
        above = parent(above)
    return above
