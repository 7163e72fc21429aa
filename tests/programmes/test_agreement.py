"""The steps against the slow version on random small worlds."""

from __future__ import annotations

import json

import pytest

from programmes import slow
from programmes.worlds import random_world, rules, strange_rule, tables
from salur.foundation.vocabulary.period import Period
from salur.programmes.benefits.components import counts
from salur.programmes.benefits.due import due
from salur.programmes.catalogue import rule_for
from salur.programmes.conditions.eligibility import eligibility
from salur.programmes.conditions.features import counted, features
from salur.programmes.rule import Rule

CASES = [
    ("SEMBAKO", "2019-03"),
    ("SEMBAKO", "2023-05"),
    ("SEMBAKO", "2026-12"),
    ("PKH", "2019-T1"),
    ("PKH", "2019-T4"),
    ("PKH", "2020-T2"),
    ("PKH", "2023-T2"),
    ("PKH", "2024-T1"),
    ("PKH", "2026-T4"),
]
MAY, SECOND, FOURTH = (Period.parse(text) for text in ("2023-05", "2023-T2", "2023-T4"))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("programme", "period"), CASES)
def test_features_verdicts_and_amounts_equal_the_slow_version(programme: str, period: str, seed: int) -> None:
    when = Period.parse(period)
    compare(rule_for(rules(), programme, when), when, seed=seed + CASES.index((programme, period)) * 3)


@pytest.mark.parametrize("period", ["2023-T1", "2023-T2", "2023-T4"])
def test_a_rule_beyond_32_bits_with_ties_caps_and_regions_equals_the_slow_version(period: str) -> None:
    when = Period.parse(period)
    compare(strange_rule(rule_for(rules(), "PKH", when)), when, seed=1000 + when.number)


def compare(rule: Rule, period: Period, seed: int) -> None:
    world = random_world(seed, rule, period)
    given = tables(world)
    known = features(counted(given.families, given.persons, [(rule, period)]), rule=rule)

    found = {row["recipient_id"]: row for row in given.rows(known)}
    assert found == {family.recipient_id: slow.features(family, rule, period) for family in world}

    decided = given.rows(eligibility(known, rule=rule))
    verdicts = {row["recipient_id"]: (row["verdict"], row["reason"]) for row in decided}
    assert verdicts == {family.recipient_id: slow.verdict(family, rule, period) for family in world}

    brought = counts(given.persons, rule=rule, period=period)
    owed = given.rows(due(given.admitted, given.families, brought, rule=rule, period=period))
    assert len(owed) == len(world)
    amounts = {row["recipient_id"]: (json.loads(row["component_rupiah"]), row["amount_rupiah"]) for row in owed}
    assert amounts == {family.recipient_id: slow.due(family, rule, period) for family in world}

    of_members = {row.pop("recipient_id"): row for row in given.rows(brought)}
    assert of_members == {family.recipient_id: slow.counts(family, rule, period) for family in world if family.persons}


@pytest.mark.parametrize("seed", range(3))
def test_lists_that_are_counted_together_see_what_each_would_see_alone(seed: int) -> None:
    asked = [
        (rule_for(rules(), name, when), when) for name, when in (("SEMBAKO", MAY), ("PKH", SECOND), ("PKH", FOURTH))
    ]
    given = tables(random_world(seed, *asked[1]))
    together = counted(given.families, given.persons, asked)
    for nth, (rule, period) in enumerate(asked):
        alone = counted(given.families, given.persons, [(rule, period)])
        seen = features(together, rule=rule, nth=nth).order_by("recipient_id")
        assert given.rows(seen) == given.rows(features(alone, rule=rule).order_by("recipient_id"))
