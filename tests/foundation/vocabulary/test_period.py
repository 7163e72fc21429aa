from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.period import Period, format_span, parse_span


def test_a_month_knows_its_days_and_its_index() -> None:
    may = Period.parse("2023-05")
    assert (may.kind, may.year, may.number) == ("month", 2023, 5)
    assert (may.first_day, may.last_day) == (date(2023, 5, 1), date(2023, 5, 31))
    assert may.months == (2023 * 12 + 4, 2023 * 12 + 5)


def test_a_stage_is_three_months() -> None:
    second = Period.parse("2023-T2")
    assert (second.first_day, second.last_day) == (date(2023, 4, 1), date(2023, 6, 30))
    assert second.months == (2023 * 12 + 3, 2023 * 12 + 6)


def test_february_ends_as_the_calendar_has_it() -> None:
    assert Period.parse("2024-02").last_day == date(2024, 2, 29)
    assert Period.parse("2023-02").last_day == date(2023, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", "2023", "2023-13", "2023-00", "2023-5", "2023-T5", "2023-T0", "2023-t2", " 2023-05", "2023-05\n", "٢٠٢٣-٠٥"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Period.parse(text)


def test_the_last_period_of_a_year_is_followed_by_the_first_of_the_next() -> None:
    assert str(Period.parse("2023-12").next()) == "2024-01"
    assert str(Period.parse("2023-T4").next()) == "2024-T1"


@given(st.integers(1950, 2999), st.integers(1, 12))
def test_what_is_written_is_read_again_and_follows_itself(year: int, month: int) -> None:
    period = Period("month", year, month)
    assert Period.parse(str(period)) == period
    assert period < period.next()
    assert period.next().months[0] == period.months[1]


def test_periods_are_ordered_by_their_months() -> None:
    written = ["2023-T2", "2023-05", "2022-12", "2023-04"]
    assert [str(p) for p in sorted(map(Period.parse, written))] == ["2022-12", "2023-04", "2023-T2", "2023-05"]


def test_a_span_lists_every_period_between_its_ends() -> None:
    assert [str(p) for p in parse_span("2022-11..2023-02")] == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert [str(p) for p in parse_span("2023-T4..2024-T1")] == ["2023-T4", "2024-T1"]
    assert [str(p) for p in parse_span("2023-05")] == ["2023-05"]
    assert len(parse_span("2023-01..2023-12")) == 12


@pytest.mark.parametrize(
    "text", ["2023-06..2023-05", "2023-05..2023-T2", "2023-01..2024-01", "2023-05..", "..2023-05", "2023-05...2023-06"]
)
def test_a_span_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "written"), [("2023-05..2023-06", "2023-05..2023-06"), ("2023-05..2023-05", "2023-05")]
)
def test_a_span_is_written_with_its_ends(text: str, written: str) -> None:
    assert format_span(parse_span(text)) == written
