"""One engine for the length of one run: what every engine can do, and which one is opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.engine import on_duckdb
from salur.foundation.engine.placed import Piece
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.span import Span


class Engine(Protocol):
    """Tables in, tables out. Whoever holds one never asks which it is: the same calls give the same rows on each."""

    def families_at_once(self) -> int:
        """How many families it may hold at one time: how wide a stretch of the country is that is worked out in one go."""

    def parquet(self, files: Sequence[Path]) -> ir.Table:
        """The rows of sealed files."""

    def literal(self, value: int, kind: str = "int32") -> ir.IntegerScalar:
        """A constant of a given width."""

    def text(self, value: str) -> ir.StringScalar:
        """A constant text."""

    def truth(self, value: bool) -> ir.BooleanScalar:
        """A constant truth."""

    def given(self, rows: pa.Table | pa.RecordBatchReader) -> ir.Table:
        """Rows that are already in memory or stream in, as a table of this engine. A stream is read to its end."""

    def keep(self, expression: ir.Table) -> ir.Table:
        """Work a table out once, so that several results can be taken from it.

        Each column gets the type that Ibis believes it has: a plain 0 that Ibis calls 16 bits wide is 32 bits to an engine.
        """

    def arrow(self, expression: ir.Expr) -> pa.Table:
        """A small result as Arrow."""

    def batches(self, expression: ir.Table, rows: int = 100_000) -> pa.RecordBatchReader:
        """A large result as a stream."""

    verified: set[int]  # numbers of the datasets whose bytes this run has looked at

    def sealed(self, name: str, pieces: Sequence[Piece], region: str) -> ir.Table:
        """The rows of sealed files under a name of their own; inside `at` those of one span, told by the column `region`."""

    def at(self, span: Span) -> AbstractContextManager[None]:
        """Within, placed datasets show the rows of one span only."""

    def scratch(self) -> AbstractContextManager[None]:
        """What is given or kept within is dropped at the end."""

    def step(self, write: Callable[..., ir.Table], *tables: ir.Table | None, **values: Any) -> ir.Table:
        """`write(*tables, **values)`, a pure function, written once for the same tables and values (which are hashable)."""

    def collect(self, expression: ir.Table, places: Sequence[Span]) -> ir.Table:
        """The small results of one span after another as one table; without places, the country's at once."""

    def write(self, expression: ir.Table, file: Path, *, types: Mapping[str, str], order: Sequence[str]) -> None:
        """Write one Parquet file in the order of its key, its columns as wide as `types` says."""

    def write_csv(self, expression: ir.Table, file: Path, order: Sequence[str]) -> None:
        """Write one CSV with a header, sorted."""


@contextmanager
def engine() -> Iterator[Engine]:
    """Open the engine that SALUR_ENGINE names and close it with all it holds."""
    match os.environ.get("SALUR_ENGINE", "duckdb"):
        case "duckdb":
            with local_engine() as run:
                yield run
        case "spark":
            from salur.foundation.engine import on_spark  # brings pandas along, which only a cluster needs

            with on_spark.opened() as run:
                yield run
        case other:
            raise Refused(_("SALUR_ENGINE=%(engine)s tidak dikenal; pilih duckdb atau spark.") % {"engine": other})


@contextmanager
def local_engine() -> Iterator[Engine]:
    """The engine of this machine, whatever SALUR_ENGINE says.

    For what gains nothing from a cluster: a file that comes in on this machine, and one family that a page asks for.
    """
    with on_duckdb.opened() as run:
        yield run
