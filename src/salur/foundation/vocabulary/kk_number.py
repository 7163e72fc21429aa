"""No. KK, the number of a family card: sixteen digits, kept as text.

Its inner form (place, day of issue, serial) is not written in a rule we have read, so only the length is a reason to
reject. A card is issued anew on birth, death, marriage and move: it is never the key of a family.
"""

import re
from enum import StrEnum

import ibis
from ibis.expr import types as ir

from salur.foundation.vocabulary import nik
from salur.foundation.vocabulary.language import _

_EXPONENT_PATTERN = r"^[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+$"


class KkProblem(StrEnum):
    """Why a text can never be the number of a family card."""

    KK_DIGIT_HILANG = "KK_DIGIT_HILANG"
    KK_BUKAN_16_DIGIT = "KK_BUKAN_16_DIGIT"


def problem(no_kk: str) -> KkProblem | None:
    """What makes the text impossible as a No. KK, or None."""
    if re.fullmatch(_EXPONENT_PATTERN, no_kk):
        return KkProblem.KK_DIGIT_HILANG
    return None if nik.is_sixteen_digits(no_kk) else KkProblem.KK_BUKAN_16_DIGIT


def kk_problem(column: ir.StringValue) -> ir.StringValue:
    """The same as `problem` over a column: null when fine."""
    return ibis.cases(
        (column.re_search(_EXPONENT_PATTERN).fill_null(False), KkProblem.KK_DIGIT_HILANG.value),
        (~nik.sixteen_digits(column), KkProblem.KK_BUKAN_16_DIGIT.value),
    )


def explain(code: str) -> tuple[str, str]:
    """What is wrong with a No. KK, and how to mend it, for the file of rejected rows."""
    return {
        KkProblem.KK_DIGIT_HILANG: (
            _("Digit No. KK hilang karena sel berformat angka"),
            _("Ubah format kolom No. KK menjadi teks lalu isi ulang dari sumbernya"),
        ),
        KkProblem.KK_BUKAN_16_DIGIT: (
            _("No. KK bukan 16 angka"),
            _("Tulis No. KK lengkap 16 angka seperti pada kartu keluarga"),
        ),
    }[KkProblem(code)]


def masked(no_kk: str) -> str:
    """As a NIK is masked."""
    return nik.masked(no_kk)
