"""What was planted, in one `truth.csv` that grows by parts: the population, then each cycle's results."""

from pathlib import Path

import duckdb

from salur.entrypoints.cli.demo.workbench import write_csv

ORDER = "mode, kind, key, expected_code, detail"


def record(connection: duckdb.DuckDBPyConnection, folder: Path, part: str) -> None:
    """Write the table `truth` as parts/<part>.csv (again: replaced) and join all parts to truth.csv.

    Columns: mode, kind, key, expected_code (empty = nothing may be found), when, detail, and for results the five sums
    of the settlement after the last round, in rupiah. `kind` is import_rejected, import_review, import_finding,
    import_unchanged, enrolment, instruction or exception; `key` a no_kk, a nik or an id_instruksi.
    """
    parts = folder / "parts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    parts.mkdir(mode=0o700, exist_ok=True)
    write_csv(connection, f"select * from truth order by {ORDER}", parts / f"{part}.csv")
    texts = [path.read_bytes() for path in sorted(parts.glob("*.csv"))]
    header = texts[0].split(b"\n", 1)[0] + b"\n"
    target = folder / "truth.csv"
    target.touch(mode=0o600)
    target.write_bytes(header + b"".join(text.split(b"\n", 1)[1] for text in texts))
