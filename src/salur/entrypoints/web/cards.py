"""The large figures at the top: families and rupiah of one region."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from salur.entrypoints.web.sheet import Sheet, number
from salur.entrypoints.web.words import MONEY
from salur.foundation.vocabulary.rupiah import format_compact, format_percent, format_rupiah


@dataclass(frozen=True)
class Card:
    """`figure` may be shortened; then `in_full` has every rupiah. `figure` is empty without data."""

    title: str
    figure: str
    in_full: str
    note: str
    meaning: str


def cards(sheet: Sheet) -> list[Card]:
    """Paid, credited, open, what came back or went beyond, collected, filled places, families that wait.

    Nothing returned and no excess is the rule, so these two stand there only where it is otherwise, or unknown.
    """
    astray = [_share_of_entitled(sheet, name) for name in ("kembali_nilai", "lebih_nilai") if sheet.count(name) != 0]
    open_rupiah = _share_of_entitled(sheet, "terbuka_nilai")
    return [
        _paid(sheet), _credited(sheet), open_rupiah, *astray, _collected(sheet), _filled(sheet), _undecided(sheet)
    ]  # fmt: skip


def _paid(sheet: Sheet) -> Card:
    paid, entitled = sheet.count("tersalur"), sheet.among("tersalur")
    note = _("dari %(n)s keluarga berhak (%(share)s)") % {
        "n": number(entitled or 0),
        "share": format_percent(paid, entitled),
    }
    return Card(
        _("Keluarga dibayar"),
        _families(paid),
        "",
        note if entitled else "",
        _("Keluarga yang dananya masuk rekening atau diterima di pos pada tahap ini."),
    )


def _credited(sheet: Sheet) -> Card:
    credited, entitled = sheet.count("jumlah_nilai"), sheet.among("jumlah_nilai")
    return _money(
        _("Dana tersalur"),
        credited,
        _("dari hak %(rupiah)s") % {"rupiah": format_compact(entitled)} if entitled else "",
        _(
            "Rupiah yang masuk rekening atau diterima di pos, setelah dikurangi penarikan kembali. "
            "Kelebihan bayar ikut terhitung."
        ),
    )


def _share_of_entitled(sheet: Sheet, indicator: str) -> Card:
    """Rupiah that are elsewhere than with the families, beside what is due."""
    rupiah, entitled = sheet.count(indicator), sheet.among(indicator)
    said = MONEY[indicator]
    note = _("%(share)s dari hak") % {"share": format_percent(rupiah, entitled)} if entitled else ""
    return _money(str(said.title), rupiah, note, str(said.meaning))


def _collected(sheet: Sheet) -> Card:
    collected, credited = sheet.count("diambil_nilai"), sheet.among("diambil_nilai")
    return _money(
        _("Dana diambil"),
        collected,
        _("%(share)s dari dana tersalur") % {"share": format_percent(collected, credited)} if credited else "",
        _("Rupiah yang sudah diambil keluarga, menurut laporan bank atau pos."),
    )


def _filled(sheet: Sheet) -> Card:
    filled, quota = sheet.count("kuota_terisi"), sheet.among("kuota_terisi")
    return Card(
        _("Kuota terisi"),
        format_percent(filled, quota) if quota and filled is not None else "",
        "",
        _("%(n)s dari %(quota)s tempat") % {"n": number(filled or 0), "quota": number(quota)} if quota else "",
        _("Keluarga yang masuk kuota, termasuk yang ditahan untuk diperiksa, dibagi kuota wilayah ini."),
    )


def _undecided(sheet: Sheet) -> Card:
    waiting, held = sheet.count("menunggu"), sheet.count("ditahan")
    return Card(
        _("Ditahan"),
        _families(held),
        "",
        _("dan %(n)s menunggu kuota") % {"n": number(waiting)} if waiting is not None else "",
        _(
            "Keluarga di dalam kuota yang datanya harus diputuskan petugas. Menunggu: layak, tetapi di bawah "
            "garis kuota."
        ),
    )


def _families(count: int | None) -> str:
    return "" if count is None else number(count)


def _money(title: str, rupiah: int | None, note: str, meaning: str) -> Card:
    if rupiah is None:
        return Card(title, "", "", note, meaning)
    return Card(title, format_compact(rupiah), format_rupiah(rupiah), note, meaning)
