from __future__ import annotations

import json
from dataclasses import replace

import pytest

from programmes.worlds import BASIS, Family, Person, rules, tables
from salur.foundation.vocabulary.period import Period
from salur.programmes.catalogue import rule_for
from salur.programmes.conditions.eligibility import eligibility
from salur.programmes.conditions.features import counted, features
from salur.programmes.rule import Requirement, Row, Rule

MAY = Period.parse("2023-05")
SEMBAKO = rule_for(rules(), "SEMBAKO", MAY)
ADULT = (Person(1),)


def decided(family: Family, rule: Rule = SEMBAKO) -> dict[str, str]:
    given = tables([family])
    known = features(counted(given.families, given.persons, [(rule, MAY)]), rule=rule)
    (row,) = given.rows(eligibility(known, rule=rule))
    return row | {"numbers": "{" + row["numbers"] + "}"}


def test_an_eligible_family_shows_the_numbers_that_let_it_in() -> None:
    row = decided(Family(1, ADULT, decile=3))
    assert (row["verdict"], row["reason"]) == ("eligible", "")
    assert row["numbers"] == '{"excluded_occupation":"","decile":3,"decile_from":1,"decile_to":5}'
    assert row["article"] == "Permensos 5/2021"


def test_a_family_outside_the_range_sees_its_decile_the_range_and_the_article() -> None:
    row = decided(Family(1, ADULT, decile=6))
    assert (row["verdict"], row["reason"]) == ("not_eligible", "DESIL_DI_LUAR")
    assert json.loads(row["numbers"]) == {"decile": 6, "decile_from": 1, "decile_to": 5}
    assert row["article"] == "Rentang desil sebelum DTSEN disamakan dengan 2025"


def test_an_unknown_decile_is_written_as_null() -> None:
    row = decided(Family(1, ADULT, decile=None))
    assert (row["reason"], json.loads(row["numbers"])) == ("DESIL_TIDAK_DIKETAHUI", {"decile": None})


def test_of_two_excluded_occupations_the_first_by_code_is_named() -> None:
    members = tuple(Person(number, occupation=text) for number, text in enumerate(("TNI", "BUMD", "PETANI")))
    row = decided(Family(1, members))
    assert (row["reason"], json.loads(row["numbers"])) == ("PEKERJAAN", {"excluded_occupation": "BUMD"})


@pytest.mark.parametrize("status", ["MENINGGAL", "TIDAK_PADAN", "GANDA", "PINDAH", "BELUM_CEK"])
def test_a_holder_with_a_flag_holds_the_family_and_never_drops_it(status: str) -> None:
    row = decided(Family(1, ADULT, holder_status=status))
    assert (row["verdict"], row["reason"]) == ("held", f"PENGURUS_{status}")
    assert json.loads(row["numbers"]) == {"holder_status": status}


def test_a_condition_comes_before_a_hold() -> None:
    assert decided(Family(1, ADULT, decile=9, holder_status="GANDA"))["reason"] == "DESIL_DI_LUAR"


def test_a_family_without_holder_is_held_even_when_someone_has_come_of_age_since() -> None:
    row = decided(Family(1, ADULT, holder_status=""))
    assert (row["verdict"], row["reason"]) == ("held", "TANPA_DEWASA")


def test_a_family_without_any_member_is_held_not_lost() -> None:
    assert decided(Family(1))["reason"] == "TANPA_DEWASA"


def test_any_group_is_met_by_one_of_its_rows() -> None:
    either = Requirement("X", "any", (Row("decile", "at_most", (2,)), Row("living", "at_least", (3,))), BASIS)
    rule = replace(SEMBAKO, conditions=(either,))
    assert decided(Family(1, ADULT, decile=2), rule)["verdict"] == "eligible"
    assert decided(Family(1, (Person(1), Person(2), Person(3)), decile=None), rule)["verdict"] == "eligible"
    row = decided(Family(1, ADULT, decile=3), rule)
    assert row["reason"] == "X"
    assert json.loads(row["numbers"]) == {"decile": 3, "decile_at_most": 2, "living": 1, "living_at_least": 3}


def test_one_of_takes_each_of_its_values() -> None:
    rule = replace(SEMBAKO, conditions=(Requirement("X", "all", (Row("decile", "one_of", (2, 4)),), BASIS),))
    verdicts = [decided(Family(1, ADULT, decile=decile), rule)["verdict"] for decile in (2, 3, 4)]
    assert verdicts == ["eligible", "not_eligible", "eligible"]


def test_a_rule_without_requirements_lets_everybody_in() -> None:
    rule = replace(SEMBAKO, conditions=(Requirement("X", "all", (Row("decile", "at_least", (0,)),), BASIS),), holds=())
    assert decided(Family(1, decile=1), rule)["verdict"] == "eligible"
