"""The engine on a cluster.

Everything that is too large for this process goes through files in a folder that executors and this process share: below
SALUR_HOME, as the lake itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from salur.foundation.database.home import workplace
from salur.foundation.engine import on_duckdb, spark_session
from salur.foundation.engine.placed import Placed
from salur.foundation.vocabulary import span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_WIDER = 16  # a statement takes seconds to begin on a cluster, and what does not fit into memory goes to its disks
_TYPES = {
    "int16": "SMALLINT",
    "int32": "INT",
    "int64": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "text": "STRING",
}


class EngineFailed(Exception):
    """Spark could not answer. Says which class of error, never its text: that holds values of rows."""


class OnSpark(Placed):
    """Tables in, tables out, on the executors of a session. Holds the files and names of a run."""

    def __init__(self, session: SparkSession, scratch: Path) -> None:
        # Names are the session's, which outlives a run.
        super().__init__(ibis.pyspark.connect(session), prefix=f"{scratch.name.replace('-', '_')}_")
        self.session, self._scratch = session, scratch
        self._kept: dict[str, Path] = {}
        self._places = 0

    def families_at_once(self) -> int:
        return _WIDER * span.FAMILIES_MAX

    def parquet(self, files: Sequence[Path]) -> ir.Table:
        name = self._named("files")
        self._view(name, files, "")
        return self.connection.table(name)

    def literal(self, value: int, kind: str = "int32") -> ir.IntegerScalar:
        return ibis.literal(value, kind)

    def text(self, value: str) -> ir.StringScalar:
        return ibis.literal(value)

    def truth(self, value: bool) -> ir.BooleanScalar:
        return ibis.literal(value)

    def given(self, rows: pa.Table | pa.RecordBatchReader) -> ir.Table:
        file = self._place()
        # Closed whatever happens: a stream out of PostgreSQL keeps its connection busy for as long as it is open.
        with rows.to_reader() if isinstance(rows, pa.Table) else rows as batches:
            # A stream may declare a column filled and bring it as one that may be empty; the writer takes offence.
            schema = pa.schema([field.with_nullable(True) for field in batches.schema])
            with pq.ParquetWriter(file, schema) as writer:
                for batch in batches:
                    writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
        return self._shown("given", file, [file])

    def keep(self, expression: ir.Table) -> ir.Table:
        # Files and not Spark's memory: a plan of many turns starts anew here, and an executor may be lost.
        parts = self._worked_out(self._cast(expression, self._widths(expression)))
        return self._shown("kept", parts[0].parent, parts)

    def arrow(self, expression: ir.Expr) -> pa.Table:
        rows = expression.as_table()
        with _told_by_class():
            found = self._query(rows).toArrow().cast(rows.schema().to_pyarrow())
        if isinstance(expression, ir.Table):
            return found
        return found.column(0)[0] if isinstance(expression, ir.Scalar) else found.column(0)

    def batches(self, expression: ir.Table, rows: int = 100_000) -> pa.RecordBatchReader:
        parts = self._worked_out(self._cast(expression, self._widths(expression)))
        schema = expression.schema().to_pyarrow()

        def read() -> Iterator[pa.RecordBatch]:
            for part in parts:
                with pq.ParquetFile(part) as file:
                    for batch in file.iter_batches(batch_size=rows):
                        yield batch.cast(schema)

        return pa.RecordBatchReader.from_batches(schema, read())

    def write(self, expression: ir.Table, file: Path, *, types: Mapping[str, str], order: Sequence[str]) -> None:
        widths = {name: _TYPES[kind] for name, kind in types.items()}
        on_duckdb.join_parquet(self._worked_out(self._cast(expression, widths), order), file)

    def write_csv(self, expression: ir.Table, file: Path, order: Sequence[str]) -> None:
        on_duckdb.join_csv(self._worked_out(self._query(expression), order), file)

    def close(self) -> None:
        """Forget the names of this run; the session stays."""
        for name in [*self._made, *self._views]:
            self.session.catalog.dropTempView(name)

    def _query(self, expression: ir.Table) -> DataFrame:
        return self.session.sql(self.compiled(expression))

    def _widths(self, expression: ir.Table) -> dict[str, str]:
        width = self.connection.compiler.type_mapper.to_string
        return {column: width(kind) for column, kind in expression.schema().items()}

    def _cast(self, expression: ir.Table, widths: Mapping[str, str]) -> DataFrame:
        """Written in the engine's own words: Ibis leaves out a cast that it thinks redundant."""
        columns = ", ".join(f"CAST(`{name}` AS {width}) AS `{name}`" for name, width in widths.items())
        with _told_by_class():
            return self.session.sql(f"SELECT {columns} FROM ({self.compiled(expression)})")

    def _worked_out(self, rows: DataFrame, order: Sequence[str] = ()) -> list[Path]:
        """Parquet files written by the executors; with an order, their rows are sorted from the first file to the last."""
        place = self._place()
        with _told_by_class():
            (rows.orderBy(*order) if order else rows).write.parquet(place.as_uri())
        # Numbered from part-00000 on, one at least, with the columns also when there are no rows.
        return sorted(place.glob("part-*"))

    def _shown(self, kind: str, place: Path, parts: Sequence[Path]) -> ir.Table:
        name = self._named(kind)
        self._kept[name] = place
        self._view(name, parts, "")
        return self.connection.table(name)

    def _view(self, name: str, files: Sequence[Path], condition: str) -> None:
        from pyspark.sql.pandas.types import from_arrow_schema

        # The schema is told and not asked of the executors, which would be a job for each table.
        schema = from_arrow_schema(pq.read_schema(files[0]))
        with _told_by_class():
            rows = self.session.read.schema(schema).parquet(*[file.as_uri() for file in files])
            (rows.where(condition) if condition else rows).createOrReplaceTempView(name)

    def _drop(self, name: str) -> None:
        self.session.catalog.dropTempView(name)
        place = self._kept.pop(name, None)
        if place is not None and place.is_dir():
            shutil.rmtree(place)
        elif place is not None:
            place.unlink()

    def _place(self) -> Path:
        self._places += 1
        return self._scratch / f"{self._places}.parquet"


@contextmanager
def _told_by_class() -> Iterator[None]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise EngineFailed(_class_of(error)) from None


def _class_of(error: Any) -> str:
    condition = error.getCondition() if hasattr(error, "getCondition") else None
    return f"{type(error).__name__} {condition or ''}".strip()


@contextmanager
def opened() -> Iterator[OnSpark]:
    """The session of this process with a private, shared scratch folder for one run."""
    session = spark_session.session()
    with workplace("engine") as scratch:
        run = OnSpark(session, scratch)
        try:
            yield run
        finally:
            run.close()
