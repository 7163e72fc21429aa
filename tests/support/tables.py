"""Small tables written as text, and results read back as plain Python.

    table("id | region_code | born\\n 1 | 3471 | 2019-05-01\\n 2 | 3471 | ")

A column is what all its cells can be: whole number, date, true/false, else text; an empty cell is null. Codes are text
although they look like numbers: names that end in `_code` or that stand in `TEXT_COLUMNS`. A type after a colon
(`amount:int64`, in the words of `Table`), or a declared table, says it outright.
"""

from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr import types as ir

from salur.foundation.vocabulary.tables import Table

TEXT_COLUMNS = frozenset({"code", "region", "kode_desa", "kode_wilayah", "nik", "no_kk", "nomor_rekening", "period"})
ENGINE = ibis.duckdb.connect()

_ARROW = {
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "text": pa.string(),
}
_TRUTH = {"true": True, "false": False}


def table(text: str, declared: Table | None = None) -> ir.Table:
    """The table that the text draws: a header line, then rows, cells between bars."""
    header, *lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    heads = _cells(header)
    drawn = [_cells(line) for line in lines]
    for row in drawn:
        assert len(row) == len(heads), f"{len(row)} cells under {len(heads)} heads: {row}"
    columns = {}
    for place, head in enumerate(heads):
        name, _, type_text = head.partition(":")
        cells = [row[place] for row in drawn]
        if declared is not None:
            type_text = declared.type_of(name)
        columns[name] = _column(cells, type_text or _type_of(name, cells))
    return ibis.memtable(pa.table(columns))


def rows(expr: ir.Table, key: int = 1) -> dict[Any, Any]:
    """The result by its first column (or its first `key` columns together): the value, or a tuple of values."""
    found: dict[Any, Any] = {}
    for row in _tuples(expr):
        name = row[0] if key == 1 else row[:key]
        assert name not in found, f"{name} stands twice"
        found[name] = row[key] if len(row) == key + 1 else row[key:]
    return found


def records(expr: ir.Table) -> list[tuple[Any, ...]]:
    """All rows as tuples, sorted, null first: for results where a key may stand twice."""
    return sorted(_tuples(expr), key=lambda row: [(value is not None, value) for value in row])


def value(expr: ir.Value) -> Any:
    """One value, or the list of values of a column."""
    found = ENGINE.to_pyarrow(expr)
    return found.to_pylist() if isinstance(found, pa.Array | pa.ChunkedArray) else found.as_py()


def _tuples(expr: ir.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in ENGINE.to_pyarrow(expr).to_pylist()]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _type_of(name: str, cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    if name in TEXT_COLUMNS or name.endswith("_code") or not filled:
        return "text"
    for type_text in ("int64", "date", "boolean"):
        if all(_can_be(type_text, cell) for cell in filled):
            return type_text
    return "text"


def _can_be(type_text: str, cell: str) -> bool:
    try:
        _read(type_text, cell)
    except (ValueError, KeyError):
        return False
    return True


def _read(type_text: str, cell: str) -> Any:
    match type_text:
        case "text":
            return cell
        case "date":
            return date.fromisoformat(cell)
        case "boolean":
            return _TRUTH[cell]
        case _:
            return int(cell)


def _column(cells: list[str], type_text: str) -> pa.Array:
    return pa.array([_read(type_text, cell) if cell else None for cell in cells], _ARROW[type_text])
