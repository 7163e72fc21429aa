"""Who receives for a family: contract §2, "Holder"."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date

import pytest

from agreement.given import Row, by_key, given
from salur.registry.steps.holder import holder
from salur.registry.tables import PERSONS

AS_OF = date(2023, 5, 31)


def person(recipient: int, number: int, **traits: object) -> Row:
    plain: Row = {
        "recipient_id": recipient,
        "person_id": number,
        "birth_date": date(1980, 1, 1),
        "sex": "P",
        "relation": "LAIN",
        "civil_status": "PADAN",
        "school": "TIDAK",
        "is_pregnant": False,
        "is_severely_disabled": False,
        "occupation": "",
    }
    return plain | traits


def chosen(persons: Iterable[Row], accounts: Iterable[int] = (), as_of: date = AS_OF) -> dict[int, tuple[int, str]]:
    holders = given({"person_id": "int64"}, [{"person_id": number} for number in accounts])
    found = holder(given(PERSONS, persons), holders, as_of_year=as_of.year, as_of_day=as_of.month * 100 + as_of.day)
    return {key: (row["holder_id"], row["holder_status"]) for key, row in by_key(found, "recipient_id").items()}


def slow_holder(members: list[Row], accounts: set[int], as_of: date) -> tuple[int, str] | None:
    oldest_first = sorted(members, key=lambda one: (one["birth_date"], one["person_id"]))
    alive = [one for one in oldest_first if one["civil_status"] != "MENINGGAL"]
    with_account = [one for one in alive if one["person_id"] in accounts]
    heads = [one for one in oldest_first if one["relation"] == "KEPALA"]
    spouses = [one for one in alive if one["relation"] == "PASANGAN"]
    adults = [one for one in alive if years_old(one["birth_date"], as_of) >= 17]
    for group in (with_account, heads, spouses, adults):
        if group:
            return group[0]["person_id"], group[0]["civil_status"]
    return None


def years_old(birth_date: date, on: date) -> int:
    years = 0
    while (birth_date.year + years + 1, birth_date.month, birth_date.day) <= (on.year, on.month, on.day):
        years += 1
    return years


def test_the_living_person_with_an_account_comes_before_the_head() -> None:
    family = [person(1, 11, relation="KEPALA"), person(1, 12, relation="ANAK", birth_date=date(2015, 1, 1))]
    assert chosen(family, accounts=[12]) == {1: (12, "PADAN")}


def test_an_account_of_a_dead_person_does_not_count_and_the_head_receives() -> None:
    family = [person(1, 11, relation="KEPALA"), person(1, 12, relation="PASANGAN", civil_status="MENINGGAL")]
    assert chosen(family, accounts=[12]) == {1: (11, "PADAN")}


def test_a_dead_head_stays_the_holder_so_that_a_person_must_decide() -> None:
    family = [person(1, 11, relation="KEPALA", civil_status="MENINGGAL"), person(1, 12, relation="PASANGAN")]
    assert chosen(family) == {1: (11, "MENINGGAL")}


def test_without_a_head_the_spouse_comes_before_an_older_relative() -> None:
    family = [person(1, 11, birth_date=date(1930, 1, 1)), person(1, 12, relation="PASANGAN", civil_status="GANDA")]
    assert chosen(family) == {1: (12, "GANDA")}


@pytest.mark.parametrize(("born", "is_adult"), [(date(2006, 5, 31), True), (date(2006, 6, 1), False)])
def test_the_seventeenth_birthday_itself_makes_an_adult(born: date, is_adult: bool) -> None:
    assert chosen([person(1, 11, birth_date=born)]) == ({1: (11, "PADAN")} if is_adult else {})


def test_of_two_born_on_one_day_the_smaller_id_receives() -> None:
    assert chosen([person(1, 12), person(1, 11)]) == {1: (11, "PADAN")}


def test_who_is_born_on_29_february_comes_of_age_on_1_march() -> None:
    leap = [person(1, 11, birth_date=date(2004, 2, 29))]
    assert chosen(leap, as_of=date(2021, 2, 28)) == {}
    assert chosen(leap, as_of=date(2021, 3, 1)) == {1: (11, "PADAN")}


def test_empty_tables_give_no_holder() -> None:
    assert chosen([]) == {}


@pytest.mark.parametrize("seed", range(6))
def test_the_step_agrees_with_the_obvious_way(seed: int) -> None:
    chance = random.Random(seed)
    as_of = chance.choice((AS_OF, date(2023, 2, 28), date(2024, 2, 29)))
    edges = (
        date(as_of.year - 17, as_of.month, 28),
        date(as_of.year - 17, as_of.month, 27),
        date(2004, 2, 29),
        date(1950, 1, 1),
        date(1950, 1, 1),
        date(2020, 1, 1),
    )
    families = {
        recipient: [
            person(
                recipient,
                recipient * 100 + number,
                birth_date=chance.choice(edges),
                relation=chance.choice(("KEPALA", "PASANGAN", "ANAK", "LAIN", "LAIN")),
                civil_status=chance.choice(("PADAN", "PADAN", "MENINGGAL", "TIDAK_PADAN")),
            )
            for number in range(chance.choice((1, 1, 2, 3, 6)))
        ]
        for recipient in [*range(1, 300), 2**56]
    }
    everybody = [one for members in families.values() for one in members]
    accounts = {one["person_id"] for one in everybody if chance.random() < 0.15}
    chance.shuffle(everybody)
    expected = {key: slow_holder(members, accounts, as_of) for key, members in families.items()}
    assert chosen(everybody, sorted(accounts), as_of) == {key: found for key, found in expected.items() if found}
