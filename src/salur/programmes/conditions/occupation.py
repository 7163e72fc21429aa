"""Occupations that exclude the whole family."""

from __future__ import annotations

import ibis.expr.types as ir

from salur.programmes.conditions.civil_status import is_alive
from salur.programmes.rule import Rule


def has_excluded_occupation(persons: ir.Table, rule: Rule) -> ir.BooleanValue:
    """A living member whose occupation is on the rule's list."""
    return is_alive(persons.civil_status) & persons.occupation.isin(list(rule.excluded_occupations))
