"""The worked families of the catalogue."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml

from programmes.worlds import VILLAGE, Family, Person, rules, tables
from salur.foundation.vocabulary.period import Period
from salur.programmes.benefits.components import counts
from salur.programmes.benefits.due import due
from salur.programmes.catalogue import rule_for
from salur.programmes.conditions.eligibility import eligibility
from salur.programmes.conditions.features import counted, features

FOLDERS = {"SEMBAKO": "sembako", "PKH": "pkh"}
_PERSON_KEYS = {"born": "birth_date", "pregnant": "is_pregnant", "disabled": "is_severely_disabled", "school": "school",
                "civil": "civil_status", "occupation": "occupation", "sex": "sex"}  # fmt: skip


def examples(programme: str) -> list[dict[str, Any]]:
    file = files("salur.programmes") / "catalogue" / FOLDERS[programme] / "examples.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["examples"]
    return found


WORKED = [(programme, example) for programme in FOLDERS for example in examples(programme)]
CASES = [pytest.param(*worked, id=f"{worked[0]}: {worked[1]['name']}") for worked in WORKED]


def family_of(example: dict[str, Any]) -> Family:
    persons = [
        Person(number, **{_PERSON_KEYS[key]: value for key, value in written.items()})
        for number, written in enumerate(example["persons"], start=1)
    ]
    return Family(
        recipient_id=7,
        persons=tuple(persons),
        village_code=example.get("village", VILLAGE),
        decile=example.get("decile", 2),
        holder_status=example.get("holder", "PADAN"),
    )


@pytest.mark.parametrize(("programme", "example"), CASES)
def test_a_worked_family_gets_what_the_catalogue_says(programme: str, example: dict[str, Any]) -> None:
    period = Period.parse(example["period"])
    rule = rule_for(rules(), programme, period)
    given, expected = tables([family_of(example)]), example["expected"]
    known = features(counted(given.families, given.persons, [(rule, period)]), rule=rule)
    (decided,) = given.rows(eligibility(known, rule=rule))
    assert (decided["verdict"], decided["reason"]) == (expected["verdict"], expected.get("reason", ""))
    if "amount_rupiah" in expected:
        (owed,) = given.rows(
            due(
                given.admitted,
                given.families,
                counts(given.persons, rule=rule, period=period),
                rule=rule,
                period=period,
            )
        )
        assert json.loads(owed["component_rupiah"]) == expected["components"]
        assert owed["amount_rupiah"] == expected["amount_rupiah"]


@pytest.mark.parametrize(("programme", "example"), [w for w in WORKED if "year_rupiah" in w[1]["expected"]])
def test_the_four_stages_of_a_year_add_up_to_the_annual_amount(programme: str, example: dict[str, Any]) -> None:
    year = Period.parse(example["period"]).year
    given = tables([family_of(example)])
    total = 0
    for number in range(1, 5):
        period = Period("stage", year, number)
        rule = rule_for(rules(), programme, period)
        (owed,) = given.rows(
            due(
                given.admitted,
                given.families,
                counts(given.persons, rule=rule, period=period),
                rule=rule,
                period=period,
            )
        )
        total += owed["amount_rupiah"]
    assert total == example["expected"]["year_rupiah"]
