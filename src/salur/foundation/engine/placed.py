"""What an engine holds for the length of a run: sealed files as named tables that turn to one stretch of the country after another, and tables
that are kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.vocabulary.span import Span


@dataclass(frozen=True)
class Piece:
    """One file of a sealed dataset; `span` is what it covers, None when the dataset is not placed."""

    file: Path
    span: Span | None


class Placed:
    """The part of an engine that is the same for all: it needs `connection` and how a view over files is written.

    An expression over sealed tables is written and compiled once; `at` then puts the files of one span after another behind the
    same names, so that memory holds a span and never the country.
    """

    def __init__(self, connection: ibis.backends.BaseBackend, *, prefix: str = "") -> None:
        self.connection, self._prefix = connection, prefix
        self._views: dict[str, tuple[Sequence[Piece], str, ir.Table]] = {}
        self._compiled: dict[Any, str] = {}
        self._steps: dict[Any, ir.Table] = {}
        self._made: list[str] = []
        self._span: Span | None = None
        self.verified: set[int] = set()  # datasets whose bytes this run has looked at

    def sealed(self, name: str, pieces: Sequence[Piece], region: str) -> ir.Table:
        """The rows of a sealed dataset under a name of its own; `region` is the column by which a placed one is cut."""
        name = self._prefix + name
        if name not in self._views:
            self._point(name, pieces, region, None)
            self._views[name] = (pieces, region, self.connection.table(name))
            if self._span is not None:
                self._point(name, pieces, region, self._span)
        return self._views[name][2]

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Within, placed datasets show the rows of one span only."""
        assert self._span is None, "one span at a time"
        self._turn(span)
        try:
            yield
        finally:
            self._turn(None)

    def collect(self, expression: ir.Table, places: Sequence[Span]) -> ir.Table:
        """The small results of one span after another as one table; without places, the country's at once."""
        if not places:
            return self.keep(expression)
        found = []
        for place in places:
            with self.at(place):
                found.append(self.arrow(expression))
        return self.given(pa.concat_tables(found))

    def step(self, write: Callable[..., ir.Table], *tables: ir.Table | None, **values: Any) -> ir.Table:
        """`write(*tables, **values)`, a pure function, written once for the same tables and values.

        What is kept for one span has the same name as for the last one; to write a step anew takes longer than to run it over a small
        province.
        """
        key = (write, tuple(None if table is None else table.op() for table in tables), tuple(values.items()))
        if key not in self._steps:
            self._steps[key] = write(*tables, **values)
        return self._steps[key]

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """What is given or kept within is dropped at the end, and its names are free again."""
        begun = len(self._made)
        try:
            yield
        finally:
            for name in reversed(self._made[begun:]):
                self._drop(name)
            del self._made[begun:]

    def compiled(self, expression: ir.Expr) -> str:
        """The expression in the engine's words. An equal one, written again for the next province, is found and not compiled again."""
        key = expression.op()
        if key not in self._compiled:
            self._compiled[key] = str(self.connection.compile(expression))
        return self._compiled[key]

    def _named(self, kind: str) -> str:
        self._made.append(f"{self._prefix}{kind}_{len(self._made) + 1}")
        return self._made[-1]

    def _turn(self, span: Span | None) -> None:
        self._span = span
        for name, (pieces, region, _table) in self._views.items():
            if any(piece.span for piece in pieces):
                self._point(name, pieces, region, span)

    def _point(self, name: str, pieces: Sequence[Piece], region: str, span: Span | None) -> None:
        here = [piece for piece in pieces if span is None or piece.span is None or piece.span.meets(span)]
        is_cut = span is not None and any(piece.span is not None and not span.holds(piece.span) for piece in here)
        condition = (
            "FALSE"
            if not here
            else f"{region} >= '{span.start}' AND {region} < '{span.end}'"
            if span and is_cut
            else ""
        )
        self._view(name, [piece.file for piece in here or pieces[:1]], condition)

    def keep(self, expression: ir.Table) -> ir.Table:
        raise NotImplementedError

    def arrow(self, expression: ir.Expr) -> pa.Table:
        raise NotImplementedError

    def given(self, rows: pa.Table | pa.RecordBatchReader) -> ir.Table:
        raise NotImplementedError

    def _view(self, name: str, files: Sequence[Path], condition: str) -> None:
        raise NotImplementedError

    def _drop(self, name: str) -> None:
        raise NotImplementedError
