"""A throw-away DuckDB with the dice of the demo: bounded memory, temporary folder, repeatable chance."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

SQL = Path(__file__).parent / "sql"


@contextmanager
def workbench(seed: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database on disk (two million persons need not fit in memory), gone afterwards.

    Chance comes from md5 of the seed and a name, never from random(): `dice_a` and `dice_b` give 64 bits each for a
    name, `roll(bits, place, sides)` cuts a number 0..sides-1 out of them from bit `place` on.
    """
    with TemporaryDirectory(prefix="salur-demo-") as folder:
        connection = duckdb.connect(f"{folder}/demo.duckdb")
        try:
            connection.execute("set memory_limit = '600MB'")
            connection.execute("set temp_directory = ?", [f"{folder}/spill"])
            connection.execute("set enable_progress_bar = false")
            connection.execute("set variable seed = ?", [seed])
            connection.execute("create macro dice_a(name) as md5_number_lower(getvariable('seed') || ':' || name)")
            connection.execute("create macro dice_b(name) as md5_number_upper(getvariable('seed') || ':' || name)")
            connection.execute("create macro roll(bits, place, sides) as ((bits >> place) % sides)::bigint")
            yield connection
        finally:
            connection.close()


def run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Execute sql/<name>.sql."""
    connection.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write the rows of an ordered query as CSV, readable for the owner alone; answers how many."""
    path.touch(mode=0o600)
    [[count]] = connection.execute(f"copy ({query}) to '{quoted(path)}' (format csv, header, delimiter ',')").fetchall()
    return int(count)


def quoted(path: Path) -> str:
    """A path inside single quotes of SQL."""
    return str(path).replace("'", "''")
