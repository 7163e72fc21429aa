"""The regions inside a region, side by side and sorted as asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from salur.entrypoints.web.sheet import Ratio, Sheet, number
from salur.foundation.regions import codes
from salur.foundation.vocabulary.region_code import dotted

RATIOS = ("tersalur", "terbuka_nilai", "jumlah", "waktu", "administrasi", "kuota_terisi")
ASTRAY = ("kembali_nilai", "lebih_nilai")  # columns of their own only where there is something in them
ORDERS = ("nama", "berhak", *RATIOS, *ASTRAY)


@dataclass(frozen=True)
class Column:
    """One head; `address` sorts by it, the other way round when it is sorted already."""

    key: str
    title: str
    address: str
    sorted: str  # ascending, descending or none, as aria-sort says it


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    address: str
    entitled: int | None
    ratios: dict[str, Ratio]

    @property
    def dotted(self) -> str:
        return dotted(self.code)

    @property
    def entitled_words(self) -> str:
        return "" if self.entitled is None else number(self.entitled)


def ratios(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """What the table compares the regions by."""
    found = list(sheets)
    astray = [name for name in ASTRAY if any(sheet.count(name) for sheet in found)]
    return (*RATIOS[:2], *astray, *RATIOS[2:])


def columns(order: str, address: str, compared: Iterable[str]) -> list[Column]:
    """Heads of the table. `address` is the page without its order."""
    titles = {
        "nama": _("Wilayah"),
        "berhak": _("Keluarga berhak"),
        "tersalur": _("Tersalur"),
        "terbuka_nilai": _("Belum tersalur"),
        "kembali_nilai": _("Kembali"),
        "lebih_nilai": _("Kelebihan"),
        "jumlah": _("Tepat jumlah"),
        "waktu": _("Tepat waktu"),
        "administrasi": _("Tepat administrasi"),
        "kuota_terisi": _("Kuota terisi"),
    }
    joint = "&" if "?" in address else "?"
    heads = []
    for key in ("nama", "berhak", *compared):
        sort = {key: "ascending", f"-{key}": "descending"}.get(order, "none")
        wish = f"-{key}" if sort == "ascending" else key
        heads.append(Column(key, titles[key], f"{address}{joint}{urlencode({'urut': wish})}#wilayah", sort))
    return heads


def rows(sheets: Mapping[str, Sheet], addresses: Mapping[str, str], order: str, compared: Iterable[str]) -> list[Row]:
    """One row per region. Those without data stand last, whichever way it is sorted; equals stand by code."""
    keys = tuple(compared)
    found = [
        Row(code, codes.name(code), addresses[code], sheet.among("tersalur"), {key: sheet.ratio(key) for key in keys})
        for code, sheet in sheets.items()
    ]
    key, is_downward = order.removeprefix("-"), order.startswith("-")
    found.sort(key=lambda row: row.code)
    if key == "nama":
        return sorted(found, key=lambda row: row.name, reverse=is_downward)
    known = [(value, row) for row in found if (value := _value(row, key)) is not None]
    known.sort(key=lambda pair: -pair[0] if is_downward else pair[0])
    return [row for _value_of, row in known] + [row for row in found if _value(row, key) is None]


def _value(row: Row, key: str) -> Fraction | None:
    if key == "berhak":
        return None if row.entitled is None else Fraction(row.entitled)
    return row.ratios[key].value if key in row.ratios else None
