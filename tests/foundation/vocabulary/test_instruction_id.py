import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from salur.foundation.vocabulary import instruction_id as ids
from support.tables import records, value

CYCLE = "SEMBAKO-2023-05..2023-06"
LONGEST = "ABCDEFGHIJKLMNZZZZZZ-2023-T2..2023-T3"

cycles = st.sampled_from([CYCLE, "SEMBAKO-2023-05", "PKH-2023-T2", "BLT_BBM-2022-09", LONGEST])
recipients = st.one_of(st.integers(1, 2**63 - 1), st.sampled_from([1, 96, 97, 98, 10**18, 2**63 - 1]))
attempts = st.integers(1, 999)


@given(cycles, recipients, attempts)
def test_check_digits_are_those_of_iso_7064(cycle: str, recipient: int, attempt: int) -> None:
    spelt = "".join(c for c in f"{cycle}{recipient:019d}{attempt}" if c.isalnum())
    check = ids.check_digits(cycle, recipient, attempt)
    assert check == mod_97_10.calc_check_digits(spelt)
    assert mod_97_10.is_valid(spelt + check)


@given(cycles, recipients, attempts)
def test_what_is_written_is_read_again(cycle: str, recipient: int, attempt: int) -> None:
    assert ids.parse(ids.instruction_id(cycle, recipient, attempt)) == (cycle, recipient, attempt)


@settings(max_examples=15)
@given(cycles, st.lists(st.tuples(recipients, attempts), min_size=1, max_size=30))
def test_a_column_is_written_and_read_as_single_ids_are(cycle: str, pairs: list[tuple[int, int]]) -> None:
    given_pairs = ibis.memtable({"recipient": [r for r, _ in pairs], "attempt": [a for _, a in pairs]})
    written = value(ids.instruction_id_expr(cycle, given_pairs.recipient, given_pairs.attempt))
    assert written == [ids.instruction_id(cycle, r, a) for r, a in pairs]
    for known in ((), (cycle,), ("PKH-2020-T1",)):
        assert read_column(written, known) == [(cycle, r, a, True, True) for r, a in pairs]


@pytest.mark.parametrize("right", [ids.instruction_id(CYCLE, 2**62 + 5, 1), ids.instruction_id("PKH-2023-T2", 42, 100)])
def test_one_wrong_character_shows(right: str) -> None:
    wrong = [right[:p] + c + right[p + 1 :] for p in range(len(right)) for c in "0123456789AZ" if c != right[p]]
    assert [ids.parse(text) for text in wrong] == [None] * len(wrong)
    for known in ((), (CYCLE,)):
        assert not any(row[4] for row in read_column(wrong, known))


@pytest.mark.parametrize("right", [ids.instruction_id(CYCLE, 2**62 + 5, 1), ids.instruction_id("PKH-2023-T2", 42, 100)])
def test_two_neighbours_that_changed_places_show(right: str) -> None:
    swapped = [right[:p] + right[p + 1] + right[p] + right[p + 2 :] for p in range(len(right) - 1)]
    wrong = [text for text in swapped if text != right]
    assert [ids.parse(text) for text in wrong] == [None] * len(wrong)
    assert not any(row[4] for row in read_column(wrong, (CYCLE,)))


RIGHT = ids.instruction_id("PKH-2023-T2", 42, 1)


@pytest.mark.parametrize(
    "text",
    ["", "-", "x" * 200, RIGHT.lower(), RIGHT + "\n", " " + RIGHT, RIGHT[:-1], RIGHT[1:], RIGHT.replace("-1-", "-01-"),
     "PKH-2023-T2-9999999999999999999-1-50", "0000000000000000042-1-50", "٤" * 40,
     "PKH-2023-T2-+000000000000000042-1-10"],
)  # fmt: skip
def test_text_that_is_no_id_is_never_taken_for_one(text: str) -> None:
    assert ids.parse(text) is None
    assert read_column([text], ("PKH-2023-T2",))[0][4] is False


def test_a_missing_id_is_no_id() -> None:
    columns = ids.parse_expr(ibis.null("string"))
    assert (value(columns.is_well_formed), value(columns.check_ok)) == (False, False)


def read_column(texts: list[str], known: tuple[str, ...]) -> list[tuple[object, ...]]:
    lines = ibis.memtable({"place": list(range(len(texts))), "id": texts})
    columns = ids.parse_expr(lines.id, known)
    return [row[1:] for row in records(lines.select(lines.place, **columns._asdict()))]
