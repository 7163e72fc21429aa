from __future__ import annotations

from dataclasses import replace
from datetime import date

from programmes.worlds import BASIS, Family, Person, rules, tables
from salur.foundation.vocabulary.period import Period
from salur.programmes.benefits.components import counts
from salur.programmes.benefits.due import due
from salur.programmes.catalogue import rule_for
from salur.programmes.rule import Cap, Rule

T2 = Period.parse("2023-T2")
PKH = rule_for(rules(), "PKH", T2)
PUPIL = Person(1, birth_date=date(2010, 1, 1), school="SD")


def owed(world: list[Family], rule: Rule = PKH, period: Period = T2) -> dict[int, tuple[str, int]]:
    given = tables(world)
    brought = counts(given.persons, rule=rule, period=period)
    rows = given.rows(due(given.admitted, given.families, brought, rule=rule, period=period))
    return {row["recipient_id"]: (row["component_rupiah"], row["amount_rupiah"]) for row in rows}


def test_parts_are_named_from_the_highest_amount_down_then_by_name() -> None:
    members = (Person(1, is_pregnant=True), replace(PUPIL, person_id=2), Person(3, birth_date=date(2020, 1, 1)))
    assert owed([Family(1, members)]) == {1: ('{"ANAK_USIA_DINI":750000,"HAMIL":750000,"SD":225000}', 1_725_000)}


def test_the_fifth_component_falls_away_whoever_brings_it() -> None:
    pupils = tuple(replace(PUPIL, person_id=number) for number in range(1, 6))
    assert owed([Family(1, pupils)]) == {1: ('{"SD":900000}', 900_000)}


def test_a_family_with_nothing_due_still_has_its_row() -> None:
    assert owed([Family(1), Family(2, (Person(1),))]) == {1: ("{}", 0), 2: ("{}", 0)}


def test_a_family_that_is_not_admitted_gets_no_row_and_changes_nobody() -> None:
    given = tables([Family(1, (PUPIL,)), Family(2, (replace(PUPIL, person_id=2),))])
    one = given.admitted.filter(given.admitted.recipient_id == 2)
    brought = counts(given.persons, rule=PKH, period=T2)
    rows = given.rows(due(one, given.families, brought, rule=PKH, period=T2))
    assert [(row["recipient_id"], row["amount_rupiah"]) for row in rows] == [(2, 225_000)]


def test_the_fixed_part_is_higher_where_a_listed_code_begins_the_village_code() -> None:
    first = Period.parse("2019-T1")
    rule = rule_for(rules(), "PKH", first)
    assert rule.benefit.fixed is not None
    listed = replace(rule.benefit.fixed, akses_regions=("9401", "64"))
    rule = replace(rule, benefit=replace(rule.benefit, fixed=listed))
    villages = {1: "9401012001", 2: "9402012001", 3: "6471011001", 4: "1164012001"}
    world = [Family(number, village_code=code) for number, code in villages.items()]
    assert {number: rupiah for number, (_parts, rupiah) in owed(world, rule, first).items()} == {
        1: 1_000_000,
        2: 550_000,
        3: 1_000_000,
        4: 550_000,
    }


def test_a_cap_counts_only_when_it_is_in_force() -> None:
    family = Family(1, (replace(PUPIL, person_id=1), replace(PUPIL, person_id=2)))
    for in_force, expected in ((False, 450_000), (True, 225_000)):
        rule = replace(PKH, benefit=replace(PKH.benefit, caps=(Cap("SD", 1, in_force, BASIS),)))
        assert owed([family], rule)[1][1] == expected


def test_a_rule_without_components_asks_nobody_what_members_bring() -> None:
    given, may = tables([Family(1, (PUPIL,)), Family(2)]), Period.parse("2023-05")
    rule = rule_for(rules(), "SEMBAKO", may)
    told = due(given.admitted, given.families, None, rule=rule, period=may)
    assert {row["recipient_id"]: row["amount_rupiah"] for row in given.rows(told)} == {1: 200_000, 2: 200_000}
