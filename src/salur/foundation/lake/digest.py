"""One digest for the content of a table: the same rows give the same digest, whichever engine wrote them and however files are cut."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NoReturn

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salur.foundation.vocabulary.tables import Table


class KeyNotRising(Exception):
    """Two rows of a sealed table have the same key, or the order is broken: our own mistake, never a user's."""


class WrongSchema(Exception):
    """The file's columns or types differ from the declared ones (a sum that became floating point, say)."""


class _Column:
    """The running hash of one column: its nulls, its lengths (text) and its canonical bytes.

    `full` runs over the nulls of a column that has none: one for all such columns of a table, for it depends on the rows alone.
    """

    def __init__(self, full: hashlib._Hash) -> None:
        self.nulls, self.lengths, self.data = full, hashlib.sha256(), hashlib.sha256()
        self._full = full

    def add(self, values: pa.Array) -> None:
        """Takes `full` as it stood before these values: whoever holds it moves it on afterwards."""
        if values.null_count and self.nulls is self._full:
            self.nulls = self._full.copy()
        if self.nulls is not self._full:
            nulls = pc.is_null(values).to_numpy(zero_copy_only=False)
            self.nulls.update(np.ascontiguousarray(nulls).view(np.uint8).data)
        if pa.types.is_string(values.type):
            filled = pc.fill_null(values, "") if values.null_count else values
            self.lengths.update(pc.binary_length(filled).to_numpy(zero_copy_only=False).astype("<i4", copy=False).data)
            start, end = _text_bounds(filled)
            self.data.update(memoryview(filled.buffers()[2] or b"")[start:end])
        elif pa.types.is_boolean(values.type):
            self.data.update(pc.fill_null(values, False).cast(pa.uint8()).to_numpy(zero_copy_only=False).data)
        else:
            plain = values.cast(pa.int32()) if pa.types.is_date32(values.type) else values
            filled = pc.fill_null(plain, 0) if plain.null_count else plain
            self.data.update(np.ascontiguousarray(filled.to_numpy(zero_copy_only=False)).astype("<i8", copy=False).data)

    def hex(self) -> str:
        return hashlib.sha256(self.nulls.digest() + self.lengths.digest() + self.data.digest()).hexdigest()


def _text_bounds(values: pa.Array) -> tuple[int, int]:
    if len(values) == 0:
        return 0, 0
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)
    return int(offsets[values.offset]), int(offsets[values.offset + len(values)])


class Digest:
    """Feed batches in key order; read rows, sums and the digest at the end."""

    def __init__(self, table: Table) -> None:
        self.table, self.schema = table, table.arrow_schema()
        self.rows = 0
        self.sums = dict.fromkeys(table.sums, 0)
        self._full = hashlib.sha256()
        self._columns = {name: _Column(self._full) for name in self.schema.names}
        self._last: tuple[object, ...] | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Raises WrongSchema or KeyNotRising."""
        check_schema(self.table, batch.schema)
        if batch.num_rows == 0:
            return
        self._check_key(batch)
        self._check_filled(batch)
        for name, column in self._columns.items():
            column.add(batch.column(name))
        self._full.update(bytes(batch.num_rows))
        for name in self.sums:
            self.sums[name] += pc.sum(batch.column(name)).as_py() or 0
        self.rows += batch.num_rows

    def _check_key(self, batch: pa.RecordBatch) -> None:
        columns = [batch.column(name) for name in self.table.key]
        for name, values in zip(self.table.key, columns, strict=True):
            if values.null_count:
                raise KeyNotRising(f"{self.table.kind}: null in key column {name}")
        first, last = (tuple(values[nth].as_py() for values in columns) for nth in (0, -1))
        if self._last is not None and not self._last < first:
            self._tell_key(0)
        self._last = last
        rising = np.zeros(batch.num_rows - 1, dtype=bool)
        equal = np.ones(batch.num_rows - 1, dtype=bool)
        for values in columns:
            before, after = values[:-1], values[1:]
            rising |= equal & pc.less(before, after).to_numpy(zero_copy_only=False)
            equal &= pc.equal(before, after).to_numpy(zero_copy_only=False)
        if not rising.all():
            self._tell_key(int(np.argmin(rising)) + 1)

    def _tell_key(self, nth: int) -> NoReturn:
        """`nth`: the row of this batch whose key is not above the one before."""
        raise KeyNotRising(f"{self.table.kind}: key {self.table.key} does not rise after row {self.rows + nth}")

    def _check_filled(self, batch: pa.RecordBatch) -> None:
        for name in self.schema.names:
            if batch.column(name).null_count and not self.table.is_nullable(name):
                raise WrongSchema(f"{self.table.kind}: {name} may not be empty and is")

    def hex(self) -> str:
        """SHA-256 over names, types, count and the digest of each column."""
        whole = hashlib.sha256(f"{self.table.kind}|{self.rows}".encode())
        for name, column in self._columns.items():
            whole.update(f"|{name}:{self.table.columns[name]}:{column.hex()}".encode())
        return whole.hexdigest()


def check_schema(table: Table, found: pa.Schema) -> None:
    """Raise WrongSchema unless the columns are the declared ones, in order and type."""
    expected = table.arrow_schema()
    if found.names != expected.names or any(found.field(n).type != expected.field(n).type for n in expected.names):
        raise WrongSchema(f"{table.kind}: expected {expected}, found {found}")


def check_whole(table: Table, found: ibis.Schema) -> None:
    """Raise WrongSchema when a result that is declared whole is a fraction.

    Asked before writing, because writing casts: a sum or a division that became floating point would be rounded in silence.
    """
    for name in table.names:
        kind = found.get(name)
        is_fraction = kind is not None and (kind.is_floating() or (kind.is_decimal() and kind.scale != 0))
        if kind is None or (is_fraction and table.type_of(name).startswith("int")):
            raise WrongSchema(f"{table.kind}.{name}: declared {table.type_of(name)}, found {kind}")


def digest_of(table: Table, batches: Iterable[pa.RecordBatch]) -> Digest:
    """The digest of rows that arrive in key order."""
    running = Digest(table)
    for batch in batches:
        running.add(batch)
    return running
