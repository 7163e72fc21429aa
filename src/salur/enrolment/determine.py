"""Determine who is admitted, held, waiting or not admitted: one sealed list with a reason for every family of the release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from django.db import transaction

from salur.enrolment import listing
from salur.enrolment.listing import Asked, Cut, Files
from salur.enrolment.models import Determination, Draw
from salur.enrolment.steps.places import places
from salur.enrolment.tables import COUNTS, LIST, PARAMETERS, QUOTAS
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Sealing, seal
from salur.foundation.vocabulary.codes import Outcome
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.wide import total
from salur.programmes import queries as programmes
from salur.programmes.models import Quota
from salur.programmes.rule import Rule
from salur.registry.models import Release

STEP = "enrolment.determine/1"


@dataclass(frozen=True)
class Standing:
    """One list that is asked for, and the records that it is determined on."""

    asked: Asked
    release: Release
    previous: Determination | None

    @property
    def parameters(self) -> dict[str, str]:
        return {"programme": self.asked.rule.programme, "period": str(self.asked.period)}


def determine(programme: str, period: Period, *, by: Actor, release_id: int | None = None) -> dict[str, Any]:
    """Seal the list of a programme and period. Called again on the same inputs it answers with the list that exists."""
    [answer] = determine_all([(programme, period)], by=by, release_id=release_id)
    return answer


def determine_all(
    lists: Sequence[tuple[str, Period]], *, by: Actor, release_id: int | None = None
) -> list[dict[str, Any]]:
    """Seal several lists, each of another programme: those of one register are worked out in one pass over its people."""
    assert len({programme for programme, _period in lists}) == len(lists), (
        "an earlier period is determined before a later one"
    )
    by.require("plan")
    by.require_whole_country()
    rules = [programmes.rule_for(programme, period) for programme, period in lists]
    releases = [_release(period, release_id) for _programme, period in lists]
    draws = [_draw(*one, release, by) for one, release in zip(lists, releases, strict=True)]
    with connect("owner") as owner, ExitStack() as locks, engine() as run:
        for programme, period in sorted(lists):
            locks.enter_context(run_lock(owner, f"enrolment.determine {programme} {period}"))
        standing = [
            _gather(run, rule, period, release, draw, by)
            for rule, (_programme, period), release, draw in zip(rules, lists, releases, draws, strict=True)
        ]
        sealed = _sealed(run, standing, by)
        return [_answer(run, one, *sealed[number], by) for number, one in enumerate(standing)]


def _sealed(run: Engine, standing: Sequence[Standing], by: Actor) -> dict[int, tuple[Dataset, Dataset | None]]:
    """Each list and the counts of its admitted, by its number; lists that share a register and a cut are worked out together."""
    together: dict[tuple[int, Cut], list[int]] = {}
    for number, one in enumerate(standing):
        together.setdefault((one.release.pk, one.asked.cut(run)), []).append(number)
    found: dict[int, tuple[Dataset, Dataset | None]] = {}
    for (_register, cut), numbers in together.items():
        with ExitStack() as stack:
            writing = {number: stack.enter_context(_sealing(run, standing[number], by)) for number in numbers}
            missing = [
                (standing[number].asked, Files(*(one if one and not one.existing else None for one in writing[number])))
                for number in numbers
            ]
            if wanted := [(asked, files) for asked, files in missing if any(files)]:
                listing.write(run, wanted, cut)
            for number, (listed, counts) in writing.items():
                found[number] = (listed.list(), counts.list() if counts else None)
    return found


@contextmanager
def _sealing(run: Engine, one: Standing, by: Actor) -> Iterator[tuple[Sealing, Sealing | None]]:
    seals: dict[str, Any] = {"step": STEP, "by": by.name, "inputs": one.asked.inputs(), "parameters": one.parameters}
    with ExitStack() as stack:
        listed = stack.enter_context(Sealing(run, LIST, **seals))
        has_components = bool(one.asked.rule.benefit.components)
        yield listed, stack.enter_context(Sealing(run, COUNTS, **seals)) if has_components else None


def _answer(run: Engine, one: Standing, listed: Dataset, counted: Dataset | None, by: Actor) -> dict[str, Any]:
    summary = _summary(run, one.asked, listed)
    made = _recorded(one, listed, counted, summary, by)
    return one.parameters | {"release": made.release_id, **summary, "list_digest": listed.digest}


def _recorded(
    one: Standing, listed: Dataset, counted: Dataset | None, summary: dict[str, Any], by: Actor
) -> Determination:
    """The newest determination, made anew unless it has this very list.

    What was tried in between must not stay the list that counts, so the same list may be determined twice.
    """
    newest = Determination.objects.filter(**one.parameters).order_by("-pk").first()
    if newest and (newest.listed_id, newest.counted_id) == (listed.pk, counted.pk if counted else None):
        return newest
    with transaction.atomic():
        made = Determination.objects.create(
            **one.parameters, release=one.release, rule_version=one.asked.rule.version, listed=listed, counted=counted,
            previous=one.previous, summary=summary, by=by.name, person=by.person,
        )  # fmt: skip
        counts = {name: summary[name] for name in ("considered", *Outcome)}
        audit.record("enrolment.determined", f"determination:{made.pk}", by=by.name, digest=listed.digest, **counts)
    return made


def _release(period: Period, release_id: int | None) -> Release:
    """The release asked for, or the newest, that speaks for a day on or before the period's last day."""
    releases = Release.objects.filter(as_of__lte=period.last_day).order_by("-as_of", "-pk")
    newest = releases.first()
    if newest is None:
        raise Refused(
            _("Belum ada rilis registri untuk tanggal %(day)s atau sebelumnya; jalankan salur registry release.")
            % {"day": period.last_day.isoformat()}
        )
    if release_id is None:
        return newest
    found = releases.filter(pk=release_id).first()
    if found is None:
        raise Refused(
            _("Rilis %(asked)s tidak ada untuk tanggal %(day)s atau sebelumnya; yang terbaru rilis %(newest)s.")
            % {"asked": release_id, "day": period.last_day.isoformat(), "newest": newest.pk}
        )
    return found


