"""The state of an instruction is a function of the set of its lines: contract §6."""

from __future__ import annotations

import random

import pytest

from agreement.given import Row, answers, by_key
from reconciliation import slow
from reconciliation.worlds import NINE, World, folded, instruction, line, random_world


def settled(
    *lines: Row, rupiah: int = 200, channel: str = "BRI", is_replaced: bool = False
) -> tuple[int, int, int, int, int]:
    """credited, collected, returned, excess, open of one instruction."""
    world = World([instruction(1, rupiah, channel=channel, is_replaced=is_replaced)], list(lines), [])
    (row,) = answers(folded(world).settled)
    found = tuple(row[f"{name}_rupiah"] for name in ("credited", "collected", "returned", "excess", "open"))
    assert (
        row["instructed_rupiah"] + row["excess_rupiah"]
        == row["credited_rupiah"] + row["returned_rupiah"] + row["open_rupiah"]
    )
    return found  # type: ignore[return-value]


def test_before_any_line_all_money_is_open_at_the_channel() -> None:
    assert settled() == (0, 0, 0, 0, 200)


def test_a_credit_moves_the_money_to_the_account_and_a_collection_marks_it() -> None:
    assert settled(line("KREDIT")) == (200, 0, 0, 0, 0)
    assert settled(line("KREDIT"), line("AMBIL", 150, at=1)) == (200, 150, 0, 0, 0)


def test_the_same_line_twice_is_one_line() -> None:
    assert settled(line("KREDIT"), line("KREDIT")) == (200, 0, 0, 0, 0)


def test_a_second_credit_under_another_proof_makes_excess() -> None:
    assert settled(line("KREDIT"), line("KREDIT", proof="lain")) == (400, 0, 0, 200, 0)


def test_lines_that_contradict_each_other_move_nothing() -> None:
    assert settled(line("KREDIT", 200, proof="A"), line("KREDIT", 100, proof="A")) == (0, 0, 0, 0, 200)
    assert settled(line("KREDIT", at=0, proof="A"), line("KREDIT", at=1, proof="A")) == (0, 0, 0, 0, 200)


def test_the_amount_of_a_failure_is_ignored_and_contradicts_nothing() -> None:
    failures = line("GAGAL", 7, reason="PINDAH"), line("GAGAL", 8, reason="PINDAH")
    (row,) = answers(folded(World([instruction()], list(failures), [])).settled)
    assert (row["state"], row["reason"], row["open_rupiah"]) == ("FAILED", "PINDAH", 200)


def test_a_collection_alone_is_a_credit_too() -> None:
    assert settled(line("AMBIL"), channel="POS") == (200, 200, 0, 0, 0)
    assert settled(line("AMBIL", 120)) == (120, 120, 0, 0, 80)


def test_a_collection_before_its_credit_is_not_paid_twice() -> None:
    assert settled(line("AMBIL", 200, at=1), line("KREDIT", 200, at=2)) == (200, 200, 0, 0, 0)


def test_a_collection_above_the_credit_moves_only_what_was_there() -> None:
    assert settled(line("KREDIT", 200), line("AMBIL", 300, at=1)) == (200, 200, 0, 0, 0)


def test_money_taken_back_is_at_the_channel_again_and_may_be_returned() -> None:
    assert settled(line("KREDIT"), line("TARIK", 200, at=1)) == (0, 0, 0, 0, 200)
    assert settled(line("KREDIT"), line("TARIK", 200, at=1), line("KEMBALI", 200, at=2)) == (0, 0, 200, 0, 0)


def test_taking_back_more_than_was_credited_moves_only_the_credit() -> None:
    assert settled(line("KREDIT", 150), line("TARIK", 999, at=1)) == (0, 0, 0, 0, 200)
    assert settled(line("TARIK", 200), line("KREDIT", 200, at=1)) == (200, 0, 0, 0, 0)


def test_returning_more_than_is_open_moves_only_what_is_open() -> None:
    assert settled(line("KREDIT", 150), line("KEMBALI", 200, at=1)) == (150, 0, 50, 0, 0)


def test_a_credit_after_the_return_makes_excess() -> None:
    assert settled(line("KEMBALI", 200), line("KREDIT", 200, at=1)) == (200, 0, 200, 200, 0)


