"""The engine on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.database.home import workplace
from salur.foundation.engine.placed import Placed
from salur.foundation.vocabulary import span

MEMORY_LIMIT = os.environ.get("SALUR_ENGINE_MEMORY", "1500MB")
ROW_GROUP_ROWS = 122_880
# Level 1: of sorted lists it makes files no larger than the usual level 3 does, in a sixth less time. A dictionary of up to 8192 texts
# holds all region codes and words; the usual fifth of a row group is sought in vain among ids, which costs a tenth of the writing.
PARQUET = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 8192, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
_CSV = "FORMAT csv, HEADER"
TYPES = {
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "text": "VARCHAR",
}


class OnDuckDB(Placed):
    """Tables in, tables out, in this process. Holds the one connection of a run."""

    def families_at_once(self) -> int:
        return span.FAMILIES_MAX

    def parquet(self, files: Sequence[Path]) -> ir.Table:
        return self.connection.read_parquet([str(file) for file in files])

    def literal(self, value: int, kind: str = "int32") -> ir.IntegerScalar:
        return ibis.literal(value, kind)

    def text(self, value: str) -> ir.StringScalar:
        return ibis.literal(value)

    def truth(self, value: bool) -> ir.BooleanScalar:
        return ibis.literal(value)

    def given(self, rows: pa.Table | pa.RecordBatchReader) -> ir.Table:
        name = self._named("given")
        # Registered under DuckDB's own connection: Ibis 12 writes a DROP that the sqlglot of its day does not spell.
        self.connection.con.register(f"arrow_{name}", rows)
        self.connection.raw_sql(f"CREATE TEMP TABLE {name} AS SELECT * FROM arrow_{name}")
        self.connection.con.unregister(f"arrow_{name}")
        return self.connection.table(name)

    def keep(self, expression: ir.Table) -> ir.Table:
        name = self._named("kept")
        width = self.connection.compiler.type_mapper.to_string
        columns = ", ".join(
            f'CAST("{column}" AS {width(kind)}) AS "{column}"' for column, kind in expression.schema().items()
        )
        self.connection.raw_sql(f"CREATE TEMP TABLE {name} AS SELECT {columns} FROM ({self.compiled(expression)})")
        return self.connection.table(name)

    def arrow(self, expression: ir.Expr) -> pa.Table:
        if not isinstance(expression, ir.Table):
            return self.connection.to_pyarrow(expression)
        found = self.connection.raw_sql(self.compiled(expression)).to_arrow_table()
        return found.cast(expression.schema().to_pyarrow())

    def batches(self, expression: ir.Table, rows: int = 100_000) -> pa.RecordBatchReader:
        return self.connection.to_pyarrow_batches(expression, chunk_size=rows)

    def write(self, expression: ir.Table, file: Path, *, types: Mapping[str, str], order: Sequence[str]) -> None:
        # The casts are written here in the engine's own words: Ibis leaves out a cast that it thinks redundant, and then a
        # sum of 64-bit numbers is 128 bits wide, which Parquet keeps as floating point.
        columns = ", ".join(f'CAST("{name}" AS {TYPES[kind]}) AS "{name}"' for name, kind in types.items())
        sql = f"SELECT {columns} FROM ({self.compiled(expression)}) ORDER BY {', '.join(order)}"
        self.connection.raw_sql(f"COPY ({sql}) TO '{quoted(file)}' ({PARQUET})")

    def _view(self, name: str, files: Sequence[Path], condition: str) -> None:
        paths = ", ".join(f"'{quoted(file)}'" for file in files)
        only = f" WHERE {condition}" if condition else ""
        self.connection.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}]){only}")

    def _drop(self, name: str) -> None:
        self.connection.raw_sql(f"DROP TABLE IF EXISTS {name}")

    def write_csv(self, expression: ir.Table, file: Path, order: Sequence[str]) -> None:
        sql = f"SELECT * FROM ({self.compiled(expression)}) ORDER BY {', '.join(order)}"
        self.connection.raw_sql(f"COPY ({sql}) TO '{quoted(file)}' ({_CSV})")


def join_parquet(parts: Sequence[Path], file: Path) -> None:
    """One Parquet file of the rows of several, in the order in which they are given."""
    _join(parts, file, PARQUET)


def join_csv(parts: Sequence[Path], file: Path) -> None:
    """One CSV with a header of the rows of several Parquet files, in the order in which they are given."""
    _join(parts, file, _CSV)


def _join(parts: Sequence[Path], file: Path, form: str) -> None:
    with _connected(preserve_insertion_order=True) as connection:
        names = ", ".join(f"'{quoted(part)}'" for part in parts)
        connection.raw_sql(f"COPY (SELECT * FROM read_parquet([{names}])) TO '{quoted(file)}' ({form})")


def quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def opened() -> Iterator[OnDuckDB]:
    """DuckDB with a private scratch folder, closed with all it holds."""
    with _connected(preserve_insertion_order=False) as connection:
        yield OnDuckDB(connection)


@contextmanager
def _connected(*, preserve_insertion_order: bool) -> Iterator[ibis.backends.BaseBackend]:
    with workplace("engine") as scratch:
        connection = ibis.duckdb.connect(
            memory_limit=MEMORY_LIMIT,
            # What one statement gives back the next one takes: without this the system clears each page anew, a tenth of all the work.
            block_allocator_memory=MEMORY_LIMIT,
            temp_directory=str(scratch),
            threads=int(os.environ.get("SALUR_ENGINE_THREADS", os.cpu_count() or 1)),
            preserve_insertion_order=preserve_insertion_order,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
        )
        try:
            yield connection
        finally:
            connection.disconnect()
