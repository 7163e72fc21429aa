"""The synthetic country: its shares, its repeatability, and that both programmes can be determined on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from salur.foundation.vocabulary.span import Span
from support.house import House, Street

FAMILIES = 3_000
SEED = "uji"


@pytest.fixture(scope="module")
def told(the_street: Street) -> Iterator[tuple[House, dict[str, Any]]]:
    house = the_street.build()
    yield house, house.ok("bench", "world", "--families", str(FAMILIES), "--seed", SEED)
    the_street.tear_down(house)


def sealed(kind: str) -> pa.Table:
    from salur.foundation.lake import read as lake
    from salur.foundation.lake.models import Dataset

    return lake.arrow(Dataset.objects.get(kind=kind, parameters__seed=SEED))


def share(values: Counter[Any], of: Any) -> float:
    return values[of] / values.total()


def test_the_answer_says_that_nothing_is_real(told: tuple[House, dict[str, Any]]) -> None:
    from salur.registry.models import Release

    house, answer = told
    assert answer["synthetic"] is True and answer["families"] == FAMILIES
    assert 2.85 < answer["persons"] / FAMILIES < 3.15
    assert Release.objects.get(pk=answer["release"]).decree.startswith("SINTETIS")
    again = house.ok("bench", "world", "--families", str(FAMILIES), "--seed", SEED)
    assert {**again, "seconds": 0} == {**answer, "seconds": 0}
    assert "SALUR_HOME" in house.refused("bench", "world", "--families", "3001", "--seed", SEED)


def test_families_live_in_real_villages_in_plausible_shares(told: tuple[House, dict[str, Any]]) -> None:
    from salur.foundation.regions import codes

    rows = sealed("release_families").to_pylist()
    provinces = Counter(row["village_code"][:2] for row in rows)
    assert all(codes.exists(row["village_code"]) for row in rows)
    assert len(provinces) == 38 and provinces.most_common(1)[0][0] == "32"
    assert provinces["32"] == pytest.approx(FAMILIES * 0.18, abs=FAMILIES * 0.01)
    deciles = Counter(row["decile"] for row in rows)
    assert 0.002 < share(deciles, None) < 0.025 and all(0.07 < share(deciles, decile) < 0.13 for decile in range(1, 11))
    assert 0.9 < share(Counter(row["holder_status"] for row in rows), "PADAN") < 0.98
    assert len({row["recipient_id"] for row in rows}) == FAMILIES and min(row["recipient_id"] for row in rows) > 0


def test_members_are_as_one_expects(told: tuple[House, dict[str, Any]]) -> None:
    persons = sealed("release_persons").to_pylist()
    assert len({person["person_id"] for person in persons}) == len(persons)
    assert min(person["person_id"] for person in persons) > 0
    sizes = Counter(Counter(person["recipient_id"] for person in persons).values())
    assert set(sizes) <= set(range(1, 10)) and sizes.total() == FAMILIES
    ages = [(date(2023, 3, 31) - person["birth_date"]).days // 365.25 for person in persons]
    assert min(ages) >= 0 and 0.08 < sum(age >= 60 for age in ages) / len(ages) < 0.18
    assert 0.94 < share(Counter(person["civil_status"] for person in persons), "PADAN") < 0.98
    assert 0.47 < share(Counter(person["sex"] for person in persons), "P") < 0.53
    assert 0.1 < sum(person["school"] != "TIDAK" for person in persons) / len(persons) < 0.3
    assert all(person["sex"] == "P" for person in persons if person["is_pregnant"])
    assert any(person["is_severely_disabled"] for person in persons)
    excluded = {person["recipient_id"] for person in persons if person["occupation"]}
    assert 0.04 < len(excluded) / FAMILIES < 0.08


def test_the_holder_is_whom_the_rule_names(told: tuple[House, dict[str, Any]]) -> None:
    from salur.foundation.engine.session import local_engine
    from salur.registry.steps.holder import holder

    accounts = sealed("holders")
    owners = accounts.filter(pa.compute.not_equal(accounts["bank"], "")).select(["person_id"])
    with local_engine() as run:
        named = holder(run.given(sealed("release_persons")), run.given(owners), as_of_year=2023, as_of_day=331)
        chosen = {row.pop("recipient_id"): row for row in run.arrow(named).to_pylist()}
    nobody = {"holder_id": None, "holder_status": ""}
    for family in sealed("release_families").to_pylist():
        named = {"holder_id": family["holder_id"], "holder_status": family["holder_status"]}
        assert named == chosen.get(family["recipient_id"], nobody), family


def test_accounts_are_at_the_bank_of_the_regency(told: tuple[House, dict[str, Any]]) -> None:
    from salur.delivery.models import ChannelAssignment

    _house, answer = told
    served = dict(ChannelAssignment.objects.filter(programme="PKH").values_list("region_code", "channel_id"))
    assert set(served.values()) == {"BRI", "BNI", "MANDIRI", "BTN", "BSI", "POS"}
    rows = [row for row in sealed("holders").to_pylist() if served[row["region_code"][:4]] != "POS"]
    usual = sum(row["bank"] == served[row["region_code"][:4]] and row["status"] == "AKTIF" for row in rows)
    assert 0.92 < usual / len(rows) < 0.98
    assert all((row["account_version"] is None) == (row["bank"] == "") == (row["status"] == "") for row in rows)


def test_both_programmes_are_determined(told: tuple[House, dict[str, Any]]) -> None:
    house, answer = told
    for programme, period, places in (("SEMBAKO", "2023-05", 587), ("PKH", "2023-T2", 312)):
        found = house.ok("enrolment", "determine", programme, period, "--as", "planner")
        assert answer["quotas"][programme] == places == FAMILIES * {587: 1880, 312: 1000}[places] // 9598
        assert found["considered"] == FAMILIES
        assert found["admitted"] + found["held"] + sum(found["unfilled"].values()) == places
        assert found["admitted"] > 0.7 * places  # of a few places in each regency some find nobody
        cycle = house.ok("cycle", "open", programme, period, "--as", "planner")
        assert cycle["entitlements"] == found["admitted"]


def test_chance_comes_from_the_seed_alone(told: tuple[House, dict[str, Any]]) -> None:
    from salur.entrypoints.cli.bench import register

    made = []
    for seed in (SEED, SEED, "lain"):
        with register.opened() as run:
            register.villages(run, FAMILIES, seed)
            register.settle(run, Span("63", "64"))
            keys = {"family_rows": ["recipient_id"], "person_rows": ["recipient_id", "person_id"]}
            made.append([run.arrow(run.connection.table(view).order_by(key)) for view, key in keys.items()])
    assert made[0] == made[1]
    assert made[0][0] != made[2][0] and made[0][1] != made[2][1]


def test_a_real_house_is_refused(house: House) -> None:
    import json

    secrets = json.loads((house.home / "secrets.json").read_text())
    (house.home / "secrets.json").write_text(json.dumps({**secrets, "demo": "no"}))
    assert "salur init --demo" in house.refused("bench", "world", "--families", "10")
