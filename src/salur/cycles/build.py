"""Work out what every admitted family is due in a cycle, seal it and load it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import psycopg
from django.db import connection, transaction

from salur.cycles.models import Control, Cycle, PaymentPeriod, State
from salur.cycles.queries import summary
from salur.cycles.tables import ENTITLEMENTS
from salur.enrolment.listing import asked_of
from salur.enrolment.models import Determination
from salur.enrolment.tables import COUNTS, LIST
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database import partitions
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import seal
from salur.foundation.vocabulary.codes import Outcome
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.programmes.benefits.components import counts
from salur.programmes.benefits.due import due
from salur.programmes.models import Programme

STEP = "cycles.build/1"


class CycleExists(Refused):
    """The cycle stands already and may not be built again."""


@dataclass(frozen=True)
class Built:
    """One period of the cycle, sealed."""

    period: Period
    determination: Determination
    dataset: Dataset


def code_of(programme: str, periods: Sequence[Period]) -> str:
    """SEMBAKO-2023-05, or SEMBAKO-2023-05..2023-06 for several."""
    first, last = periods[0], periods[-1]
    return f"{programme}-{first}" if first == last else f"{programme}-{first}..{last}"


def build(programme: str, periods: Sequence[Period], *, by: Actor) -> dict[str, object]:
    """Open the cycle. A draft or a list that was sent back is worked out anew from the newest determinations."""
    by.require("plan")
    by.require_whole_country()
    code = code_of(programme, periods)
    with connect("owner") as owner, run_lock(owner, f"cycle {code}"), engine() as run:
        standing = Cycle.objects.filter(code=code).first()
        determinations = [_determination(programme, period) for period in periods]
        built = [seal_entitled(run, period, made, by) for period, made in zip(periods, determinations, strict=True)]
        digest = _digest(built)
        if standing and standing.state != State.SENT_BACK and standing.list_digest == digest:
            return summary(standing)
        if standing and standing.state not in (State.DRAFT, State.SENT_BACK):
            raise CycleExists(
                _("Tahap %(code)s sudah %(state)s; daftar yang sudah diajukan tidak dihitung ulang.")
                % {"code": code, "state": standing.state}
            )
        _refuse_overlap(programme, periods, code)
        return _save(owner, code, programme, built, digest, by)


def _determination(programme: str, period: Period) -> Determination:
    found = Determination.objects.filter(programme=programme, period=str(period)).order_by("-pk").first()
    if found is None:
        raise Refused(
            _("%(programme)s %(period)s belum ditetapkan; jalankan salur enrolment determine %(programme)s %(period)s.")
            % {"programme": programme, "period": period}
        )
    return found


def seal_entitled(run: Engine, period: Period, made: Determination, by: Actor) -> Built:
    """What the admitted of one period are due, sealed."""
    inputs = [made.listed, made.release.families, made.counted or made.release.persons]
    dataset = seal(
        run,
        ENTITLEMENTS,
        entitled(run, inputs, period),
        step=STEP,
        by=by.name,
        inputs=inputs,
        parameters={"period": str(period)},
        **cut(run, made),
    )
    if dataset.rows == 0:
        raise Refused(
            _("Tidak ada keluarga yang diterima pada %(period)s; periksa kuota dan rilis.") % {"period": period}
        )
    return Built(period, made, dataset)


def cut(run: Engine, made: Determination) -> dict[str, Any]:
    """How entitlements are worked out: by stretches with about as many admitted as a span may have families, at once for a small list."""
    share = made.summary["admitted"] / max(made.summary["considered"], 1)
    return {"places": lake.wider_places(run, made.listed, share=share), "is_whole": lake.is_small(made.listed)}


def entitled(run: Engine, inputs: Sequence[Dataset], period: Period) -> ir.Table:
    """What each admitted family is due, as an expression over the sealed inputs of the entitlements.

    The people are asked only by a rule with components whose list was determined without counting what the members bring.
    """
    sealed = {one.kind: one for one in inputs}
    rule = asked_of(sealed[LIST.kind]).rule
    rows = lake.read(run, sealed[LIST.kind])
    admitted = rows.filter(rows.outcome == Outcome.ADMITTED.value).select("recipient_id", region_code="village_code")
    families = lake.read(run, sealed["release_families"])
    brought = None
    if COUNTS.kind in sealed:
        brought = lake.read(run, sealed[COUNTS.kind])
    elif rule.benefit.components:
        persons = lake.read(run, sealed["release_persons"])
        brought = counts(persons.semi_join(admitted, "recipient_id"), rule=rule, period=period)
    amounts = due(admitted, families, brought, rule=rule, period=period)
    return (
        amounts.join(families.select("recipient_id", "holder_id"), "recipient_id")
        .select(*ENTITLEMENTS.names)
        .filter(lambda t: t.amount_rupiah > 0)
    )


def _digest(built: Sequence[Built]) -> str:
    """One digest for the cycle: that of its list, or over the lists of its periods."""
    digests = [one.dataset.digest for one in built]
    return digests[0] if len(digests) == 1 else hashlib.sha256("|".join(digests).encode()).hexdigest()


def _refuse_overlap(programme: str, periods: Sequence[Period], code: str) -> None:
    """Say in a sentence what the exclusion constraint would refuse without one."""
    low, high = periods[0].months[0], periods[-1].months[1]
    other = (
        PaymentPeriod.objects.filter(programme__code=programme, first_month__lt=high, end_month__gt=low)
        .exclude(cycle__code=code)
        .first()
    )
    if other:
        raise CycleExists(
            _("Bulan %(period)s sudah menjadi bagian tahap %(cycle)s; satu bulan hanya dibayar satu kali.")
            % {"period": other.period, "cycle": other.cycle.code}
        )


def _save(
    owner: psycopg.Connection[Any], code: str, programme: str, built: Sequence[Built], digest: str, by: Actor
) -> dict[str, object]:
    """Stage the rows, then seal, attach and record in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('cycles_cycle', 'id'))")
        cycle_id = getattr(Cycle.objects.filter(code=code).first(), "pk", None) or cursor.fetchone()[0]
        numbers, figures = [], []
        for one in built:
            cursor.execute("select nextval(pg_get_serial_sequence('cycles_paymentperiod', 'id'))")
            numbers.append(cursor.fetchone()[0])
            figures.append(partitions.stage(
                owner, f"stage_entitlement_{numbers[-1]}", "entitlement", {"period_id": numbers[-1], "cycle_id": cycle_id},
                lake.stream(one.dataset), one.dataset, by="left(region_code, 4)",
            ))  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        audit.act_as(by.name)
        cycle = _fresh(cycle_id, code, programme, built, digest, by, cursor)
        for number, one, by_regency in zip(numbers, built, figures, strict=True):
            low, high = one.period.months
            PaymentPeriod.objects.create(
                pk=number, programme=Programme.objects.get(code=programme), period=str(one.period), first_month=low, end_month=high,
                cycle=cycle, determination=one.determination, entitled=one.dataset,
            )  # fmt: skip
            partitions.attach(cursor, f"stage_entitlement_{number}", "entitlement", number)
            Control.objects.bulk_create(
                Control(cycle=cycle, period_id=number, region_code=regency, entitlements=count, rupiah=rupiah)
                for regency, (count, rupiah) in sorted(by_regency.items())
            )
        audit.record(
            "cycle.opened",
            code,
            by=by.name,
            entitlements=cycle.entitlements,
            rupiah=cycle.entitled_rupiah,
            digest=digest,
        )
    return summary(cycle)


def _fresh(
    cycle_id: int, code: str, programme: str, built: Sequence[Built], digest: str, by: Actor, cursor: Any
) -> Cycle:
    """The cycle as a draft, with what an earlier draft had loaded taken away."""
    cursor.execute("select id from cycles_paymentperiod where cycle_id = %s", [cycle_id])
    for (number,) in cursor.fetchall():
        cursor.execute(f"drop table stage_entitlement_{number}")
    Control.objects.filter(cycle_id=cycle_id).delete()
    PaymentPeriod.objects.filter(cycle_id=cycle_id).delete()
    cycle, _created = Cycle.objects.update_or_create(
        pk=cycle_id,
        defaults={
            "code": code, "programme": programme, "state": State.DRAFT, "list_digest": digest,
            "entitlements": sum(one.dataset.rows for one in built),
            "entitled_rupiah": sum(one.dataset.sums["amount_rupiah"] for one in built),
            "opened_by": by.name, "opened_person": by.person, "submitted_by": "", "submitted_person": "", "submitted_at": None,
        },
    )  # fmt: skip
    return cycle
