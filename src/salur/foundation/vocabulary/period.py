"""Periods of payment: a month ("2023-05") or a stage of three months ("2023-T2")."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Final, Literal, Self

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

MONTH: Final = "month"
STAGE: Final = "stage"
STAGES_A_YEAR = 4
PERIODS_AT_ONCE_MAX = 12

_WRITTEN = re.compile(r"([12][0-9]{3})-(?:(0[1-9]|1[0-2])|T([1-4]))")
_MONTHS_LONG = {MONTH: 1, STAGE: 3}


class UnreadablePeriod(Refused):
    """The text is neither a month nor a stage, or its span makes no sense."""


@total_ordering
@dataclass(frozen=True)
class Period:
    """One month or one stage of a year. Ordered by its months: earlier first, then the shorter."""

    kind: Literal["month", "stage"]
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2023-05" or "2023-T2"; anything else is refused."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise UnreadablePeriod(
                _('Periode "%(text)s" tidak dikenal; tulis bulan seperti 2023-05 atau tahap seperti 2023-T2.')
                % {"text": text}
            )
        year, month, stage = found.groups()
        return cls(MONTH, int(year), int(month)) if month else cls(STAGE, int(year), int(stage))

    @property
    def months(self) -> tuple[int, int]:
        """Half-open range of month indexes (year * 12 + month - 1)."""
        long = _MONTHS_LONG[self.kind]
        lo = self.year * 12 + (self.number - 1) * long
        return lo, lo + long

    @property
    def first_day(self) -> date:
        return _first_day(self.months[0])

    @property
    def last_day(self) -> date:
        return _first_day(self.months[1]) - timedelta(days=1)

    def next(self) -> Self:
        """The period of the same kind that follows."""
        in_a_year = 12 if self.kind == MONTH else STAGES_A_YEAR
        if self.number < in_a_year:
            return type(self)(self.kind, self.year, self.number + 1)
        return type(self)(self.kind, self.year + 1, 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}" if self.kind == MONTH else f"{self.year}-T{self.number}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return self.months < other.months


def parse_span(text: str) -> tuple[Period, ...]:
    """Read "2023-05" or "2023-05..2023-06": ascending periods of one kind, at most twelve."""
    first_text, dots, last_text = text.partition("..")
    first = Period.parse(first_text)
    if not dots:
        return (first,)
    last = Period.parse(last_text)
    if first.kind != last.kind or last < first:
        raise UnreadablePeriod(
            _('Rentang periode "%(text)s" tidak sah; tulis dua bulan atau dua tahap, yang awal lebih dahulu.')
            % {"text": text}
        )
    periods = [first]
    while periods[-1] < last:
        if len(periods) == PERIODS_AT_ONCE_MAX:
            raise UnreadablePeriod(
                _('Rentang periode "%(text)s" terlalu panjang; bagi menjadi rentang paling banyak %(max)s periode.')
                % {"text": text, "max": PERIODS_AT_ONCE_MAX}
            )
        periods.append(periods[-1].next())
    return tuple(periods)


def format_span(periods: tuple[Period, ...]) -> str:
    """How a span is written in ids and on screens: one period, or "first..last"."""
    assert periods, "a span has at least one period"
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]}..{periods[-1]}"


def _first_day(month_index: int) -> date:
    return date(month_index // 12, month_index % 12 + 1, 1)
