"""Codes of BPS, the statistics office, in place of those of Kemendagri.

A BPS code is well formed here and may even exist, for another place: 1101 is Simeulue there and Aceh Selatan here. At
village level both have ten digits. So one code proves nothing; a whole file gives itself away.
"""

from typing import Final

from ibis.expr import types as ir

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

DISTRICT_DIGITS: Final = 7  # Kemendagri has no code of seven digits
UNKNOWN_MIN: Final = 20
UNKNOWN_PERCENT: Final = 1


class ProbablyBpsCodes(Refused):
    """The region codes of a file are not Kemendagri's."""


def looks_like_bps(unknown: int, total: int, seven_digits: int = 0) -> bool:
    """Whether a file speaks in BPS codes.

    `unknown` of `total` codes are on no list of Kemendagri; `seven_digits` of them have the length of a BPS district.
    """
    return seven_digits > 0 or (unknown >= UNKNOWN_MIN and unknown * 100 > total * UNKNOWN_PERCENT)


def refuse_bps(unknown: int, total: int, seven_digits: int = 0) -> None:
    """Stop when a file speaks in BPS codes: every row would be counted for a wrong place."""
    if looks_like_bps(unknown, total, seven_digits):
        raise ProbablyBpsCodes(
            _(
                "Kode wilayah berkas ini mungkin kode BPS (%(unknown)s dari %(total)s kode tidak dikenal); "
                "ubah dahulu menjadi kode Kemendagri lalu impor kembali."
            )
            % {"unknown": unknown, "total": total}
        )


def has_district_digits(text: str) -> bool:
    """Whether a text is seven digits, with or without dots: a district of BPS."""
    digits = text.replace(".", "")
    return len(digits) == DISTRICT_DIGITS and digits.isascii() and digits.isdigit()


def has_district_digits_expr(column: ir.StringValue) -> ir.BooleanValue:
    """The same over a column; false where there is no text."""
    digits = column.replace(".", "")
    return (digits.re_search(r"^[0-9]{7}$") & (digits.length() == DISTRICT_DIGITS)).fill_null(False)
