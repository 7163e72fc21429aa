"""salur explain: why a family is in or out, what would have changed it, and what became of its money."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from salur.entrypoints.cli.house import As, Json, acting, answer
from salur.foundation.vocabulary import words
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.rupiah import format_rupiah

if TYPE_CHECKING:
    from salur.monitoring.explain import Decision, Payment, Story

DIGITS_OF_A_PERSON = 16
SUMS = ("credited", "collected", "returned", "excess", "open")


class NumberInArguments(Refused):
    """A NIK or KK was written where everyone on the machine can read it."""


def add_to(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    family: Annotated[
        str, typer.Argument(metavar="FAMILY_ID|-", help="Id keluarga; - membaca NIK atau KK tanpa terlihat")
    ],
    user: As = "",
    as_json: Json = False,
) -> None:
    """Jelaskan mengapa sebuah keluarga menerima atau tidak, dan apa yang terjadi dengan haknya."""
    digits = "".join(character for character in family if character.isdigit())
    if len(digits) == DIGITS_OF_A_PERSON and digits != family:
        _refuse_in_arguments()  # written in groups, as on a card: an id never is
    if family != "-" and not family.isdigit():
        raise typer.BadParameter(_("tulis id keluarga (angka) atau -"), param_hint="FAMILY_ID")
    by = acting(user)
    by.require("explain")
    from salur.monitoring import explain as explaining

    try:
        number = explaining.find(_asked(), by=by) if family == "-" else explaining.recipient(family, by=by)
    except explaining.NotFound:
        if len(digits) == DIGITS_OF_A_PERSON:
            _refuse_in_arguments()
        raise
    found = explaining.story(number, by=by)
    answer(as_data(found), as_json=as_json, human=lambda _data: as_text(found))


def _refuse_in_arguments() -> NoReturn:
    """Whether such a NIK exists is never looked up, so that nobody learns it from the answer."""
    raise NumberInArguments(
        _("NIK dan No. KK di perintah terbaca orang lain; jalankan salur explain - lalu ketik nomornya.")
    )


def _asked() -> str:
    """The number from the terminal, unseen, or the first line of stdin."""
    if sys.stdin.isatty():
        return getpass.getpass(_("NIK, No. KK, atau id keluarga (tidak terlihat): ")).strip()
    return sys.stdin.readline().strip()


def as_data(found: Story) -> dict[str, Any]:
    """For programs: codes, numbers and the sentences."""
    return {
        "recipient_id": found.recipient_id,
        "region": found.region_code,
        "waiting_for_review": list(found.waiting),
        "findings": list(found.findings),
        "decisions": [
            {
                "programme": one.programme, "period": one.period, "outcome": one.outcome or None,
                "reason": one.reason or None, "article": one.article or None, "numbers": one.numbers,
                "sentences": _why(one, found),
                "would_change": _what_if(one),
            }
            for one in found.decisions
        ],
        "payments": [
            {
                "cycle": one.cycle, "entitlements": list(one.entitlements), "settlements": list(one.settlements),
                "exceptions": list(one.exceptions), "sentences": _paid(one),
            }
            for one in found.payments
        ],
    }  # fmt: skip


def as_text(found: Story) -> str:
    """For people: a block for the family, one for each decision, one for each cycle."""
    blocks = [[_("Keluarga %(id)s, %(place)s") % {"id": found.recipient_id, "place": _place(found.region_code)}]]
    blocks[0] += [_("Menunggu keputusan petugas: %(what)s.") % {"what": words.register(code)} for code in found.waiting]
    blocks[0] += [_("Catatan registri: %(what)s.") % {"what": words.register(code)} for code in found.findings]
    if not found.decisions:
        blocks.append([_("Belum ada penetapan program mana pun.")])
    for one in found.decisions:
        what = words.outcome(one.outcome) if one.is_listed else _("tidak dipertimbangkan")
        blocks.append([f"{one.programme} {one.period}: {what.upper()}", *_why(one, found)])
        blocks[-1] += [f"- {sentence}" for sentence in _what_if(one)]
    for payment in found.payments:
        blocks.append([_("Pembayaran %(cycle)s") % {"cycle": payment.cycle}, *_paid(payment)])
    return "\n\n".join("\n  ".join(block) for block in blocks)


def _place(code: str) -> str:
    """Village, district, regency, province, and the code."""
    from salur.foundation.regions.codes import path_names

    return f"{', '.join(reversed(path_names(code)))} ({code})"


def _why(one: Decision, found: Story) -> list[str]:
    if not one.is_listed:
        why = _("Keluarga ini tidak ada dalam rilis registri per %(day)s.") % {"day": one.released_as_of}
        wait = [_("Keluarga menunggu keputusan petugas, dan selama itu tidak dirilis.")] if found.waiting else []
        return [why, *wait]
    facts = "; ".join(_facts(one))
    basis = _("Dasar: %(article)s.") if one.is_verified else _("Dasar: %(article)s (belum diverifikasi).")
    told = [words.reason(one.reason), basis % {"article": one.article}]
    told += [_("Angka: %(facts)s.") % {"facts": facts}] if facts else []
    due = {entitlement["period"] for payment in found.payments for entitlement in payment.entitlements}
    has_due = one.outcome != "admitted" or one.period in due
    return told if has_due else [*told, _("Belum ada hak untuk periode ini.")]


def _facts(one: Decision) -> list[str]:
    """The numbers that decided, in words."""
    n = one.numbers
    told = []
    if "decile" in n:
        decile = n["decile"] if n["decile"] is not None else _("tidak diketahui")
        limits = {"from": one.rule.decile_from, "to": one.rule.decile_to}
        told.append(_("desil %(decile)s") % {"decile": decile} + " " + _("(batas %(from)s-%(to)s)") % limits)
    if n.get("excluded_occupation"):
        told.append(_("pekerjaan %(job)s") % {"job": n["excluded_occupation"]})
    if "components" in n:
        told.append(_("%(n)s komponen") % {"n": n["components"]})
    if "holder_status" in n:
        told.append(_("status pengurus %(status)s") % {"status": n["holder_status"] or _("tidak ada")})
    if "adults" in n:
        age = {"n": n["adults"], "age": one.rule.ages.adult}
        told.append(_("%(n)s anggota berumur %(age)s tahun atau lebih") % age)
    if "hari_ditahan" in n:
        days = {"n": n["hari_ditahan"], "most": one.rule.hold_deadline_days}
        told.append(_("ditahan %(n)s hari dari paling lama %(most)s") % days)
    if "peringkat" in n:
        told.append(_("peringkat %(rank)s untuk %(places)s tempat kuota di %(region)s") % _queue(one))
        told.append(_("undian %(draw)s") % {"draw": n["undian"]})
    return told


def _queue(one: Decision) -> dict[str, object]:
    from salur.foundation.regions.codes import name

    n = one.numbers
    region = n["wilayah_kuota"]
    return {"rank": n["peringkat"], "places": n["kuota"], "region": f"{name(region)} ({region})"}


def _what_if(one: Decision) -> list[str]:
    """What would have changed the answer: every obstacle, then the place in the queue."""
    if not one.is_listed:
        return []
    told = [_remedy(code, one) for code in one.obstacles]
    if one.outcome == "held":
        return [*told, _("Setelah itu keluarga ini diterima; tempatnya dalam kuota tetap tersedia selama ditahan.")]
    if one.outcome == "waiting":
        return [*_more_places(one), *told]
    if one.outcome == "admitted":
        limit = _("Tidak diterima lagi bila desil di atas %(to)s.") % {"to": one.rule.decile_to}
        fewer = _("Hanya menunggu bila kuota di %(region)s kurang dari %(rank)s tempat.") % _queue(one)
        return [limit, fewer] if one.rule.decile_to else [fewer]
    if one.reason == "TANPA_KUOTA":
        return [*told, _("Bila ada kuota untuk desa atau wilayah di atasnya, keluarga ini ikut diurutkan.")]
    if one.reason == "TAHAN_LEWAT_BATAS":
        days = {"n": one.rule.hold_deadline_days}
        return [_("Bila diputuskan dalam %(n)s hari, tempatnya dalam kuota tidak hilang.") % days, *told]
    return [*told, _("Setelah itu keluarga ini layak dan ikut diurutkan dalam kuota wilayahnya.")]


def _more_places(one: Decision) -> list[str]:
    more = _queue(one) | {"more": int(one.numbers["peringkat"]) - int(one.numbers["kuota"])}
    told = [_("Bila kuota di %(region)s bertambah %(more)s menjadi %(rank)s tempat, keluarga ini masuk kuota.") % more]
    decile = {"decile": one.numbers.get("decile")}
    if decile["decile"] and decile["decile"] > (one.rule.decile_from or 1):
        told.append(_("Desil yang lebih kecil daripada %(decile)s menaikkan peringkatnya.") % decile)
    return told


def _remedy(code: str, one: Decision) -> str:
    """The one thing that takes this obstacle away."""
    rule = one.rule
    limits = {"from": rule.decile_from, "to": rule.decile_to, "age": rule.ages.adult}
    if code == "PENGURUS_MENINGGAL":
        return _("Pengurus yang meninggal harus diganti dengan anggota yang PADAN.")
    if code.startswith("PENGURUS_"):
        return _("Status pengurus di Dukcapil harus menjadi PADAN, atau pengurus diganti dengan anggota yang PADAN.")
    if code == "TANPA_DEWASA":
        return _("Harus ada anggota hidup berumur %(age)s tahun atau lebih yang menjadi pengurus.") % limits
    if code == "PEKERJAAN":
        return _("Tidak boleh ada anggota hidup dengan pekerjaan %(all)s; keluarga dapat mengajukan keberatan.") % {
            "all": ", ".join(rule.excluded_occupations)
        }
    if code == "TANPA_KOMPONEN":
        return _("Harus ada anggota padan dengan sedikitnya satu komponen: %(all)s.") % {
            "all": ", ".join(words.component(part.name) for part in rule.benefit.components)
        }
    if code == "DESIL_TIDAK_DIKETAHUI":
        return _("Desil harus diketahui dan antara %(from)s dan %(to)s.") % limits
    if code == "DESIL_DI_LUAR":
        return _("Dengan desil %(to)s atau kurang syarat desil terpenuhi.") % limits
    return words.reason(code)


def _paid(payment: Payment) -> list[str]:
    told = []
    for due in payment.entitlements:
        parts = ", ".join(f"{words.component(name)} {format_rupiah(n)}" for name, n in due["component_rupiah"].items())
        told.append(_("Hak %(period)s: %(rupiah)s (%(parts)s).") % {
            "period": due["period"], "rupiah": format_rupiah(due["amount_rupiah"]), "parts": parts
        })  # fmt: skip
    if not payment.settlements:
        told.append(_("Belum diinstruksikan."))
    for row in payment.settlements:
        told += _settled(row)
    shown = {row["reason"] for row in payment.settlements if row["open_rupiah"]}
    others = [one for one in payment.exceptions if one["cause"] not in shown]
    return told + [
        _("Harus diperiksa: %(cause)s (%(rupiah)s).")
        % {"cause": words.cause(one["cause"]), "rupiah": format_rupiah(one["rupiah"])}
        for one in others
    ]


def _settled(row: dict[str, Any]) -> list[str]:
    """One instruction, or what was never instructed, with the rupiah and why some stay open."""
    told = []
    if row["id_instruksi"]:
        told.append(_("Instruksi %(id)s: %(rupiah)s melalui %(channel)s.") % {
            "id": row["id_instruksi"], "rupiah": format_rupiah(row["instructed_rupiah"]), "channel": row["channel"]
        })  # fmt: skip
    if row["state"] is None:
        return [*told, _("Belum direkonsiliasi.")]
    told.append(words.state(row["state"]))
    sums = {name: format_rupiah(row[f"{name}_rupiah"]) for name in SUMS}
    told.append(
        _("Tersalur %(credited)s, diambil %(collected)s, kembali %(returned)s, kelebihan %(excess)s, terbuka %(open)s.")
        % sums
    )
    if row["open_rupiah"]:
        told.append(_("Sebab masih terbuka: %(cause)s.") % {"cause": words.cause(row["reason"])})
    return told
