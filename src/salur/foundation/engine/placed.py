"""What an engine holds for the length of a run: sealed files as named tables that turn to one province after another, and tables
that are kept for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

ByPlace = Mapping[str | None, Sequence[Path]]


class Placed:
    """The part of an engine that is the same for all: it needs `connection` and how a view over files is written.

    An expression over sealed tables is written and compiled once; `at` then puts the files of one province behind the same names,
    so that memory holds a province and never the country.
    """

    def __init__(self, connection: ibis.backends.BaseBackend) -> None:
        self.connection = connection
        self._views: dict[str, tuple[ByPlace, ir.Table]] = {}
        self._compiled: dict[Any, str] = {}
        self._made: list[str] = []
        self.verified: set[int] = set()  # datasets whose bytes this run has looked at
        self._place: str | None = None

    def sealed(self, name: str, by_place: ByPlace) -> ir.Table:
        """The rows of a sealed dataset under a name of its own. Files under None belong to every place."""
        if name not in self._views:
            self._point(name, by_place, None)
            self._views[name] = (by_place, self.connection.table(name))
            if self._place is not None:
                self._point(name, by_place, self._place)
        return self._views[name][1]

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Within, placed datasets show the rows of one province only."""
        assert self._place is None, "one place at a time"
        self._turn(place)
        try:
            yield
        finally:
            self._turn(None)

    def collect(self, expression: ir.Table, places: Sequence[str]) -> ir.Table:
        """The small results of one province after another as one table; without places, the country's at once."""
        if not places:
            return self.keep(expression)
        found = []
        for place in places:
            with self.at(place):
                found.append(self.arrow(expression))
        return self.given(pa.concat_tables(found))

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
        self._made.append(f"{kind}_{len(self._made) + 1}")
        return self._made[-1]

    def _turn(self, place: str | None) -> None:
        self._place = place
        for name, (by_place, _table) in self._views.items():
            if set(by_place) != {None}:
                self._point(name, by_place, place)

    def _point(self, name: str, by_place: ByPlace, place: str | None) -> None:
        every = [file for files in by_place.values() for file in files]
        here = [file for key in (None, place) for file in by_place.get(key, ())] if place is not None else every
        self._view(name, here or every[:1], is_empty=not here)

    def keep(self, expression: ir.Table) -> ir.Table:
        raise NotImplementedError

    def arrow(self, expression: ir.Expr) -> pa.Table:
        raise NotImplementedError

    def given(self, rows: pa.Table | pa.RecordBatchReader) -> ir.Table:
        raise NotImplementedError

    def _view(self, name: str, files: Sequence[Path], *, is_empty: bool) -> None:
        raise NotImplementedError

    def _drop(self, name: str) -> None:
        raise NotImplementedError
