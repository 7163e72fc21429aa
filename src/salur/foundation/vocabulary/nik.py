"""NIK, the number of a person: PPKKCC DDMMYY SSSS, sixteen digits, kept as text.

The place is that of the first registration, the day carries +40 for women, the year has two digits. There is no check
digit, and people move, so only what can never be issued is a problem; a birth date or sex that differs from the record
is a finding. A NIK is never logged: show it `masked`.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Final

import ibis
from ibis.expr import types as ir

from salur.foundation.vocabulary.codes import Sex
from salur.foundation.vocabulary.language import _

DIGITS: Final = 16
FEMALE_DAY: Final = 40
CENTURIES: Final = (1900, 2000)

_DIGITS_PATTERN = r"^[0-9]{16}$"
_EXPONENT_PATTERN = r"^[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+$"


class NikProblem(StrEnum):
    """Why a text can never be a NIK."""

    NIK_DIGIT_HILANG = "NIK_DIGIT_HILANG"
    NIK_BUKAN_16_DIGIT = "NIK_BUKAN_16_DIGIT"
    NIK_TANGGAL_MUSTAHIL = "NIK_TANGGAL_MUSTAHIL"
    NIK_SERI_NOL = "NIK_SERI_NOL"


def problem(nik: str, today: date) -> NikProblem | None:
    """What makes the text impossible as a NIK, or None. Blanks around it are the caller's business."""
    if re.fullmatch(_EXPONENT_PATTERN, nik):
        return NikProblem.NIK_DIGIT_HILANG
    if not is_sixteen_digits(nik):
        return NikProblem.NIK_BUKAN_16_DIGIT
    if not any(born <= today for born in birth_dates(nik)):
        return NikProblem.NIK_TANGGAL_MUSTAHIL
    return NikProblem.NIK_SERI_NOL if nik.endswith("0000") else None


def nik_problem(column: ir.StringValue, today: date) -> ir.StringValue:
    """The same as `problem` over a column: null when fine. A missing NIK is no NIK of sixteen digits."""
    return ibis.cases(
        (column.re_search(_EXPONENT_PATTERN).fill_null(False), NikProblem.NIK_DIGIT_HILANG.value),
        (~sixteen_digits(column), NikProblem.NIK_BUKAN_16_DIGIT.value),
        (~_was_born(column, today), NikProblem.NIK_TANGGAL_MUSTAHIL.value),
        (column.endswith("0000"), NikProblem.NIK_SERI_NOL.value),
    )


def explain(code: str) -> tuple[str, str]:
    """What is wrong with a NIK, and how to mend it, for the file of rejected rows."""
    return {
        NikProblem.NIK_DIGIT_HILANG: (
            _("Digit NIK hilang karena sel berformat angka"),
            _("Ubah format kolom NIK menjadi teks lalu isi ulang dari sumbernya"),
        ),
        NikProblem.NIK_BUKAN_16_DIGIT: (
            _("NIK bukan 16 angka"),
            _("Tulis NIK lengkap 16 angka seperti pada KTP atau KK"),
        ),
        NikProblem.NIK_TANGGAL_MUSTAHIL: (
            _("Tanggal lahir di dalam NIK tidak mungkin ada"),
            _("Periksa angka ke-7 sampai ke-12 NIK pada KTP atau KK"),
        ),
        NikProblem.NIK_SERI_NOL: (
            _("Nomor urut NIK 0000 tidak pernah diterbitkan"),
            _("Periksa empat angka terakhir NIK"),
        ),
    }[NikProblem(code)]


def is_sixteen_digits(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def sixteen_digits(column: ir.StringValue) -> ir.BooleanValue:
    """The same as `is_sixteen_digits` over a column. The length is asked too: Java lets $ stand before a line end."""
    return (column.re_search(_DIGITS_PATTERN) & (column.length() == DIGITS)).fill_null(False)


def birth_dates(nik: str) -> tuple[date, ...]:
    """The real dates, one for each century, that the six digits in the middle may mean."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    dates = (_real_date(century + year, month, day - FEMALE_DAY * (day > FEMALE_DAY)) for century in CENTURIES)
    return tuple(found for found in dates if found)


def sex(nik: str) -> Sex:
    return Sex.P if int(nik[6:8]) > FEMALE_DAY else Sex.L


def nik_sex(column: ir.StringValue) -> ir.StringValue:
    """L or P as the day says, over a column of sixteen digits; null for other text."""
    day = _number(column, 6)
    return ibis.cases((day > FEMALE_DAY, Sex.P.value), (day.notnull(), Sex.L.value))


def nik_day_month_year(column: ir.StringValue) -> ir.IntegerValue:
    """Day, month and two-digit year as one number DDMMYY (without the +40); null for other text."""
    return _day(column) * 10_000 + _number(column, 8) * 100 + _number(column, 10)


def differs_in_birth(column: ir.StringValue, born: ir.DateValue) -> ir.BooleanValue:
    """Whether NIK and record disagree on the birth date; the century is the record's. Unknown never differs."""
    recorded = born.day() * 10_000 + born.month() * 100 + born.year() % 100
    return (nik_day_month_year(column) != recorded).fill_null(False)


def differs_in_sex(column: ir.StringValue, recorded: ir.StringValue) -> ir.BooleanValue:
    """Whether NIK and record disagree on the sex. Unknown never differs."""
    return (nik_sex(column) != recorded).fill_null(False)


def masked(nik: str) -> str:
    """320101******0001: the place of registration and the serial, never the birth date. Other text is hidden whole."""
    return f"{nik[:6]}******{nik[12:]}" if is_sixteen_digits(nik) else "*" * DIGITS


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(column: ir.StringValue, start: int) -> ir.IntegerValue:
    return column.substr(start, 2).try_cast("int32")


def _day(column: ir.StringValue) -> ir.IntegerValue:
    day = _number(column, 6)
    return ibis.cases((day > FEMALE_DAY, day - FEMALE_DAY), else_=day)


def _was_born(column: ir.StringValue, today: date) -> ir.BooleanValue:
    """Whether the date is real, and not in the future, in at least one century. In numbers YYYYMMDD: one date type
    less in which engines can differ."""
    day, month, year = _day(column), _number(column, 8), _number(column, 10)
    now = today.year * 10_000 + today.month * 100 + today.day
    born = month * 100 + day
    is_past = [((century + year) * 10_000 + born <= now) & _is_real(century, year, month, day) for century in CENTURIES]
    return (is_past[0] | is_past[1]).fill_null(False)


def _is_real(century: int, year: ir.IntegerValue, month: ir.IntegerValue, day: ir.IntegerValue) -> ir.BooleanValue:
    is_leap = year % 4 == 0
    if century % 400:
        is_leap = is_leap & (year != 0)
    days = ibis.cases(
        ((month == 2) & is_leap, 29),
        (month == 2, 28),
        (month.isin((4, 6, 9, 11)), 30),
        (month.between(1, 12), 31),
        else_=0,
    )
    return day.between(1, days)