def test_collected_never_exceeds_credited_when_money_is_taken_back_after_collection() -> None:
    assert settled(line("KREDIT"), line("AMBIL", 200, at=1), line("TARIK", 50, at=2)) == (150, 150, 0, 0, 50)


def test_lines_of_one_moment_are_taken_failure_credit_collection_taking_back_return() -> None:
    (row,) = answers(
        folded(
            World(
                [instruction()],
                [line(kind, proof="A") for kind in ("KEMBALI", "TARIK", "AMBIL", "KREDIT", "GAGAL")],
                [],
            )
        ).settled
    )
    assert (row["credited_rupiah"], row["returned_rupiah"], row["open_rupiah"], row["fails_after"]) == (
        0,
        200,
        0,
        False,
    )


def test_a_line_that_belongs_to_nobody_moves_nothing() -> None:
    assert settled(line("KREDIT", problem="KANAL_LAIN")) == (0, 0, 0, 0, 200)


def test_an_attempt_that_was_replaced_closes_with_nothing_open() -> None:
    assert settled(is_replaced=True) == (0, 0, 0, 0, 0)
    assert settled(line("KREDIT"), is_replaced=True) == (200, 0, 0, 200, 0)


def test_rupiah_stay_whole_beyond_32_bits() -> None:
    much = 2**53 + 1
    assert settled(line("KREDIT", much - 1), line("AMBIL", 2**40, at=1), rupiah=much) == (much - 1, 2**40, 0, 0, 1)


def since(*lines: Row) -> int | None:
    (row,) = answers(folded(World([instruction()], list(lines), [])).settled)
    return None if row["credited_at_ms"] is None else row["credited_at_ms"] - NINE


def test_the_day_of_the_credit_is_when_all_of_it_was_there() -> None:
    assert since(line("KREDIT", 150)) is None
    assert since(line("KREDIT", 150), line("KREDIT", 50, at=9)) == 9
    assert since(line("KREDIT", 200, at=3), line("KREDIT", 200, at=9)) == 3


def test_money_taken_back_whole_counts_from_its_next_credit() -> None:
    assert since(line("KREDIT"), line("TARIK", at=1)) is None
    assert since(line("KREDIT"), line("TARIK", at=1), line("KREDIT", 200, at=5)) == 5


@pytest.mark.parametrize("seed", range(5))
def test_the_fold_agrees_with_the_obvious_way_in_any_order_of_lines(seed: int) -> None:
    world = random_world(seed, families=20 if seed == 4 else 150)
    expected, _named = slow.settle(world)
    found = by_key(folded(world).settled, "recipient_id", "attempt")
    assert set(found) == set(expected), "nobody is lost"
    for key, row in expected.items():
        assert {name: found[key][name] for name in row} == row, key
    shuffled = list(world.lines)
    random.Random(seed + 100).shuffle(shuffled)
    again = by_key(
        folded(World(world.instructions, shuffled, world.not_sent), turns_at_once=3).settled, "recipient_id", "attempt"
    )
    assert again == found
    twice = World(world.instructions, shuffled + world.lines, world.not_sent)
    assert by_key(folded(twice).settled, "recipient_id", "attempt") == found


@pytest.mark.parametrize("seed", (8, 9))
def test_every_rupiah_is_in_one_place(seed: int) -> None:
    world = random_world(seed)
    found = answers(folded(world).settled)
    entitled = sum(row["instructed"] for row in world.instructions) + sum(
        row["amount_rupiah"] for row in world.not_sent
    )
    total = {name: sum(row[f"{name}_rupiah"] for row in found) for name in ("credited", "returned", "excess", "open")}
    assert entitled + total["excess"] == total["credited"] + total["returned"] + total["open"]
    for row in found:
        assert 0 <= row["collected_rupiah"] <= row["credited_rupiah"]
        assert min(row[f"{name}_rupiah"] for name in ("returned", "excess", "open")) >= 0
        assert row["attempt"] == 0 or (row["reason"] == "") == (row["open_rupiah"] == 0)


def test_empty_tables_fold_to_an_empty_table() -> None:
    assert answers(folded(World([], [], [])).settled) == []
