"""Which member brings which component?"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.wide import int64
from salur.programmes.conditions.component import has_component
from salur.programmes.rule import Component, Rule


def components(persons: ir.Table, *, rule: Rule, period: Period) -> ir.Table:
    """One row for each member and component: a person counts once for every component he or she has.

    Before caps and the family's maximum, which `due` applies. Gives recipient_id, person_id, component,
    annual_rupiah (int64); ages are those on the period's first day. No row when the rule has no components.
    """

    def of(component: Component) -> ir.Table:
        return persons.filter(has_component(persons, component.name, rule, period.first_day)).select(
            "recipient_id",
            "person_id",
            component=ibis.literal(component.name),
            annual_rupiah=int64(component.annual_rupiah),
        )

    found = [of(component) for component in rule.benefit.components]
    return ibis.union(*found) if len(found) > 1 else found[0] if found else _none(persons)


def _none(persons: ir.Table) -> ir.Table:
    return persons.filter(ibis.literal(False)).select(
        "recipient_id", "person_id", component=ibis.literal(""), annual_rupiah=int64(0)
    )
