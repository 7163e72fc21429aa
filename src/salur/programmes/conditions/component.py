"""Which member has which component: the components by their code, and the one test that all share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import School
from salur.programmes.conditions.civil_status import is_matched
from salur.programmes.conditions.education import attends
from salur.programmes.conditions.health import is_in_early_childhood, is_pregnant
from salur.programmes.conditions.welfare import is_elderly, is_severely_disabled
from salur.programmes.rule import Rule

PREDICATES: Mapping[str, Callable[[ir.Table, Rule, date], ir.BooleanValue]] = {
    "HAMIL": is_pregnant,
    "ANAK_USIA_DINI": is_in_early_childhood,
    "SD": attends(School.SD),
    "SMP": attends(School.SMP),
    "SMA": attends(School.SMA),
    "DISABILITAS_BERAT": is_severely_disabled,
    "LANSIA": is_elderly,
}


def has_component(persons: ir.Table, component: str, rule: Rule, on: date) -> ir.BooleanValue:
    """The member brings this component: has what it asks for, and the civil registry matches him or her."""
    return is_matched(persons.civil_status) & PREDICATES[component](persons, rule, on)
