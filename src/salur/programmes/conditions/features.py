"""What is known about each family on the first day of a period, in one row."""

from __future__ import annotations

import ibis.expr.types as ir

from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.wide import int64
from salur.programmes.conditions.age import has_reached
from salur.programmes.conditions.civil_status import is_alive
from salur.programmes.conditions.component import has_component
from salur.programmes.conditions.occupation import has_excluded_occupation
from salur.programmes.rule import Rule


def features(families: ir.Table, persons: ir.Table, *, rule: Rule, period: Period) -> ir.Table:
    """One row for every family, also for one without members.

    families: recipient_id, village_code, decile, holder_status · persons: as registry.tables.PERSONS.
    Gives recipient_id, village_code, decile (may be empty), holder_status ('' without holder), living, adults
    (int64), excluded_occupation ('' for none, the first by code of several), components (int64: how many
    person-components this rule sees, before any cap or maximum).
    """
    members = _members(persons, rule, period)
    joined = families.left_join(members, families.recipient_id == members.member_of)
    return joined.select(
        "recipient_id",
        "village_code",
        "decile",
        holder_status=joined.holder_status.fill_null(""),
        living=joined.living.fill_null(0),
        adults=joined.adults.fill_null(0),
        excluded_occupation=joined.excluded_occupation.fill_null(""),
        components=joined.components.fill_null(0),
    )


def _members(persons: ir.Table, rule: Rule, period: Period) -> ir.Table:
    """The members of each family counted, in one pass. Counts, not sums: a sum is wider than 64 bits on DuckDB."""
    on = period.first_day
    alive = is_alive(persons.civil_status)
    counts = [
        persons.count(where=has_component(persons, component.name, rule, on)) for component in rule.benefit.components
    ]
    return persons.group_by(member_of=persons.recipient_id).agg(
        living=persons.count(where=alive),
        adults=persons.count(where=alive & has_reached(persons.birth_date, rule.ages.adult, on)),
        excluded_occupation=persons.occupation.min(where=has_excluded_occupation(persons, rule)),
        components=sum(counts, start=int64(0)),
    )
