from datetime import date

import ibis
import pyarrow as pa
import pytest

from salur.foundation.vocabulary.tables import Table
from support.tables import records, rows, table

DUE = Table("due", {"recipient_id": "int64", "born": "date?", "region": "text"}, ("recipient_id",), ("recipient_id",))


def test_a_declared_table_has_the_same_schema_for_arrow_and_ibis() -> None:
    expected = [("recipient_id", pa.int64(), False), ("born", pa.date32(), True), ("region", pa.string(), False)]
    assert [(f.name, f.type, f.nullable) for f in DUE.arrow_schema()] == expected
    assert DUE.ibis_schema() == ibis.schema({"recipient_id": "!int64", "born": "date", "region": "!string"})
    assert DUE.ibis_schema().to_pyarrow() == DUE.arrow_schema()


@pytest.mark.parametrize(
    ("columns", "key", "sums"),
    [
        ({"a": "float64"}, ("a",), ()),
        ({"a": "int64?"}, ("a",), ()),
        ({"a": "text"}, ("a",), ("a",)),
        ({"a": "text"}, (), ()),
    ],
)
def test_a_table_that_cannot_be_sealed_cannot_be_declared(
    columns: dict[str, str], key: tuple[str, ...], sums: tuple[str, ...]
) -> None:
    with pytest.raises(AssertionError):
        Table("wrong", columns, key, sums)


def test_a_drawn_table_keeps_codes_as_text_and_empty_cells_as_null() -> None:
    drawn = table("id | region_code | born\n 1 | 3471 | 2019-05-01\n 2 | 3471 | ")
    assert rows(drawn) == {1: ("3471", date(2019, 5, 1)), 2: ("3471", None)}


def test_a_drawn_table_follows_a_declared_one() -> None:
    drawn = table("recipient_id | born | region\n 7 |  | 34", DUE)
    assert drawn.schema() == ibis.schema({"recipient_id": "int64", "born": "date", "region": "string"})
    assert records(drawn) == [(7, None, "34")]