def _draw(programme: str, period: Period, release: Release, by: Actor) -> Draw:
    draw = Draw.objects.filter(programme=programme, period=str(period), is_current=True).first()
    names = {"programme": programme, "period": period}
    if draw is None:
        raise Refused(
            _("Undian %(programme)s %(period)s belum dikunci; jalankan salur draw commit lalu rilis registri lagi.")
            % names
        )
    if draw.committed_at >= release.sealed_at:
        raise Refused(
            _("Undian %(programme)s %(period)s dikunci setelah rilis disegel; segel rilis baru lebih dahulu.") % names
        )
    if draw.person == by.person:
        raise Refused(_("Undian ini dikunci oleh orang yang sama; penetapan harus dilakukan petugas lain."))
    return draw


def _previous(programme: str, period: Period) -> Determination | None:
    """Of the latest earlier period the list that was approved last, or the newest one while none is approved: what is determined for a
    period after its approval pays nobody, so it keeps nobody's place either."""
    earlier = Determination.objects.filter(programme=programme, period__lt=str(period))
    newest = earlier.order_by("-period", "-pk").first()
    if newest is None:
        return None
    return earlier.filter(period=newest.period, approved__isnull=False).order_by("-approved__pk").first() or newest


def _gather(run: Engine, rule: Rule, period: Period, release: Release, draw: Draw, by: Actor) -> Standing:
    rows = list(Quota.objects.filter(programme=rule.programme, period=str(period)).values_list("region_code", "places"))
    if not rows:
        raise Refused(
            _("Belum ada kuota %(programme)s %(period)s; impor kuota dengan salur quota import.")
            % {"programme": rule.programme, "period": period}
        )
    quotas = pa.table(
        {"region_code": [code for code, _places in rows], "places": pa.array([n for _code, n in rows], pa.int64())}
    )
    values = {"programme": rule.programme, "period": str(period), "rule": rule.to_json(), "secret": draw.secret}
    parameters = pa.table({"name": list(values), "value": list(values.values())})
    previous = _previous(rule.programme, period)
    asked = Asked(
        rule,
        period,
        draw.secret,
        release.families,
        release.persons,
        seal(run, QUOTAS, quotas, step=STEP, by=by.name),
        seal(run, PARAMETERS, parameters, step=STEP, by=by.name),
        previous.listed if previous else None,
    )
    return Standing(asked, release, previous)


def _summary(run: Engine, asked: Asked, listed: Dataset) -> dict[str, Any]:
    """How many have each outcome, and the quota regions with places left over; from one reading of the list."""
    rows = lake.read(run, listed)
    by_region = run.keep(rows.group_by(["quota_region", "outcome"]).agg(n=rows.count()))
    found = dict(_pairs(run, by_region.group_by("outcome").agg(n=total(by_region.n))))
    counts = {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
    inside = by_region.filter(by_region.outcome.isin((Outcome.ADMITTED.value, Outcome.HELD.value)))
    taken = dict(_pairs(run, inside.group_by("quota_region").agg(n=total(inside.n))))
    own = _pairs(run, places(lake.read(run, asked.quotas)).order_by("region_code"))
    unfilled = {region: free for region, n in own if (free := n - taken.get(region, 0)) > 0}
    return {"considered": sum(counts.values()), **counts, "unfilled": unfilled}


def _pairs(run: Engine, rows: ir.Table) -> list[tuple[str, int]]:
    return list(zip(*run.arrow(rows).to_pydict().values(), strict=True))
