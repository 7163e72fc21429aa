"""salur export, audit: what others check us by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done, tell
from salur.foundation.vocabulary.language import _


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)
    app.command("audit")(audit)


def export(
    code: str,
    out: Annotated[Path, typer.Option(help="Folder tujuan")],
    identity: Annotated[bool, typer.Option("--identity", help="Sertakan No. KK (izin tersendiri, dicatat)")] = False,
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Tulis daftar-daftar sebuah tahap sebagai CSV."""
    by = acting(user)
    from salur.monitoring.export import export as write_lists

    answer(write_lists(code, out, by=by, identity=identity, dry_run=dry_run), as_json=as_json)
    done(dry_run=dry_run)


def audit(code: str, user: As = "", as_json: Json = False) -> None:
    """Hitung ulang dari masukan tersegel dan bandingkan; periksa lake, buku besar, dan rantai audit."""
    by = acting(user)
    from salur.monitoring.verify import verify

    found = verify(code, by=by)
    answer(found, as_json=as_json, human=_faults)
    if not found["ok"]:
        tell(_("Ada %(n)s kesalahan; jangan lanjutkan tahap ini sebelum dijelaskan.") % {"n": len(found["faults"])})
        raise typer.Exit(1)


def _faults(found: dict) -> str:
    if found["ok"]:
        return _("Utuh: daftar, hak, instruksi, hasil, buku besar, dan rantai audit sama dengan yang disegel.")
    return "\n".join(
        f"{fault['kind']:<12} {fault['where']}: {fault['expected']} -> {fault['found']}" for fault in found["faults"]
    )
