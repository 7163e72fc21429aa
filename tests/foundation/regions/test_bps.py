import ibis
import pytest

from salur.foundation.regions.bps import (
    ProbablyBpsCodes,
    has_district_digits,
    has_district_digits_expr,
    looks_like_bps,
    refuse_bps,
)
from support.tables import value


@pytest.mark.parametrize(
    ("unknown", "total", "seven_digits", "expected"),
    [
        (0, 0, 0, False),
        (19, 19, 0, False),  # nineteen are too few to accuse a file
        (20, 1999, 0, True),
        (20, 2000, 0, False),  # exactly one per cent is not more than one per cent
        (21, 2000, 0, True),
        (1, 10**6, 1, True),
    ],
)
def test_a_file_gives_itself_away(unknown: int, total: int, seven_digits: int, expected: bool) -> None:
    assert looks_like_bps(unknown, total, seven_digits) is expected


def test_a_file_of_bps_codes_is_refused_with_the_next_step() -> None:
    with pytest.raises(ProbablyBpsCodes, match="Kemendagri"):
        refuse_bps(30, 100)
    refuse_bps(0, 100)


def test_seven_digits_are_a_district_of_bps() -> None:
    texts = ["1101010", "11.01.010", "110101", "6371011001", "1101010\n", "110101A", ""]
    expected = [True, True, False, False, False, False, False]
    assert [has_district_digits(text) for text in texts] == expected
    assert value(has_district_digits_expr(ibis.memtable({"code": texts}).code)) == expected
