"""Every step of every context, from tables of one engine to results with their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import ibis.expr.types as ir

from programmes.test_engines import rule_named
from programmes.test_engines import steps as programme_steps
from salur.delivery.steps.lines import TOLD, accounted, in_file, lines, recognised, strangers
from salur.delivery.steps.route import route
from salur.delivery.tables import INSTRUCTIONS, LINES
from salur.enrolment.steps.places import places, quota_region
from salur.enrolment.steps.rank import earlier, rank
from salur.enrolment.tables import LIST
from salur.foundation.engine.session import Engine
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.tables import Table
from salur.monitoring.indicators import rights
from salur.monitoring.tables import MEASURES
from salur.programmes.conditions.eligibility import eligibility
from salur.reconciliation.steps import fold, settle
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT
from salur.registry.steps.holder import holder

Given = Mapping[str, ir.Table]
# A result with its declared table, or with the columns that nobody has twice.
Results = dict[str, tuple[ir.Table, Table | tuple[str, ...]]]
Steps = Callable[[Engine, Given], Results]
MAY = Period.parse("2023-05")
CYCLE = "SEMBAKO-2023-05"
DUE_DAY = 19_487
RECIPIENT = ("recipient_id",)


def registry(run: Engine, t: Given) -> Results:
    return {"holder": (holder(t["persons"], t["accounts"], as_of_year=2023, as_of_day=531), RECIPIENT)}


def programmes(run: Engine, t: Given, *, programme: str, period: str) -> Results:
    when = Period.parse(period)
    made = programme_steps(t["families"], t["persons"], t["admitted"], rule_named(programme, when), when)
    return {name: (step, RECIPIENT) for name, step in made.items()}


def enrolment(run: Engine, t: Given) -> Results:
    rule = rule_named("SEMBAKO", MAY)
    first = rank(t["verdicts"], t["quotas"], None, rule=rule, period=MAY, secret="rahasia")
    before = earlier(t["previous"])
    later = rank(t["verdicts"], t["quotas"], before, rule=rule, period=MAY, secret="rahasia")
    return {
        "places": (places(t["quotas"]), ("region_code",)),
        "quota_region": (quota_region(t["verdicts"], t["quotas"]), RECIPIENT),
        "earlier": (before, ("earlier_id",)),
        "first list": (first, LIST),
        "later list": (later, LIST),
    }


def determination(run: Engine, t: Given) -> Results:
    """The whole way from people to a list, as one expression: what `enrolment determine` asks of an engine."""
    rule = rule_named("PKH", Period.parse("2023-T2"))
    made = programme_steps(t["families"], t["persons"], t["admitted"], rule, Period.parse("2023-T2"))
    judged = eligibility(made["features"], rule=rule)
    return {"list": (rank(judged, t["quotas"], None, rule=rule, period=Period.parse("2023-T2"), secret="x"), LIST)}


def delivery(run: Engine, t: Given) -> Results:
    routed = route(t["due"], t["channels"], t["holders"], cycle=CYCLE)
    parsed = run.keep(_lines(run, t["cells"], t["sent"], "f"))
    before = run.keep(_lines(run, t["earlier_cells"], t["sent"], "e"))
    return {
        "instructions": (routed.kept, INSTRUCTIONS),
        "findings": (routed.findings, FINDINGS),
        "lines": (parsed, LINES),
        "accounted": (accounted(parsed, before), ("whole",)),
    }


def _lines(run: Engine, cells: ir.Table, sent: ir.Table, file: str) -> ir.Table:
    found = run.keep(recognised(cells, sent).select(*TOLD))
    named = strangers(found, channel="BRI", cycles=[CYCLE], fallback_cycle=CYCLE, key="k")
    return in_file(lines(found, channel="BRI").union(named), file=file)


def reconciliation(run: Engine, t: Given) -> Results:
    """As reconciliation.match goes: a few turns, keep, a few turns more."""
    line, key = ("recipient_id", "attempt", "kind", "proof"), ("recipient_id", "attempt")
    distinct = run.keep(fold.distinct_lines(t["lines"]))
    state = fold.begin(t["instructed"])
    for taken in fold.turns(run.arrow(distinct.nth.max()).as_py(), 6):
        state = run.keep(fold.advance(state, distinct, taken))
    settled = run.keep(settle.settle(state, distinct, t["not_sent"]))
    return {
        "distinct_lines": (distinct, line),
        "advance": (state, key),
        "settlement": (settle.columns(settled), SETTLEMENT),
        "exceptions": (settle.exceptions(settled, t["lines"]), EXCEPTIONS),
    }


def monitoring(run: Engine, t: Given) -> Results:
    facts = run.keep(rights.facts(t["entitled"], t["settled"], t["still"], DUE_DAY))
    sums, considered = run.keep(rights.village_sums(facts)), run.keep(rights.village_places(t["listed"]))
    counted = facts.group_by(facts.columns).agg(n=facts.count())
    first = t["settled"].filter(t["settled"].attempt == 1)
    once = rights.facts(t["entitled"], first, t["still"], DUE_DAY, has_attempts=False)
    return {
        "facts": (counted, tuple(facts.columns)),
        "facts_of_one_attempt": (once.group_by(once.columns).agg(n=once.count()), tuple(once.columns)),
        "village_sums": (sums, ("region_code",)),
        "village_places": (considered, ("region_code",)),
        "measures": (rights.measures(sums, considered, t["regency_quotas"], t["causes"]), MEASURES),
    }


STEPS: Mapping[str, Steps] = {
    "registry": registry,
    "sembako": partial(programmes, programme="SEMBAKO", period="2023-05"),
    "pkh": partial(programmes, programme="PKH", period="2019-T1"),
    "strange": partial(programmes, programme="strange", period="2023-T1"),
    "enrolment": enrolment,
    "determination": determination,
    "delivery": delivery,
    "reconciliation": reconciliation,
    "monitoring": monitoring,
}
