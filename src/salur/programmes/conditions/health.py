"""The health components: pregnancy and early childhood."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir

from salur.programmes.conditions.age import is_younger_than
from salur.programmes.conditions.education import is_in_school
from salur.programmes.rule import Rule


def is_pregnant(persons: ir.Table, rule: Rule, on: date) -> ir.BooleanValue:
    """Pregnant or newly delivered; unknown counts as no."""
    return persons.is_pregnant.fill_null(False)


def is_in_early_childhood(persons: ir.Table, rule: Rule, on: date) -> ir.BooleanValue:
    """Below the age of the rule and not yet in school."""
    years = rule.ages.early_childhood_below
    assert years is not None, f"{rule.programme} {rule.version}: no age for early childhood"
    return is_younger_than(persons.birth_date, years, on) & ~is_in_school(persons)
