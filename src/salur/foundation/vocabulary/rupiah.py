"""Whole rupiah, written as Indonesians write them: Rp1.234.567, Rp8,41 triliun, 86,4%."""

import re
from typing import Final

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

JUTA: Final = 10**6
MILIAR: Final = 10**9
TRILIUN: Final = 10**12

# Twelve digits hold any one amount and its total by a wide margin; int64 ends at nineteen.
_WRITTEN = re.compile(r"[0-9]{1,18}")


class UnreadableRupiah(Refused):
    """The text is not an amount in plain digits."""


def format_rupiah(rupiah: int) -> str:
    """Rp1.234.567, and -Rp1.000 below zero."""
    return f"{_sign(rupiah)}Rp{_thousands(abs(rupiah))}"


def format_compact(rupiah: int) -> str:
    """Rp8,41 triliun, miliar or juta: at most two decimals, rounded half up; below a million the full figure.

    What rounds up to a thousand of one unit is one of the next: Rp999.999.999 is Rp1 miliar.
    """
    for unit, name in (
        (TRILIUN, _("triliun")),
        (MILIAR, _("miliar")),
        (JUTA, _("juta")),
    ):
        hundredths = (abs(rupiah) * 100 + unit // 2) // unit
        if hundredths >= 100:
            whole, rest = divmod(hundredths, 100)
            decimals = f",{rest:02d}".rstrip("0").rstrip(",")
            return f"{_sign(rupiah)}Rp{_thousands(whole)}{decimals} {name}"
    return format_rupiah(rupiah)


def format_percent(numerator: int | None, denominator: int | None) -> str:
    """86,4%, one decimal, rounded half up; without a denominator there is nothing to say."""
    if numerator is None or not denominator:
        return _("tidak ada data")
    tenths = (abs(numerator) * 2000 + abs(denominator)) // (abs(denominator) * 2)
    sign = "-" if (numerator < 0) != (denominator < 0) and tenths else ""
    return f"{sign}{_thousands(tenths // 10)},{tenths % 10}%"


def parse_rupiah(text: str) -> int:
    """Digits only: whoever writes 200.000 may mean two hundred or two hundred thousand, so it is refused."""
    if not _WRITTEN.fullmatch(text):
        raise UnreadableRupiah(
            _('Jumlah "%(text)s" bukan rupiah bulat; tulis angka saja tanpa titik dan koma, misalnya 200000.')
            % {"text": text}
        )
    return int(text)


def _sign(rupiah: int) -> str:
    return "-" if rupiah < 0 else ""


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
