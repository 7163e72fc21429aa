"""Ages in whole years on a given day."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir


def has_reached(birth_date: ir.DateValue, years: int, on: date) -> ir.BooleanValue:
    """At least so many years old on the day; the birthday itself counts."""
    return birth_date <= _born_then(years, on)


def is_younger_than(birth_date: ir.DateValue, years: int, on: date) -> ir.BooleanValue:
    """Not yet so many years old on the day. Who is born after the day, but registered, is younger too."""
    return birth_date > _born_then(years, on)


def _born_then(years: int, on: date) -> ir.DateScalar:
    # Periods begin on the first of a month, so a birthday on 29 February needs no rule of its own.
    assert on.day == 1, f"ages are taken on the first day of a period, not on {on}"
    return ibis.date(on.replace(year=on.year - years))
