"""Determine who is admitted, held, waiting or not admitted: one sealed list with a reason for every family of the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db import transaction

from salur.enrolment.models import Determination, Draw
from salur.enrolment.steps.places import COUNTRY, places
from salur.enrolment.steps.rank import earlier, rank
from salur.enrolment.tables import LIST, PARAMETERS, QUOTAS
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
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
from salur.foundation.vocabulary.span import PROVINCE_DIGITS, provinces
from salur.programmes import queries as programmes
from salur.programmes.conditions.eligibility import eligibility
from salur.programmes.conditions.features import features
from salur.programmes.models import Quota
from salur.programmes.rule import Rule
from salur.registry.models import Release

STEP = "enrolment.determine/1"


@dataclass(frozen=True)
class Given:
    """Everything that decides a list, sealed."""

    families: Dataset
    persons: Dataset
    quotas: Dataset
    parameters: Dataset
    previous: Dataset | None

    def inputs(self) -> list[Dataset]:
        return [one for one in (self.families, self.persons, self.quotas, self.parameters, self.previous) if one]


def determine(programme: str, period: Period, *, by: Actor, release_id: int | None = None) -> dict[str, Any]:
    """Seal the list of a programme and period. Called again on the same inputs it answers with the list that exists."""
    by.require("plan")
    by.require_whole_country()
    rule = programmes.rule_for(programme, period)
    release = _release(period, release_id)
    draw = _draw(programme, period, release, by)
    with connect("owner") as owner, run_lock(owner, f"enrolment.determine {programme} {period}"), engine() as run:
        previous = _previous(programme, period)
        given = _gather(run, rule, period, release, draw, previous, by)
        rows = listed(run, given, rule, period, draw.secret)
        dataset = seal(run, LIST, rows, step=STEP, by=by.name, inputs=given.inputs(),
                       parameters={"programme": programme, "period": str(period)}, **cut(given))  # fmt: skip
        summary = {**_counts(run, lake.read(run, dataset)), "unfilled": _unfilled(run, lake.read(run, dataset), given)}
        standing = {"release": release, "rule_version": rule.version, "previous": previous, "summary": summary}
        made = _recorded(programme, period, dataset, standing, by)
    return {
        "programme": programme,
        "period": str(period),
        "release": made.release_id,
        **summary,
        "list_digest": dataset.digest,
    }


def _recorded(programme: str, period: Period, dataset: Dataset, standing: dict[str, Any], by: Actor) -> Determination:
    """The newest determination, made anew unless it has this very list.

    What was tried in between must not stay the list that counts, so the same list may be determined twice.
    """
    newest = Determination.objects.filter(programme=programme, period=str(period)).order_by("-pk").first()
    if newest and newest.listed_id == dataset.pk:
        return newest
    with transaction.atomic():
        made = Determination.objects.create(
            programme=programme, period=str(period), listed=dataset, by=by.name, person=by.person, **standing
        )
        counts = {name: standing["summary"][name] for name in ("considered", *Outcome)}
        audit.record("enrolment.determined", f"determination:{made.pk}", by=by.name, digest=dataset.digest, **counts)
    return made


def listed(run: Engine, given: Given, rule: Rule, period: Period, secret: str) -> ir.Table:
    """The list as an expression over sealed inputs: the same for the run and for whoever recomputes it."""
    families, persons = lake.read(run, given.families), lake.read(run, given.persons)
    known = features(families, persons, rule=rule, period=period)
    verdicts = eligibility(known, rule=rule)
    previous = run.keep(earlier(lake.read(run, given.previous))) if given.previous else None
    return rank(verdicts, lake.read(run, given.quotas), previous, rule=rule, period=period, secret=secret)


def cut(given: Given) -> dict[str, Any]:
    """How the list is worked out: at once when it is small or a quota reaches over provinces, else span by span; a province with a
    quota of its own is not cut."""
    quotas = lake.arrow(given.quotas)["region_code"].to_pylist()
    places = lake.places(given.families)
    if any(len(code) == PROVINCE_DIGITS for code in quotas):
        places = provinces(places)
    return {"places": places, "is_whole": COUNTRY in quotas or lake.is_small(given.families, given.persons)}


def recompute(run: Engine, dataset: Dataset) -> tuple[ir.Table, dict[str, Any]]:
    """The list once more, from nothing but its sealed inputs, and how it is cut."""
    inputs = {one.kind: one for one in lake.inputs_of(dataset)}
    given = Given(
        inputs["release_families"],
        inputs["release_persons"],
        inputs[QUOTAS.kind],
        inputs[PARAMETERS.kind],
        inputs.get(LIST.kind),
    )
    stored = dict(zip(*lake.arrow(given.parameters).to_pydict().values(), strict=True))
    rows = listed(run, given, Rule.from_json(stored["rule"]), Period.parse(stored["period"]), stored["secret"])
    return rows, cut(given)


def _release(period: Period, release_id: int | None) -> Release:
    """The newest release that speaks for a day on or before the period's last day."""
    releases = Release.objects.filter(as_of__lte=period.last_day)
    found = releases.filter(pk=release_id).first() if release_id else releases.order_by("-as_of", "-pk").first()
    if found is None:
        raise Refused(
            _("Belum ada rilis registri untuk tanggal %(day)s atau sebelumnya; jalankan salur registry release.")
            % {"day": period.last_day.isoformat()}
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
    """The newest list of the latest earlier period."""
    return Determination.objects.filter(programme=programme, period__lt=str(period)).order_by("-period", "-pk").first()


def _gather(
    run: Engine, rule: Rule, period: Period, release: Release, draw: Draw, previous: Determination | None, by: Actor
) -> Given:
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
    return Given(
        release.families,
        release.persons,
        seal(run, QUOTAS, quotas, step=STEP, by=by.name),
        seal(run, PARAMETERS, parameters, step=STEP, by=by.name),
        previous.listed if previous else None,
    )


def _counts(run: Engine, rows: ir.Table) -> dict[str, int]:
    found = dict(zip(*run.arrow(rows.group_by("outcome").agg(n=rows.count())).to_pydict().values(), strict=True))
    counts = {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
    return {"considered": sum(counts.values()), **counts}


def _unfilled(run: Engine, rows: ir.Table, given: Given) -> dict[str, int]:
    """Quota regions with places left over, and how many."""
    taken = (
        rows.filter(rows.outcome.isin((Outcome.ADMITTED.value, Outcome.HELD.value)))
        .group_by("quota_region")
        .agg(n=ibis._.count())
    )
    own = places(lake.read(run, given.quotas))
    left = own.left_join(taken, own.region_code == taken.quota_region).mutate(
        free=lambda t: t.places - t.n.fill_null(0)
    )
    table = run.arrow(left.filter(left.free > 0).order_by("region_code").select("region_code", "free"))
    return dict(zip(*table.to_pydict().values(), strict=True))
