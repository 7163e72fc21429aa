"""How many members of a family bring each component?"""

from __future__ import annotations

import ibis.expr.types as ir

from salur.foundation.vocabulary.period import Period
from salur.programmes.conditions.component import has_component
from salur.programmes.rule import Rule


def counts(persons: ir.Table, *, rule: Rule, period: Period) -> ir.Table:
    """One row for each family with members: recipient_id, and a column for each component of the rule with the number of members who
    have it (int64).

    Before caps and the family's maximum, which `due` applies: a person counts once for every component he or she has. Ages are those on
    the period's first day. A rule without components gives the families alone.
    """
    return persons.group_by("recipient_id").agg(
        **{
            component.name: persons.count(where=has_component(persons, component.name, rule, period.first_day))
            for component in rule.benefit.components
        }
    )
