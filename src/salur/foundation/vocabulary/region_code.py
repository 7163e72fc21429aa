"""Region codes of Kemendagri, written without dots: 2, 4, 6 or 10 digits, and "00" for the whole country.

BPS uses other codes for the same places (and the same codes for other places); they are told apart in `regions`.
"""

import re
from enum import StrEnum
from typing import Final

import ibis
from ibis.expr import types as ir

COUNTRY: Final = "00"

# Dots are allowed only where Kemendagri puts them: 11.01.010.001 is a village of BPS, not one of ours.
_WRITTEN = r"[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{4})?)?)?"
_PARTS = (2, 4, 6, 10)

WIB: Final = 420
WITA: Final = 480
WIT: Final = 540
_WITA_PROVINCES = (
    "51",
    "52",
    "53",
    "63",
    "64",
    "65",
    "71",
    "72",
    "73",
    "74",
    "75",
    "76",
)
_WIT_FIRST_DIGITS = ("8", "9")
_ZONE_NAMES = {WIB: "WIB", WITA: "WITA", WIT: "WIT"}


class Level(StrEnum):
    """How far down a code goes, in the words of the indicators."""

    COUNTRY = "nasional"
    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    DISTRICT = "kecamatan"
    VILLAGE = "desa"


CODE_LENGTH: Final = {
    Level.PROVINCE: 2,
    Level.REGENCY: 4,
    Level.DISTRICT: 6,
    Level.VILLAGE: 10,
}
_LEVEL_OF_LENGTH = {length: level for level, length in CODE_LENGTH.items()}


def normalise(text: str) -> str | None:
    """The code without dots, or None when the text cannot be one. Says nothing about whether the place exists."""
    if not re.fullmatch(_WRITTEN, text):
        return None
    code = text.replace(".", "")
    return None if code.startswith(COUNTRY) and code != COUNTRY else code


def normalise_expr(column: ir.StringValue) -> ir.StringValue:
    """The same as `normalise`, over a column: null when the text cannot be a code."""
    code = column.replace(".", "")
    is_written = column.re_search(rf"^{_WRITTEN}\z")  # not $, which Java lets stand before a line end
    is_place = (code == COUNTRY) | (code.substr(0, 2) != COUNTRY)
    return ibis.cases((is_written & is_place, code), else_=ibis.null("string"))


def level(code: str) -> Level:
    """The level of a code without dots."""
    return Level.COUNTRY if code == COUNTRY else _LEVEL_OF_LENGTH[len(code)]


def parent(code: str) -> str | None:
    """The place around this one; None around the country."""
    if code == COUNTRY:
        return None
    shorter = [length for length in _PARTS if length < len(code)]
    return code[: shorter[-1]] if shorter else COUNTRY


def path(code: str) -> tuple[str, ...]:
    """From the country down to the code itself."""
    above = parent(code)
    return (code,) if above is None else (*path(above), code)


def at_level(code: str, wanted: Level) -> str:
    """The part of a code that names its place at a level above it, or its own."""
    return COUNTRY if wanted == Level.COUNTRY else code[: CODE_LENGTH[wanted]]


def area_bounds(code: str) -> tuple[str, str]:
    """Bounds of an area in byte order (collation "C"): everything inside satisfies lo <= code < hi."""
    if code == COUNTRY:
        return "", ":"
    return code, code[:-1] + chr(ord(code[-1]) + 1)  # after "9" comes ":"


def is_inside(code: str, area: str) -> bool:
    """Whether a place lies in an area; the country itself lies only in the country."""
    return area == COUNTRY or code.startswith(area)


def zone_minutes(code: str) -> int:
    """Minutes ahead of UTC at a place; the country speaks in the time of its capital."""
    if code[:2] in _WITA_PROVINCES:
        return WITA
    return WIT if code[:1] in _WIT_FIRST_DIGITS else WIB


def zone_minutes_expr(column: ir.StringValue) -> ir.IntegerValue:
    """The same as `zone_minutes`, over a column of codes without dots."""
    return ibis.cases(
        (column.substr(0, 2).isin(_WITA_PROVINCES), ibis.literal(WITA, "int32")),
        (column.substr(0, 1).isin(_WIT_FIRST_DIGITS), ibis.literal(WIT, "int32")),
        else_=ibis.literal(WIB, "int32"),
    )


def zone_name(code: str) -> str:
    """WIB, WITA or WIT."""
    return _ZONE_NAMES[zone_minutes(code)]


def dotted(code: str) -> str:
    """As Kemendagri prints it: 63.71.01.1001."""
    starts = (0, 2, 4, 6)
    return ".".join(part for lo, hi in zip(starts, _PARTS, strict=True) if (part := code[lo:hi]))
