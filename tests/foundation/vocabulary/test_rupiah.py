import pytest

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.rupiah import format_compact, format_percent, format_rupiah, parse_rupiah


@pytest.mark.parametrize(
    ("rupiah", "written"),
    [(0, "Rp0"), (999, "Rp999"), (1_234_567, "Rp1.234.567"), (-1000, "-Rp1.000"), (2**40, "Rp1.099.511.627.776")],
)
def test_rupiah_has_dots_and_no_blank(rupiah: int, written: str) -> None:
    assert format_rupiah(rupiah) == written


@pytest.mark.parametrize(
    ("rupiah", "written"),
    [
        (8_410_000_000_000, "Rp8,41 triliun"),
        (8_415_000_000_000, "Rp8,42 triliun"),
        (3_500_000_000, "Rp3,5 miliar"),
        (1_000_000, "Rp1 juta"),
        (999_999, "Rp1 juta"),
        (994_999, "Rp994.999"),
        (999_999_999, "Rp1 miliar"),
        (200_000, "Rp200.000"),
        (-2_050_000, "-Rp2,05 juta"),
        (4_321_000_000_000_000, "Rp4.321 triliun"),
    ],
)
def test_large_rupiah_is_said_in_one_unit(rupiah: int, written: str) -> None:
    assert format_compact(rupiah) == written


@pytest.mark.parametrize(
    ("numerator", "denominator", "written"),
    [
        (864, 1000, "86,4%"),
        (1, 3, "33,3%"),
        (2, 3, "66,7%"),
        (1, 2000, "0,1%"),
        (3, 3, "100,0%"),
        (0, 5, "0,0%"),
        (-1, 4, "-25,0%"),
        (-1, 10**6, "0,0%"),
        (5, 0, "tidak ada data"),
        (5, None, "tidak ada data"),
        (None, 5, "tidak ada data"),
    ],
)
def test_a_percentage_has_one_decimal_or_no_data(numerator: int | None, denominator: int | None, written: str) -> None:
    assert format_percent(numerator, denominator) == written


def test_rupiah_is_read_from_digits_only() -> None:
    assert parse_rupiah("200000") == 200_000


@pytest.mark.parametrize(
    "text", ["200.000", "200,000", "Rp200000", "-5", "+5", " 5", "5\n", "", "1e6", "٥", "1_000", "9" * 19]
)
def test_other_ways_to_write_an_amount_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_rupiah(text)
