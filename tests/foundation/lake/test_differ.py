"""Two states of one list, compared side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.lake import differ
from salur.foundation.vocabulary.tables import Table

SUMS = Table("sums", {"id": "int64", "rupiah": "int64?", "name": "text", "is_done": "boolean"}, key=("id",))
ROWS = [(1, 10, "a", True), (2, None, "b", False), (3, None, "", True), (4, 2**53 + 1, "d", False)]


def file(folder: Path, name: str, rows: list[Any]) -> Path:
    table = pa.table(dict(zip(SUMS.names, map(list, zip(*rows)), strict=True)), schema=SUMS.arrow_schema())
    pq.write_table(table, folder / name)
    return folder / name


@pytest.mark.parametrize("rows_at_once", [1, 3, 100])
def test_rows_that_differ_in_any_column_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(differ, "READ_ROWS", rows_at_once)
    now = [(1, 10, "a", False), (2, 0, "b", False), (3, None, "", True), (4, 2**53, "d", False)]
    one, two = file(tmp_path, "now", now), file(tmp_path, "before", ROWS)
    assert differ.have_same_keys(one, two, SUMS)
    changed = [tuple(row.values()) for batch in differ.changed(one, two, SUMS) for row in batch.to_pylist()]
    assert changed == [now[0], now[1], now[3]]
    assert [batch for batch in differ.changed(two, two, SUMS) if batch.num_rows] == []


@pytest.mark.parametrize("other", [ROWS[:3], ROWS[1:], [*ROWS, (5, 1, "e", True)], [*ROWS[:3], (5, 1, "e", True)]])
def test_other_keys_are_seen(tmp_path: Path, other: list[Any]) -> None:
    one, two = file(tmp_path, "now", ROWS), file(tmp_path, "before", other)
    assert not differ.have_same_keys(one, two, SUMS)
    assert not differ.have_same_keys(two, one, SUMS)
