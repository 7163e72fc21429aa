"""salur user: accounts and roles."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated, Any

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done, tell, trying
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

users = typer.Typer(help="Akun petugas.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(users, name="user")


@users.command("add")
def add(
    name: str,
    role: Annotated[
        str, typer.Option(help="registrar planner approver disburser channel reconciler monitor auditor admin")
    ],
    area: Annotated[str, typer.Option(help="00 seluruh negeri, 63 provinsi, 6371 kabupaten/kota, ...")],
    channel: Annotated[str, typer.Option(help="Kanal untuk peran channel, misalnya BRI")] = "",
    person: Annotated[str, typer.Option(help="Orang di balik akun (misalnya NIP); tanpa ini nama akun")] = "",
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Beri akun sebuah peran; akun baru mendapat token yang ditampilkan sekali."""
    by = acting(user)
    by.require("users")
    from salur.foundation.access.actions import officers
    from salur.foundation.vocabulary.region_code import normalise

    if not by.sees(normalise(area) or "00"):
        raise Refused(_("Anda hanya dapat menambah pengguna di wilayah Anda (%(area)s).") % {"area": by.area})
    with trying(dry_run):
        token = officers.add(name, role=role, area=area, channel=channel.upper(), person=person, by=by.name)
    _hand_over({"user": name, "role": role, "area": area}, token, dry_run=dry_run, as_json=as_json)


@users.command("list")
def list_users(user: As = "", as_json: Json = False) -> None:
    """Akun di wilayah Anda, juga yang dinonaktifkan."""
    by = acting(user)
    from salur.foundation.access.actions import accounts

    answer(accounts.listed(by=by), as_json=as_json, human=_table)


def _table(rows: list[dict[str, Any]]) -> str:
    ended = _("nonaktif")
    return "\n".join(
        f"{row['user']:<20} {row['area']:<11} {'' if row['active'] else ended:<9} {', '.join(row['roles'])}"
        f"{' ' + row['channel'] if row['channel'] else ''} ({row['person']})"
        for row in rows
    )


@users.command("disable")
def disable(
    name: str,
    reason: Annotated[str, typer.Option(help="Mengapa demikian")],
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Nonaktifkan akun untuk seterusnya; token dan sesinya berakhir saat itu juga, riwayatnya tetap."""
    by = acting(user)
    from salur.foundation.access.actions import accounts

    with trying(dry_run):
        accounts.disable(name, reason=reason, by=by)
    answer({"user": name, "active": False}, as_json=as_json)
    done(dry_run=dry_run)


@users.command("renew")
def renew(name: str, user: As = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Ganti token akun; token lama dan sesinya berakhir saat itu juga, yang baru ditampilkan sekali."""
    by = acting(user)
    from salur.foundation.access.actions import accounts

    with trying(dry_run):
        token = accounts.renew(name, by=by)
    _hand_over({"user": name}, token, dry_run=dry_run, as_json=as_json)


def _hand_over(account: dict[str, object], token: str, *, dry_run: bool, as_json: bool) -> None:
    """Tell a new token, once. That of a dry run opens nothing, so it is not told."""
    told = token if token and not dry_run else None
    answer({**account, "token": told}, as_json=as_json)
    if told:
        tell(_("Simpan token ini untuk SALUR_TOKEN; hanya ditampilkan sekali."))
    done(dry_run=dry_run)


@users.command("password")
def password(name: str, user: As = "", dry_run: DryRun = False) -> None:
    """Beri akun kata sandi untuk halaman web dan terminal; diketik dua kali di terminal, tidak terlihat."""
    by = acting(user)
    from salur.foundation.access.actions import officers

    if not sys.stdin.isatty():
        raise Refused(_("Kata sandi hanya diterima di terminal; jalankan perintah ini langsung, bukan lewat pipa."))
    first = getpass.getpass(_("Kata sandi baru untuk %(name)s: ") % {"name": name})
    if getpass.getpass(_("Sekali lagi: ")) != first:
        raise Refused(_("Kedua kata sandi berbeda; jalankan perintah ini lagi."))
    with trying(dry_run):
        officers.set_password(name, first, by=by)
    if not dry_run:
        tell(_("Kata sandi %(name)s disimpan.") % {"name": name})
    done(dry_run=dry_run)
