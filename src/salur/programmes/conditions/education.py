"""The education components: a member at one of the three levels of school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import School
from salur.programmes.rule import Rule

LEVELS = (School.SD, School.SMP, School.SMA)


def is_in_school(persons: ir.Table) -> ir.BooleanValue:
    """At any level; unknown counts as no."""
    return persons.school.isin([level.value for level in LEVELS]).fill_null(False)


def attends(level: School) -> Callable[[ir.Table, Rule, date], ir.BooleanValue]:
    """The predicate for one level."""

    def attends_level(persons: ir.Table, rule: Rule, on: date) -> ir.BooleanValue:
        return (persons.school == level.value).fill_null(False)

    return attends_level
