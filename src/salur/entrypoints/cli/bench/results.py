"""How the channels of a synthetic country answer its instructions: files of cells as reception leaves them, province by province."""

from __future__ import annotations

from pathlib import Path

from salur.entrypoints.cli.bench import register
from salur.foundation.engine.on_duckdb import OnDuckDB, quoted
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset

COLUMNS = ("id_instruksi", "hasil", "jumlah", "waktu", "bukti", "kode_alasan", "tempat")


def results(run: OnDuckDB, instructed: Dataset, folder: Path, *, seed: str, second: bool = False) -> list[Path]:
    """Answer sealed instructions. Gives one file for each span of the country, in order; the same seed writes the same cells.

    All cells are text, as a channel writes them; `baris` counts the rows of a file from 1. A file speaks for all channels that serve its
    span. Of a hundred instructions about three fail; one answer is told twice to the letter; of a thousand one contradicts itself,
    one is short, one is credited twice; of ten thousand one names an id that nobody gave. With `second` the later report instead: about one
    in a hundred instructions, a third of those that had failed, is carried out after all.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = lake.read(run, instructed)
    register.roll(run, seed)
    run.connection.raw_sql(f"CREATE OR REPLACE TEMP VIEW instructed AS FROM ({run.compiled(rows)})")
    register.do(run, "results")
    view, name = ("later_rows", "results-2") if second else ("result_rows", "results-1")
    written = []
    for place in lake.places(instructed):
        file = folder / f"{name}-{place.start}.parquet"
        with run.at(place):
            _write(run, view, file)
        written.append(file)
    return written


def _write(run: OnDuckDB, view: str, file: Path) -> None:
    """Write in an order that any machine repeats: that of the cells themselves, as shuffled as a channel's own."""
    cells = ", ".join(COLUMNS)
    run.connection.raw_sql(
        f"COPY (SELECT {cells}, row_number() OVER (ORDER BY bukti, id_instruksi, hasil, jumlah) AS baris FROM {view} ORDER BY baris) "
        f"TO '{quoted(file)}' (FORMAT parquet, COMPRESSION zstd)"
    )
    file.chmod(0o600)
