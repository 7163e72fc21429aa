from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from programmes.worlds import rules
from salur.foundation.vocabulary.period import Period
from salur.programmes.catalogue import rule_for
from salur.programmes.rule import Row, Rule

PKH = rule_for(rules(), "PKH", Period.parse("2023-T2"))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.programme} {rule.version}")
def test_a_rule_comes_back_from_its_json_unchanged(rule: Rule) -> None:
    assert Rule.from_json(rule.to_json()) == rule
    assert Rule.from_json(rule.to_json()).digest == rule.digest


def test_the_order_of_keys_does_not_change_the_digest() -> None:
    turned = json.dumps(dict(reversed(list(json.loads(PKH.to_json()).items()))))
    assert Rule.from_json(turned).digest == PKH.digest


def test_one_rupiah_changes_the_digest() -> None:
    first, *rest = PKH.benefit.components
    dearer = replace(first, annual_rupiah=first.annual_rupiah + 1)
    assert replace(PKH, benefit=replace(PKH.benefit, components=(dearer, *rest))).digest != PKH.digest


def test_what_division_leaves_is_paid_in_the_last_stage() -> None:
    shares = [PKH.share_rupiah(1_000_003, Period("stage", 2023, number)) for number in range(1, 5)]
    assert shares == [250_000, 250_000, 250_000, 250_003]


def test_a_rule_is_as_sure_as_its_weakest_line() -> None:
    assert PKH.confidence == "unverified"
    sure = [replace(basis, confidence="verified") for basis in PKH.legal]
    assert replace(PKH, legal=tuple(sure), conditions=(), holds=(), provenance=()).confidence == "verified"


def changed(**keys: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = json.loads(PKH.to_json())
    return {**mapping, **keys}


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (changed(colour="blue"), r"pkh.yaml: unknown keys \['colour'\]"),
        (changed(hold_deadline_days="30"), r"pkh.yaml.hold_deadline_days: '30' is not int"),
        (changed(hold_deadline_days=True), r"pkh.yaml.hold_deadline_days: True is not int"),
        (changed(period_kind="week"), r"pkh.yaml.period_kind: 'week'"),
        (changed(excluded_occupations="PNS"), r"pkh.yaml.excluded_occupations: expected a list"),
        (changed(ages={}), r"pkh.yaml.ages: missing keys \['adult'\]"),
        (changed(legal=[]), r"pkh.yaml: PKH 2022: no legal reference"),
        (changed(valid_to="2001-01-01"), r"pkh.yaml: PKH 2022: ends early"),
        (changed(benefit={"components": [], "components_max": 4}), r"pkh.yaml: components and components_max"),
    ],
)
def test_a_mistake_in_the_data_names_file_and_key(mapping: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        Rule.from_mapping(mapping, "pkh.yaml")


@pytest.mark.parametrize(
    "wrong",
    [("decile", "between", (1,)), ("decile", "equals", ("1",)), ("holder_status", "at_least", ("A",)),
     ("holder_status", "is_known", ("A",))],
)  # fmt: skip
def test_a_row_that_compares_what_cannot_be_compared_is_a_mistake(wrong: Any) -> None:
    with pytest.raises(AssertionError):
        Row(*wrong)
