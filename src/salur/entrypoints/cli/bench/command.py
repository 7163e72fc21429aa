"""salur bench: measure Salur on made-up people."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Annotated

import typer

from salur.entrypoints.cli.house import Json, answer, done, is_demo, tell
from salur.foundation.database.home import home
from salur.foundation.database.ready import prepare
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

bench = typer.Typer(help="Mengukur Salur dengan data buatan.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(bench, name="bench")


@bench.callback()
def _group() -> None:
    """Mengukur Salur dengan data buatan."""


@bench.command("world")
def world(
    families: Annotated[int, typer.Option(min=1, max=100_000_000, help="Jumlah keluarga buatan")] = 1_000_000,
    seed: Annotated[str, typer.Option(help="Benih: teks yang sama memberi data yang sama")] = "salur",
    as_json: Json = False,
) -> None:
    """Segel satu negeri buatan langsung ke danau data: keluarga, orang, kuota, kanal, pagu, undian, rilis."""
    if not is_demo():
        raise NotSynthetic(
            _("Rumah %(home)s tidak ditandai sebagai data contoh; siapkan SALUR_HOME lain dengan salur init --demo.")
            % {"home": home()}
        )
    prepare()
    from salur.entrypoints.cli.bench.world import build
    from salur.foundation.lake.sweep import sweep

    sweep()
    tell(_("DATA CONTOH: semua orang dan angka di sini buatan."))
    answer(build(families, seed, progress=_progress(families)), as_json=as_json)
    done()


class NotSynthetic(Refused):
    """Made-up people may not lie beside real ones."""


def _progress(families: int) -> Callable[[str, int], None]:
    from salur.foundation.regions import codes

    began, sealed = monotonic(), 0

    def told(province: str, here: int) -> None:
        nonlocal sealed
        sealed += here
        percent = sealed * 100 // families
        tell(f"{monotonic() - began:8.1f} s  {percent:3d} %  {province} {codes.name(province)}")

    return told
