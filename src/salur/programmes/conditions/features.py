"""What is known about each family on the first day of a period, in one row.

Counting the members is the one part that reads every person of the country, so several lists can be counted in one pass: `counted`
gives one wide row for each family, `features` takes from it what one list asks.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir

from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.wide import int64
from salur.programmes.conditions.age import has_reached
from salur.programmes.conditions.civil_status import is_alive
from salur.programmes.conditions.component import has_component
from salur.programmes.conditions.occupation import has_excluded_occupation
from salur.programmes.rule import Rule

Asked = tuple[Rule, Period]


def counted(families: ir.Table, persons: ir.Table, lists: Sequence[Asked]) -> ir.Table:
    """One row for every family, also for one without members, with what each of the lists counts in it.

    families: recipient_id, village_code, decile, holder_status · persons: as registry.tables.PERSONS.
    Gives recipient_id, village_code, decile (may be empty), holder_status ('' without holder), living, and for the n-th list, from 0,
    adults_n (int64) and <component>_n (int64) for each component of its rule: how many members have it, before any cap or maximum.
    Lists that exclude the same occupations share one column of them ('' for none, the first by code of several).
    """
    members = _members(persons, lists)
    joined = families.left_join(members, families.recipient_id == members.member_of)
    counts = {name: joined[name].fill_null("" if _is_text(name) else 0) for name in members.columns[1:]}
    return joined.select(
        "recipient_id", "village_code", "decile", holder_status=joined.holder_status.fill_null(""), **counts
    )


def features(known: ir.Table, *, rule: Rule, nth: int = 0) -> ir.Table:
    """What the n-th list sees of each family. known: as `counted` gives.

    Gives recipient_id, village_code, decile, holder_status, living, adults, excluded_occupation and components (int64): how many
    person-components this rule sees.
    """
    return known.select(
        "recipient_id", "village_code", "decile", "holder_status", "living", **seen(known, rule=rule, nth=nth)
    )


def seen(known: ir.Table, *, rule: Rule, nth: int = 0) -> dict[str, ir.Value]:
    """What the n-th list counts in a family, by the names that requirements use: columns to be put beside those of `known`."""
    return {
        "adults": known[f"adults_{nth}"],
        "excluded_occupation": known[_excluded_by(rule)],
        "components": sum((known[name] for name in counts_of(rule, nth).values()), start=int64(0)),
    }


def counts_of(rule: Rule, nth: int = 0) -> dict[str, str]:
    """The column of `counted` in which the members with each component of the rule are counted."""
    return {component.name: f"{component.name}_{nth}" for component in rule.benefit.components}


def _excluded_by(rule: Rule) -> str:
    return "_".join(("excluded_occupation", *sorted(rule.excluded_occupations)))


def _is_text(name: str) -> bool:
    return name.startswith("excluded_occupation")


def _members(persons: ir.Table, lists: Sequence[Asked]) -> ir.Table:
    """The members of each family counted, in one pass. Counts, not sums: a sum is wider than 64 bits on DuckDB."""
    alive = is_alive(persons.civil_status)
    found: dict[str, ir.Value] = {"living": persons.count(where=alive)}
    for nth, (rule, period) in enumerate(lists):
        on = period.first_day
        found[f"adults_{nth}"] = persons.count(where=alive & has_reached(persons.birth_date, rule.ages.adult, on))
        found[_excluded_by(rule)] = persons.occupation.min(where=has_excluded_occupation(persons, rule))
        for component, name in counts_of(rule, nth).items():
            found[name] = persons.count(where=has_component(persons, component, rule, on))
    return persons.group_by(member_of=persons.recipient_id).agg(**found)
