"""salur demo: a house full of made-up families, played through and served."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import typer

from salur.entrypoints.cli.house import Json, answer, is_demo, prepare, tell
from salur.entrypoints.cli.keeping import make_house, run_server
from salur.foundation.database.connection import connect
from salur.foundation.database.home import home, secret
from salur.foundation.database.locks import run_lock
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
    """Isi rumah ini dengan data contoh, jalankan dua tahap sampai rekonsiliasi, lalu layani; dipanggil lagi: lanjutkan."""
    from salur.entrypoints.cli.demo.progress import marks_for

    marks = marks_for(families, seed, default_families=FAMILIES, default_seed=SEED)
    _open_house(marks.seed)
    from salur.entrypoints.cli.demo import journey, summary
    from salur.entrypoints.cli.demo.progress import marks_of_home, play

    with connect("owner") as owner, run_lock(owner, "demo"):
        marks = marks_of_home() or marks
        _refuse_other_register(marks.seconds)
        marks.keep()
        play(journey.steps(marks), marks)
    told: dict[str, Any] = summary.told(marks)
    answer(told, as_json=as_json, human=summary.table)
    if serve:
        run_server(HOST, PORT)


def _open_house(seed: str) -> None:
    """Make the house, or bring an older one up to date. Raises Refused in a home with real data."""
    make_house(demo=True, admin="admin", id_key=hashlib.sha256(f"salur-demo:{seed}".encode()).hexdigest())


def _refuse_other_register(done: dict[str, float]) -> None:
    from salur.registry.models import RegistryFile

    if not done and RegistryFile.objects.exists():
        raise Refused(_("Rumah %(home)s sudah berisi registri lain; pakai SALUR_HOME lain untuk contoh.") % {"home": home()})
