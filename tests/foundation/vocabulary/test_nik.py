from calendar import monthrange
from datetime import date

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.foundation.vocabulary import kk_number, nik
from support.tables import value

TODAY = date(2026, 1, 15)

CASES = {
    "3273011505900001": None,
    "3273015505900001": None,
    "9999990101900001": None,  # the place is history, never a reason
    "3273012902000001": None,  # 29 February 2000
    "3273012902010001": "NIK_TANGGAL_MUSTAHIL",
    "3273013006260001": None,  # 2026 is still to come, 1926 was
    "3273013104900001": "NIK_TANGGAL_MUSTAHIL",
    "3273010005900001": "NIK_TANGGAL_MUSTAHIL",
    "3273014005900001": "NIK_TANGGAL_MUSTAHIL",
    "3273013205900001": "NIK_TANGGAL_MUSTAHIL",
    "3273017205900001": "NIK_TANGGAL_MUSTAHIL",
    "3273011500900001": "NIK_TANGGAL_MUSTAHIL",
    "3273011513900001": "NIK_TANGGAL_MUSTAHIL",
    "3273017105900001": None,
    "3273017104900001": "NIK_TANGGAL_MUSTAHIL",
    "3273011505900000": "NIK_SERI_NOL",
    "327301150590000": "NIK_BUKAN_16_DIGIT",
    "32730115059000011": "NIK_BUKAN_16_DIGIT",
    "327301150590000A": "NIK_BUKAN_16_DIGIT",
    "327301150590000\n": "NIK_BUKAN_16_DIGIT",
    "3273011505900001\n": "NIK_BUKAN_16_DIGIT",
    "٣٢٧٣٠١١٥٠٥٩٠٠٠٠١": "NIK_BUKAN_16_DIGIT",
    " 273011505900001": "NIK_BUKAN_16_DIGIT",
    "+273011505900001": "NIK_BUKAN_16_DIGIT",
    "": "NIK_BUKAN_16_DIGIT",
    "3.2E+15": "NIK_DIGIT_HILANG",
    "3,27301E+15": "NIK_DIGIT_HILANG",
    "3e15": "NIK_DIGIT_HILANG",
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_only_what_can_never_be_issued_is_a_problem(text: str, expected: str | None) -> None:
    assert nik.problem(text, TODAY) == expected


def test_a_column_has_the_same_problems() -> None:
    column = ibis.memtable({"nik": list(CASES)}).nik
    assert value(nik.nik_problem(column, TODAY)) == list(CASES.values())


def test_a_missing_nik_is_a_problem() -> None:
    assert value(nik.nik_problem(ibis.null("string"), TODAY)) == "NIK_BUKAN_16_DIGIT"


@settings(max_examples=30)
@given(st.lists(st.integers(0, 999_999), min_size=1, max_size=60), st.dates(date(1999, 1, 1), date(2027, 1, 1)))
def test_value_and_column_agree_on_every_middle(middles: list[int], today: date) -> None:
    written = [f"327301{middle:06d}0001" for middle in middles]
    assert value(nik.nik_problem(ibis.memtable({"nik": written}).nik, today)) == [
        nik.problem(t, today) for t in written
    ]


def test_value_and_column_agree_on_every_day_of_the_century() -> None:
    written = [f"327301{d:02d}{m:02d}{y:02d}0001" for d in range(100) for m in range(14) for y in (0, 1, 4, 25, 26, 99)]
    assert value(nik.nik_problem(ibis.memtable({"nik": written}).nik, TODAY)) == [
        nik.problem(t, TODAY) for t in written
    ]
    fine = {t for t in written if nik.problem(t, TODAY) is None}
    days = sum(
        max(monthrange(1900 + y, m)[1], monthrange(2000 + y, m)[1]) for m in range(1, 13) for y in (0, 1, 4, 25, 26, 99)
    )
    assert len(fine) == 2 * days  # each once for men and once for women


def test_sex_and_birth_are_compared_with_the_record() -> None:
    people = ibis.memtable(
        {
            "nik": ["3273011505900001", "3273015505900001", "3273015505900001", "3273011505900001", "short"],
            "sex": ["L", "P", "L", "L", "L"],
            "born": [date(1990, 5, 15), date(1990, 5, 15), date(1990, 5, 16), date(2090, 5, 15), date(1990, 5, 15)],
        }
    )
    assert value(nik.nik_sex(people.nik)) == ["L", "P", "P", "L", None]
    assert value(nik.nik_day_month_year(people.nik))[:2] == [150590, 150590]
    assert value(nik.differs_in_sex(people.nik, people.sex)) == [False, False, True, False, False]
    assert value(nik.differs_in_birth(people.nik, people.born)) == [False, False, True, False, False]
    assert (nik.sex("3273011505900001"), nik.sex("3273015505900001")) == ("L", "P")


def test_a_masked_nik_keeps_place_and_serial_only() -> None:
    assert nik.masked("3201011505900001") == "320101******0001"
    assert nik.masked("32010115") == "*" * 16


@pytest.mark.parametrize("problem", list(nik.NikProblem))
def test_every_nik_problem_is_explained(problem: nik.NikProblem) -> None:
    assert all(nik.explain(problem))


KK_CASES = {
    "3273011505900000": None,
    "3273019999990001": None,
    "327301150590000": "KK_BUKAN_16_DIGIT",
    "3273011505900001\n": "KK_BUKAN_16_DIGIT",
    "3.2E+15": "KK_DIGIT_HILANG",
    "": "KK_BUKAN_16_DIGIT",
}


def test_a_family_card_is_sixteen_digits_and_nothing_more() -> None:
    assert [kk_number.problem(text) for text in KK_CASES] == list(KK_CASES.values())
    assert value(kk_number.kk_problem(ibis.memtable({"kk": list(KK_CASES)}).kk)) == list(KK_CASES.values())
    assert all(all(kk_number.explain(problem)) for problem in kk_number.KkProblem)
