"""Compare two files of one sealed table side by side: cheap when they hold the same keys, as two states of one list mostly do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salur.foundation.vocabulary.tables import Table

READ_ROWS = 65_536


def have_same_keys(file: Path, other: Path, table: Table) -> bool:
    """Whether both hold the same keys in the same places, so that row by row tells what differs."""
    pairs = _side_by_side(file, other, table.key)
    return all(one is not None and two is not None and one.equals(two) for one, two in pairs)


def changed(file: Path, other: Path, table: Table) -> Iterator[pa.RecordBatch]:
    """The rows of `file` that are not the same in `other`. The two have the same keys."""
    for one, two in _side_by_side(file, other, table.names):
        assert one is not None and two is not None and one.num_rows == two.num_rows
        differs = [_differs(one.column(name), two.column(name)) for name in table.names]
        found = [values for values in differs if values is not None]
        if found:
            yield one.filter(_any(found))


def _side_by_side(
    file: Path, other: Path, columns: Sequence[str]
) -> Iterator[tuple[pa.RecordBatch | None, pa.RecordBatch | None]]:
    """Batch by batch of both, None where one has ended; both are decoded at once."""
    with pq.ParquetFile(file) as one, pq.ParquetFile(other) as two, ThreadPoolExecutor(2) as reading:
        sides = [
            side.iter_batches(batch_size=READ_ROWS, columns=list(columns), use_threads=False) for side in (one, two)
        ]
        while True:
            first, second = reading.map(lambda side: next(side, None), sides)
            if first is None and second is None:
                return
            yield first, second


def _differs(values: pa.Array, others: pa.Array) -> pa.Array | None:
    """Where two columns differ, an empty value being equal to an empty one; None when nowhere."""
    if values.equals(others):
        return None
    unlike = pc.fill_null(pc.not_equal(values, others), False)
    return pc.or_(unlike, pc.xor(pc.is_null(values), pc.is_null(others)))


def _any(found: list[pa.Array]) -> pa.Array:
    together = found[0]
    for values in found[1:]:
        together = pc.or_(together, values)
    return together
