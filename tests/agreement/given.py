"""Plain Python rows as tables of an engine, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.vocabulary.tables import Table
from support.tables import ENGINE

Row = dict[str, Any]


def arrow(declared: Table | Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The rows with the declared columns, each of which may be empty here; column types alone declare a table too."""
    table = declared if isinstance(declared, Table) else Table("given", declared, key=(next(iter(declared)),))
    schema = pa.schema([field.with_nullable(True) for field in table.arrow_schema()])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def given(declared: Table | Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> ir.Table:
    """The same as a table that a step may read."""
    return ibis.memtable(arrow(declared, rows))


def answers(expression: ir.Table) -> list[Row]:
    """The rows of a result."""
    found: list[Row] = ENGINE.to_pyarrow(expression).to_pylist()
    return found


def by_key(expression: ir.Table, *key: str) -> dict[Any, Row]:
    """The rows of a result by their key, which nobody has twice; the key alone when it is one column."""
    found: dict[Any, Row] = {}
    for row in answers(expression):
        name = row[key[0]] if len(key) == 1 else tuple(row[one] for one in key)
        assert name not in found, f"{name} stands twice"
        found[name] = row
    return found
