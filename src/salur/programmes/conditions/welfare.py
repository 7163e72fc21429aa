"""The social welfare components: severe disability and old age."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from salur.programmes.conditions.age import has_reached
from salur.programmes.rule import Rule


def is_severely_disabled(persons: ir.Table, rule: Rule, on: date) -> ir.BooleanValue:
    """Unknown counts as no."""
    return persons.is_severely_disabled.fill_null(False)


def is_elderly(persons: ir.Table, rule: Rule, on: date) -> ir.BooleanValue:
    """Has reached the age that the rule of the day calls old."""
    years = rule.ages.elderly
    assert years is not None, f"{rule.programme} {rule.version}: no age for the elderly"
    return has_reached(persons.birth_date, years, on)
