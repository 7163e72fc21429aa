"""salur instruction, result: from the approved list to the channels and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done, imported, trying
from salur.entrypoints.cli.planning import Files, Rejected

instruction = typer.Typer(help="Instruksi kepada kanal.", no_args_is_help=True)
result = typer.Typer(help="Laporan hasil dari kanal.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(instruction, name="instruction")
    app.add_typer(result, name="result")


@instruction.command("write")
def instruction_write(
    code: str,
    out: Annotated[Path, typer.Option(help="Folder tujuan")],
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Tulis berkas instruksi per kanal dan kabupaten/kota; dipanggil lagi: isi yang sama persis."""
    by = acting(user)
    from salur.delivery.prepare import write

    with trying(dry_run):
        found = write(code, out, by=by, dry_run=dry_run)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)


@instruction.command("release")
def instruction_release(code: str, user: As = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Lepas instruksi: sejak ini uang berada di kanal."""
    by = acting(user)
    from salur.delivery.actions.instructions import release

    with trying(dry_run):
        found = release(code, by=by)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)


@result.command("import")
def result_import(
    channel: Annotated[str, typer.Argument(help="BRI BNI MANDIRI BTN BSI POS")],
    files: Files,
    rows: Annotated[int | None, typer.Option(help="Total kontrol: jumlah baris")] = None,
    rupiah: Annotated[int | None, typer.Option(help="Total kontrol: jumlah rupiah semua baris")] = None,
    user: As = "",
    rejected: Rejected = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Impor laporan hasil; total kontrol dari NAMA.manifest.json di sampingnya atau dari --rows dan --rupiah."""
    by = acting(user)
    from salur.delivery.receive import receive

    told = receive(channel.upper(), files, by=by, rows=rows, rupiah=rupiah, rejected_to=rejected, dry_run=dry_run)
    imported(told, as_json, dry_run=dry_run)
