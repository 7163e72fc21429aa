"""Is the family eligible, and if not, what stands in the way?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from salur.programmes.conditions.requirement import is_met, numbers
from salur.programmes.rule import Requirement, Rule

ELIGIBLE = "eligible"
HELD = "held"
NOT_ELIGIBLE = "not_eligible"


def eligibility(features: ir.Table, *, rule: Rule) -> ir.Table:
    """One row for every row of `features`: recipient_id, village_code, decile, and what `judge` and `tell` add."""
    judged = judge(features.mutate(unmet=unmet(features, rule=rule)), rule=rule)
    told = tell(judged, rule=rule)
    return told.select("recipient_id", "village_code", "decile", "verdict", "reason", "article", "numbers")


def unmet(features: ir.Table, *, rule: Rule) -> ir.IntegerValue:
    """The number of the first requirement that is not met (int16), or how many there are when all are: conditions come before holds, each
    in the rule's order.

    A small number that costs much to find and from which `judge` and `tell` take the rest; where rows are looked at more than once it is
    worth keeping.
    """
    requirements = [*rule.conditions, *rule.holds]
    failed = [(~is_met(features, one), nth) for nth, one in enumerate(requirements)]
    return _first(failed, len(requirements)).cast("int16")


def judge(features: ir.Table, *, rule: Rule) -> ir.Table:
    """`features`, which have their `unmet`, with the verdict: eligible, held or not_eligible."""
    stands_in_the_way = features.unmet < len(rule.conditions)
    holds = features.unmet < len(rule.conditions) + len(rule.holds)
    return features.mutate(verdict=ibis.cases((stands_in_the_way, NOT_ELIGIBLE), (holds, HELD), else_=ELIGIBLE))


def tell(judged: ir.Table, *, rule: Rule) -> ir.Table:
    """`judged` with reason ('' when eligible), article, and numbers: what decided, as the inside of a JSON object; for an eligible family
    what the conditions looked at.

    Apart from the verdict, so that a list can be ranked before its texts are written.
    """
    looked_at = [row for requirement in rule.conditions for row in requirement.rows]

    def said(of: Callable[[Requirement], str | ir.StringValue], otherwise: str | ir.StringValue) -> ir.StringValue:
        requirements = (*rule.conditions, *rule.holds)
        return _first([(judged.unmet == nth, of(one)) for nth, one in enumerate(requirements)], otherwise)

    return judged.mutate(
        reason=said(lambda one: one.reason, ""),
        article=said(lambda one: one.article, rule.article),
        numbers=said(lambda one: numbers(judged, one.rows), numbers(judged, looked_at)),
    )


def _first(cases: Sequence[tuple[ir.BooleanValue, Any]], otherwise: Any) -> ir.Value:
    return ibis.cases(*cases, else_=otherwise) if cases else ibis.literal(otherwise)
