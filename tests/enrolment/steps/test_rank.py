"""Outcome, rank and reason of every family considered: contract §3."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from agreement.given import Row, by_key, given
from enrolment import slow
from enrolment.worlds import VERDICTS, VILLAGES, judged, listed, quota, random_world
from programmes.worlds import rules
from salur.enrolment.steps.rank import EPOCH_ORDINAL, earlier, rank
from salur.enrolment.tables import LIST, QUOTAS
from salur.foundation.vocabulary.period import Period
from salur.programmes.catalogue import rule_for

MAY = Period.parse("2023-05")
RULE = replace(rule_for(rules(), "SEMBAKO", MAY), hold_deadline_days=90)
TODAY = MAY.first_day.toordinal() - EPOCH_ORDINAL
SECRET = "rahasia"


def ranked(
    verdicts: list[Row], tree: dict[str, int], previous: list[Row] | None = None, secret: str = SECRET
) -> dict[int, Row]:
    before = None if previous is None else earlier(given(LIST, previous))
    made = rank(given(VERDICTS, verdicts), given(QUOTAS, quota(tree)), before, rule=RULE, period=MAY, secret=secret)
    assert made.columns == LIST.names
    return by_key(made, "recipient_id")


def outcomes(verdicts: list[Row], tree: dict[str, int], previous: list[Row] | None = None) -> dict[int, str]:
    return {recipient: row["outcome"] for recipient, row in ranked(verdicts, tree, previous).items()}


def test_the_last_place_is_given_and_the_next_family_waits() -> None:
    found = outcomes([judged(1, decile=1), judged(2, decile=2), judged(3, decile=3)], {"63": 2})
    assert found == {1: "admitted", 2: "admitted", 3: "waiting"}


def test_a_quota_of_0_admits_nobody() -> None:
    assert outcomes([judged(1), judged(2)], {"63": 0}) == {1: "waiting", 2: "waiting"}


def test_the_draw_breaks_ties_of_decile_and_not_the_id() -> None:
    families = [judged(number) for number in range(1, 40)]
    found = ranked(families, {"63": 20})
    by_lot = sorted(found, key=lambda recipient: slow.lot(SECRET, recipient))
    assert [found[recipient]["rank"] for recipient in by_lot] == list(range(1, 40))
    other = ranked(families, {"63": 20}, secret="lain")
    assert {key for key, row in found.items() if row["outcome"] == "admitted"} != {
        key for key, row in other.items() if row["outcome"] == "admitted"
    }


def test_an_unknown_decile_comes_after_the_known_ones() -> None:
    assert outcomes([judged(1, decile=None), judged(2, decile=10)], {"63": 1}) == {1: "waiting", 2: "admitted"}


def test_a_flag_holds_the_family_in_its_place_and_the_next_one_does_not_move_up() -> None:
    found = ranked([judged(1, "held", decile=1), judged(2, decile=2)], {"63": 1})
    assert (found[1]["outcome"], found[1]["reason"], found[1]["held_since"]) == ("held", "PENGURUS_GANDA", TODAY)
    assert found[2]["outcome"] == "waiting"


def test_a_flag_below_the_line_waits_like_everybody_and_its_clock_does_not_run() -> None:
    found = ranked([judged(1, decile=1), judged(2, "held", decile=2)], {"63": 1})
    assert (found[2]["outcome"], found[2]["reason"], found[2]["held_since"]) == (
        "waiting",
        "DI_BAWAH_GARIS_KUOTA",
        None,
    )


@pytest.mark.parametrize(("days", "outcome"), [(90, "held"), (91, "not_admitted")])
def test_the_place_is_free_once_the_deadline_has_passed(days: int, outcome: str) -> None:
    found = outcomes([judged(1, "held"), judged(2, decile=5)], {"63": 1}, [listed(1, "held", TODAY - days)])
    assert found == {1: outcome, 2: "waiting" if outcome == "held" else "admitted"}


def test_who_was_out_after_the_deadline_is_not_held_anew() -> None:
    once = ranked([judged(1, "held")], {"63": 1}, [listed(1, "held", TODAY - 91)])[1]
    assert (once["reason"], once["held_since"]) == ("TAHAN_LEWAT_BATAS", TODAY - 91)
    again = ranked([judged(1, "held")], {"63": 1}, [once])[1]
    assert (again["outcome"], again["reason"]) == ("not_admitted", "TAHAN_LEWAT_BATAS")
    assert json.loads(again["numbers"])["hari_ditahan"] == 91


def test_a_flag_that_was_cleared_ends_the_hold() -> None:
    found = ranked([judged(1)], {"63": 1}, [listed(1, "not_admitted", TODAY - 200)])[1]
    assert (found["outcome"], found["held_since"]) == ("admitted", None)


def test_the_admitted_of_an_earlier_list_stay_before_poorer_newcomers() -> None:
    previous = [listed(1, "admitted"), listed(2, "waiting")]
    assert outcomes([judged(1, decile=5), judged(2, decile=1)], {"63": 1}, previous) == {1: "admitted", 2: "waiting"}


def test_an_earlier_admission_does_not_make_the_ineligible_eligible() -> None:
    found = ranked([judged(1, "not_eligible")], {"63": 1}, [listed(1, "admitted")])[1]
    assert (found["outcome"], found["reason"], found["rank"]) == ("not_admitted", "DESIL_DI_LUAR", None)


def test_a_place_without_any_quota_is_said_and_not_blamed_on_the_hold() -> None:
    found = ranked([judged(1, village=VILLAGES[5]), judged(2, "held", village=VILLAGES[5])], {"63": 1})
    assert {row["reason"] for row in found.values()} == {"TANPA_KUOTA"}
    assert {row["article"] for row in found.values()} == {RULE.article}


def test_the_ineligible_take_no_rank_from_anybody() -> None:
    found = ranked([judged(1, "not_eligible", decile=1), judged(2, decile=2)], {"63": 1})
    assert (found[2]["rank"], found[2]["outcome"]) == (1, "admitted")


def test_nobody_considered_gives_an_empty_list() -> None:
    assert ranked([], {"63": 1}) == {}


@pytest.mark.parametrize("seed", range(10))
def test_the_step_agrees_with_the_obvious_way(seed: int) -> None:
    world = random_world(seed, TODAY, RULE.hold_deadline_days)
    shuffled = list(world.verdicts)
    random.Random(seed).shuffle(shuffled)
    found = ranked(shuffled, world.quotas, world.previous)
    expected = slow.determine(world.verdicts, world.quotas, world.previous, SECRET, TODAY, RULE.hold_deadline_days)
    looked_at = ("outcome", "rank", "reason", "held_since", "quota_region")
    assert {key: {name: row[name] for name in looked_at} for key, row in found.items()} == expected
    assert set(found) == {family["recipient_id"] for family in world.verdicts}, "nobody is lost"
    for family in world.verdicts:
        row = found[family["recipient_id"]]
        assert json.loads(row["numbers"]) == slow.numbers(family, row, world.quotas, SECRET, TODAY)
    inside = Counter(row["quota_region"] for row in found.values() if row["outcome"] in ("admitted", "held"))
    assert all(count <= slow.places(world.quotas)[region] for region, count in inside.items())
