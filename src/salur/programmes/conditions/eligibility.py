"""Is the family eligible, and if not, what stands in the way?"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.programmes.conditions.requirement import is_met, numbers
from salur.programmes.rule import Rule

ELIGIBLE = "eligible"
HELD = "held"
NOT_ELIGIBLE = "not_eligible"


def eligibility(features: ir.Table, *, rule: Rule) -> ir.Table:
    """One row for every row of `features`: the verdict by the first requirement that is not met.

    Conditions come before holds, each in the rule's order. Gives recipient_id, village_code, decile, verdict
    (eligible, held, not_eligible), reason ('' when eligible), article, numbers (JSON text: what decided; for an
    eligible family what the conditions looked at).
    """
    failed = [
        (~is_met(features, requirement), verdict, requirement)
        for verdict, requirements in ((NOT_ELIGIBLE, rule.conditions), (HELD, rule.holds))
        for requirement in requirements
    ]
    looked_at = [row for requirement in rule.conditions for row in requirement.rows]
    return features.select(
        "recipient_id",
        "village_code",
        "decile",
        verdict=_first([(fails, ibis.literal(verdict)) for fails, verdict, _r in failed], ibis.literal(ELIGIBLE)),
        reason=_first([(fails, ibis.literal(r.reason)) for fails, _v, r in failed], ibis.literal("")),
        article=_first([(fails, ibis.literal(r.article)) for fails, _v, r in failed], ibis.literal(rule.article)),
        numbers=_first([(fails, numbers(features, r.rows)) for fails, _v, r in failed], numbers(features, looked_at)),
    )


def _first(cases: list[tuple[ir.BooleanValue, ir.StringValue]], otherwise: ir.StringValue) -> ir.StringValue:
    return ibis.cases(*cases, else_=otherwise) if cases else otherwise
