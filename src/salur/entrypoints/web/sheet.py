"""The figures of one region, by the name of the indicator, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from salur.entrypoints.web import words
from salur.foundation.vocabulary.rupiah import format_compact, format_percent, format_rupiah
from salur.foundation.vocabulary.words import cause

if TYPE_CHECKING:
    from salur.monitoring.queries import Figure

CAUSE = "sebab."
RAMP = (Fraction(1, 2), Fraction(7, 10), Fraction(85, 100), Fraction(95, 100))  # lower bounds of steps 2 to 5


@dataclass(frozen=True)
class Ratio:
    """A numerator over a denominator. Without either, or over 0, it says "tidak ada data", never 0 % or 100 %."""

    indicator: str
    numerator: int | None = None
    denominator: int | None = None

    @property
    def value(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def percent(self) -> str:
        return format_percent(self.numerator, self.denominator)

    @property
    def width(self) -> str:
        """Length of the bar out of 100: text, because a decimal comma would break the drawing."""
        return str(max(0, min(100, round((self.value or 0) * 100))))

    @property
    def step(self) -> int:
        """Colour on the ramp, 1 to 5; 0 without data."""
        value = self.value
        return 0 if value is None else 1 + sum(value >= bound for bound in RAMP)

    @property
    def said(self) -> words.Indicator:
        return words.INDICATORS[self.indicator]

    @property
    def share(self) -> str:
        """Numerator and denominator in a sentence, or nothing without data."""
        if not self.is_known or not self.said.share:
            return ""
        return self._share(format_compact if self.said.is_rupiah else number)

    @property
    def share_in_full(self) -> str:
        """The same with every rupiah, for figures that are shortened."""
        return self._share(format_rupiah) if self.is_known and self.said.is_rupiah and self.said.share else ""

    def _share(self, written: Callable[[int], str]) -> str:
        assert self.numerator is not None and self.denominator is not None
        return str(self.said.share) % {"n": written(self.numerator), "d": written(self.denominator)}


@dataclass(frozen=True)
class Cause:
    words: str
    count: int
    among: Ratio


class Sheet:
    """All figures of one region in one cycle; a figure that was not measured is there without data."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = {figure.indicator: figure for figure in figures}

    def __bool__(self) -> bool:
        return bool(self._figures)

    def ratio(self, indicator: str) -> Ratio:
        found = self._figures.get(indicator)
        return Ratio(indicator, found.numerator, found.denominator) if found else Ratio(indicator)

    def count(self, indicator: str) -> int | None:
        """The numerator alone: families or rupiah."""
        found = self._figures.get(indicator)
        return found.numerator if found else None

    def among(self, indicator: str) -> int | None:
        """The denominator alone."""
        found = self._figures.get(indicator)
        return found.denominator if found else None

    def causes(self) -> list[Cause]:
        """Why it went wrong, most frequent first."""
        found = [figure for name, figure in self._figures.items() if name.startswith(CAUSE) and figure.numerator]
        found.sort(key=lambda figure: (-(figure.numerator or 0), figure.indicator))
        return [
            Cause(
                cause(each.indicator.removeprefix(CAUSE)),
                each.numerator or 0,
                Ratio(each.indicator, each.numerator, each.denominator),
            )
            for each in found
        ]


def number(value: int) -> str:
    """1.234.567, as Indonesians write whole numbers."""
    return f"{value:,}".replace(",", ".")
