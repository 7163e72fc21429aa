"""Quota regions: contract §3."""

from __future__ import annotations

import random

import pytest

from agreement.given import by_key, given
from enrolment import slow
from enrolment.worlds import VILLAGES, quota, random_quotas
from salur.enrolment.steps.places import places, quota_region
from salur.enrolment.tables import QUOTAS
from salur.registry.tables import FAMILIES


def own_places(tree: dict[str, int]) -> dict[str, int]:
    return {code: row["places"] for code, row in by_key(places(given(QUOTAS, quota(tree))), "region_code").items()}


def region_of(village: str, tree: dict[str, int]) -> str | None:
    families = given(FAMILIES, [{"recipient_id": 1, "village_code": village}])
    found: str | None = by_key(quota_region(families, given(QUOTAS, quota(tree))), "recipient_id")[1]["quota_region"]
    return found


def test_a_parent_keeps_what_its_children_leave() -> None:
    assert own_places({"63": 100, "6371": 30, "6372": 20}) == {"63": 50, "6371": 30, "6372": 20}


def test_a_grandchild_is_taken_from_its_parent_only() -> None:
    assert own_places({"00": 100, "63": 60, "6371": 30, "6371011001": 5}) == {
        "00": 40,
        "63": 30,
        "6371": 25,
        "6371011001": 5,
    }


def test_a_level_that_is_left_out_is_skipped() -> None:
    assert own_places({"00": 100, "637101": 30, "6371011001": 5}) == {"00": 70, "637101": 25, "6371011001": 5}


def test_one_code_that_begins_like_another_is_not_its_child() -> None:
    assert own_places({"63": 10, "6471": 4, "64": 5}) == {"63": 10, "6471": 4, "64": 1}


def test_places_stay_whole_beyond_32_bits() -> None:
    assert own_places({"00": 2**40, "63": 2**33}) == {"00": 2**40 - 2**33, "63": 2**33}


def test_the_most_detailed_row_on_the_path_counts() -> None:
    tree = {"00": 1, "63": 1, "637101": 1}
    assert region_of("6371011001", tree) == "637101"
    assert region_of("6372011001", tree) == "63"
    assert region_of("9471011001", tree) == "00"


def test_without_a_row_on_the_path_there_is_no_quota_region() -> None:
    assert region_of("9471011001", {"63": 1}) is None
    assert region_of("9471011001", {}) is None


@pytest.mark.parametrize("seed", range(12))
def test_places_agree_with_the_obvious_way(seed: int) -> None:
    tree = random_quotas(random.Random(seed), 100)
    own = own_places(tree)
    assert own == slow.places(tree)
    assert all(left >= 0 for left in own.values()), "the tree was drawn so that children fit into their parent"
    families = given(FAMILIES, [{"recipient_id": n, "village_code": code} for n, code in enumerate(VILLAGES)])
    found = by_key(quota_region(families, given(QUOTAS, quota(tree))), "recipient_id")
    assert {n: row["quota_region"] for n, row in found.items()} == {
        n: slow.quota_region(code, tree) for n, code in enumerate(VILLAGES)
    }
