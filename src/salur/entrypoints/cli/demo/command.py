"""salur demo: a house full of made-up families, played through and served."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from salur.entrypoints.cli.demo.progress import Marks, marks_for, marks_of_home, play
from salur.entrypoints.cli.house import Json, answer
from salur.entrypoints.cli.keeping import make_house, run_server
from salur.foundation.database.connection import connect
from salur.foundation.database.home import home
from salur.foundation.database.locks import run_lock
from salur.foundation.database.ready import prepare
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

FAMILIES = 60_000
SEED = "salur"
HOST, PORT = "127.0.0.1", 8000


def add_to(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    families: Annotated[int | None, typer.Option(min=1, help="Jumlah keluarga buatan; tanpa ini 60000")] = None,
    seed: Annotated[str | None, typer.Option(help="Benih: teks yang sama memberi data yang sama")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Jalankan halaman web sesudahnya")] = True,
    as_json: Json = False,
) -> None:
    """Isi rumah ini dengan data contoh, jalankan dua tahap, lalu layani; dipanggil lagi: lanjutkan."""
    marks = marks_for(families, seed, default_families=FAMILIES, default_seed=SEED)
    if not (marks.is_complete and _stands()):
        marks = _fill(marks)
    from salur.entrypoints.cli.demo import summary

    answer(summary.told(marks), as_json=as_json, human=summary.table)
    if serve:
        run_server(HOST, PORT)


def _stands() -> bool:
    """Whether the house needs nothing: its server answers and its schema is that of this program."""
    prepare()
    from django.core.management import call_command

    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return False
    return True


def _fill(marks: Marks) -> Marks:
    """Make the house or bring it up to date, and play what is left. Raises Refused in a home with real data."""
    key = hashlib.sha256(f"salur-demo:{marks.seed}".encode()).hexdigest()
    make_house(demo=True, admin="admin", id_key=key)
    from salur.entrypoints.cli.demo import journey

    with connect("owner") as owner, run_lock(owner, "demo"):
        marks = marks_of_home() or marks
        _refuse_other_register(marks.seconds)
        marks.keep()
        play(journey.steps(marks), marks)
    return marks


def _refuse_other_register(done: dict[str, float]) -> None:
    from salur.registry.models import RegistryFile

    if not done and RegistryFile.objects.exists():
        raise Refused(
            _("Rumah %(home)s sudah berisi registri lain; pakai SALUR_HOME lain untuk contoh.") % {"home": home()}
        )
