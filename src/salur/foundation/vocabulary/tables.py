"""How a table is declared: the kind of a dataset, its columns with types, its key and its control sums."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa

NULLABLE = "?"

_ARROW = {
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "text": pa.string(),
}
_IBIS = {name: "string" if name == "text" else name for name in _ARROW}
_SUMMABLE = frozenset({"int16", "int32", "int64"})


@dataclass(frozen=True)
class Table:
    """A declared table.

    `columns` maps a name to int16, int32, int64, date, boolean or text; a trailing "?" lets it be empty.
    Rows are unique and sorted by `key`; the columns in `sums` are added up as control sums. The key of a placed table begins with
    the village of the row, so that its files can be cut by province and still be one list in one order.
    """

    kind: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    sums: tuple[str, ...] = ()
    is_placed: bool = False

    def __post_init__(self) -> None:
        for name, type_text in self.columns.items():
            assert type_text.removesuffix(NULLABLE) in _ARROW, f"{self.kind}.{name}: unknown type {type_text}"
        assert self.key, f"{self.kind}: a table has a key"
        for name in self.key:
            assert not self.is_nullable(name), f"{self.kind}.{name}: a key is never empty"
        for name in self.sums:
            assert self.type_of(name) in _SUMMABLE, f"{self.kind}.{name}: only integers are summed"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns)

    def type_of(self, name: str) -> str:
        """The type without its mark for "may be empty"."""
        return self.columns[name].removesuffix(NULLABLE)

    def is_nullable(self, name: str) -> bool:
        return self.columns[name].endswith(NULLABLE)

    def arrow_schema(self) -> pa.Schema:
        return pa.schema([pa.field(n, _ARROW[self.type_of(n)], nullable=self.is_nullable(n)) for n in self.columns])

    def ibis_schema(self) -> ibis.Schema:
        return ibis.schema({n: ("" if self.is_nullable(n) else "!") + _IBIS[self.type_of(n)] for n in self.columns})
