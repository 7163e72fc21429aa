"""Stretches of the country: every village in one, none in two."""

from __future__ import annotations

import random

import pytest

from salur.foundation.vocabulary.span import NOWHERE, Span, gathered, partition, provinces, spans


def test_a_small_province_is_one_span_and_a_large_one_is_cut_between_regencies() -> None:
    assert spans({"3101": 5, "3201": 6, "3202": 3, "3203": 4, "3275": 20}, 10) == [
        Span("31", "32"), Span("32", "3203"), Span("3203", "3275"), Span("3275", "33"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_every_village_lies_in_exactly_one_span(seed: int) -> None:
    chance = random.Random(seed)
    counts = {f"{chance.randrange(11, 97)}{chance.randrange(1, 80):02d}": chance.randrange(1, 50) for _ in range(60)}
    found = spans(counts, chance.choice((1, 10, 60, 10_000)))
    assert found == sorted(found)
    for regency in counts:
        village = f"{regency}01{chance.randrange(1, 2999):04d}"
        assert sum(one.start <= village < one.end for one in [NOWHERE, *found]) == 1
    assert sum(one.start <= "00" < one.end for one in [NOWHERE, *found]) == 1
    assert all(one.meets(whole) for one in found for whole in provinces(found) if one.start[:2] == whole.start[:2])


def test_spans_of_two_lists_are_cut_where_either_is() -> None:
    coarse, fine = [Span("31", "32"), Span("32", "33")], [Span("32", "3203"), Span("3203", "33"), Span("35", "36")]
    assert partition([*coarse, *fine]) == [Span("31", "32"), Span("32", "3203"), Span("3203", "33"), Span("35", "36")]
    assert partition(coarse) == coarse


def test_neighbours_with_few_rows_become_one_span() -> None:
    rows = {
        Span("33", "34"): 2.5,
        Span("11", "12"): 4,
        Span("32", "3203"): 9,
        Span("12", "13"): 5.9,
        Span("3203", "33"): 7,
    }
    assert gathered(rows, 10) == [Span("11", "13"), Span("32", "3203"), Span("3203", "34")]
    assert gathered({Span("11", "12"): 30}, 10) == [Span("11", "12")]
    assert gathered({}) == []


def test_meeting_and_holding() -> None:
    assert Span("32", "33").holds(Span("3203", "3205")) and Span("3203", "3205").meets(Span("32", "33"))
    assert not Span("31", "32").meets(Span("32", "33")) and not Span("3203", "33").holds(Span("32", "33"))
