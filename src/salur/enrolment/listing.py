"""The list of a programme and period from sealed inputs only: the same for the run and for whoever recomputes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import ibis.expr.types as ir

from salur.enrolment.steps.places import COUNTRY, quota_region
from salur.enrolment.steps.rank import earlier, is_admitted, order, outcomes, place
from salur.enrolment.tables import LIST, PARAMETERS, QUOTAS
from salur.foundation.engine.session import Engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Written, write_pieces
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.span import NOWHERE, PROVINCE_DIGITS, Span
from salur.foundation.vocabulary.wide import int64
from salur.programmes.conditions.eligibility import judge, tell, unmet
from salur.programmes.conditions.features import counted, counts_of, seen
from salur.programmes.rule import COMPONENTS, Rule


class Cut(NamedTuple):
    """How a list is worked out: the spans of its files, and whether all at once or span by span."""

    places: tuple[Span, ...]
    is_whole: bool


@dataclass(frozen=True)
class Asked:
    """One list that is asked for, with everything that decides it, sealed."""

    rule: Rule
    period: Period
    secret: str
    families: Dataset
    persons: Dataset
    quotas: Dataset
    parameters: Dataset
    previous: Dataset | None

    def inputs(self) -> list[Dataset]:
        known = (self.families, self.persons, self.quotas, self.parameters, self.previous)
        return [one for one in known if one]

    def cut(self, run: Engine) -> Cut:
        """At once when the list is small or a quota reaches over provinces, else span by span; a province with a quota of its own is
        not cut."""
        quotas = lake.arrow(self.quotas)["region_code"].to_pylist()
        has_provinces = any(len(code) == PROVINCE_DIGITS for code in quotas)
        places = lake.wider_places(run, self.families, keeps_provinces=has_provinces)
        return Cut(tuple(places), COUNTRY in quotas or lake.is_small(self.families, self.persons))


class Files(NamedTuple):
    """Where a list goes: its rows, and the component counts of the admitted. None: not wanted."""

    listed: Written | None
    counts: Written | None


def asked_of(dataset: Dataset) -> Asked:
    """What was asked when a list was sealed, from nothing but its sealed inputs."""
    inputs = {one.kind: one for one in lake.inputs_of(dataset)}
    stored = dict(zip(*lake.arrow(inputs[PARAMETERS.kind]).to_pydict().values(), strict=True))
    return Asked(
        Rule.from_json(stored["rule"]),
        Period.parse(stored["period"]),
        stored["secret"],
        inputs["release_families"],
        inputs["release_persons"],
        inputs[QUOTAS.kind],
        inputs[PARAMETERS.kind],
        inputs.get(LIST.kind),
    )


def write(run: Engine, lists: Sequence[tuple[Asked, Files]], cut: Cut) -> None:
    """Work out several lists of one register in one pass over its people. All of them have the same register and the same cut."""
    first = lists[0][0]
    families, persons = lake.read(run, first.families), lake.read(run, first.persons)
    people = _judged(families, persons, [(one, lake.read(run, one.quotas)) for one, _files in lists])
    previous = [run.keep(earlier(lake.read(run, one.previous))) if one.previous else None for one, _files in lists]
    for span in (NOWHERE,) if cut.is_whole else cut.places:
        pieces = (cut.places or (NOWHERE,)) if cut.is_whole else (span,)
        with _at(run, span, cut), run.scratch():
            known = run.keep(people)
            for nth, ((one, files), before) in enumerate(zip(lists, previous, strict=True)):
                _write_one(run, one, nth, known, before, files, pieces)


@contextmanager
def _at(run: Engine, span: Span, cut: Cut) -> Iterator[None]:
    if cut.is_whole:
        yield
    else:
        with run.at(span):
            yield


def _write_one(
    run: Engine, one: Asked, nth: int, known: ir.Table, previous: ir.Table | None, files: Files, pieces: Sequence[Span]
) -> None:
    quotas, when = lake.read(run, one.quotas), {"rule": one.rule, "period": one.period}
    placed = run.step(_placed, known, previous, nth=nth, **when)
    ordered = run.keep(run.step(order, placed, quotas, secret=one.secret))
    if files.listed:
        told = run.step(tell, placed, rule=one.rule)
        write_pieces(run, files.listed, run.step(outcomes, told, ordered, **when), pieces)
    if files.counts:
        write_pieces(run, files.counts, run.step(_counts, ordered, known, rule=one.rule, nth=nth), pieces)


def _judged(families: ir.Table, persons: ir.Table, lists: Sequence[tuple[Asked, ir.Table]]) -> ir.Table:
    """What each list counts in a family, with what it asks twice, once to rank and once to tell: unmet_n and quota_region_n."""
    people = counted(families, persons, [(one.rule, one.period) for one, _quotas in lists])
    # Levels of quotas are looked up for the villages, which are few, and not for each family.
    villages = families.select("village_code").distinct()
    for nth, (one, quotas) in enumerate(lists):
        told = seen(people, rule=one.rule, nth=nth)
        judged = people.mutate(**told)
        people = judged.mutate(**{f"unmet_{nth}": unmet(judged, rule=one.rule)}).drop(*told)
        villages = quota_region(villages, quotas).rename(**{f"quota_region_{nth}": "quota_region"})
    located = people.left_join(villages, "village_code")
    is_living_asked = any(one.rule.asks("living") for one, _quotas in lists)
    kept = [name for name in people.columns if name != "living" or is_living_asked]
    return located.select(*kept, *villages.columns[1:])


def _placed(known: ir.Table, previous: ir.Table | None, *, nth: int, rule: Rule, period: Period) -> ir.Table:
    living = ["living"] if rule.asks("living") else []
    located = known.select(
        "recipient_id", "village_code", "decile", "holder_status", *living, **seen(known, rule=rule, nth=nth),
        unmet=known[f"unmet_{nth}"], quota_region=known[f"quota_region_{nth}"],
    )  # fmt: skip
    return place(judge(located, rule=rule), previous, rule=rule, period=period)


def _counts(ordered: ir.Table, known: ir.Table, *, rule: Rule, nth: int) -> ir.Table:
    """COUNTS: what the members of the admitted bring. A component that the rule does not know counts 0."""
    mine = known.semi_join(ordered.filter(is_admitted(ordered)), [("recipient_id", "ranked_id")])
    columns = counts_of(rule, nth)
    counted = {name: mine[columns[name]] if name in columns else int64(0) for name in COMPONENTS}
    return mine.select("village_code", "recipient_id", **counted)
