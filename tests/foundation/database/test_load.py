import datetime

import psycopg
import pyarrow as pa
import pytest

from salur.foundation.database import load
from salur.foundation.database.load import copy_arrow, read_arrow

SCHEMA = pa.schema(
    [("id", pa.int64()), ("small", pa.int16()), ("on_day", pa.date32()), ("is_so", pa.bool_()), ("text", pa.string())]
)
DAY = datetime.date(2023, 5, 9)
ROWS = [
    {"id": 2**63 - 1, "small": -1, "on_day": DAY, "is_so": True, "text": "biasa"},
    {"id": 2, "small": None, "on_day": None, "is_so": None, "text": None},
    {"id": 3, "small": 0, "on_day": DAY, "is_so": False, "text": ""},
    {"id": 4, "small": 1, "on_day": DAY, "is_so": True, "text": "kutip \" ganda, koma; dan 'satu'"},
    {"id": 5, "small": 1, "on_day": DAY, "is_so": True, "text": "baris\nbaru\r\nlagi\rdan\ttab"},
    {"id": 6, "small": 1, "on_day": DAY, "is_so": True, "text": "NULL"},
    {"id": 7, "small": 1, "on_day": DAY, "is_so": True, "text": "\\N \\. \\"},
    {"id": 8, "small": 1, "on_day": DAY, "is_so": True, "text": " ujung "},
    {"id": 9, "small": 1, "on_day": DAY, "is_so": True, "text": "0012 é 龍"},
]


@pytest.fixture
def table(owner: psycopg.Connection) -> str:
    owner.execute("create temp table loaded (text text, id bigint, small smallint, on_day date, is_so boolean)")
    return "loaded"


def read(owner: psycopg.Connection, query: str, params: list[object] | None, schema: pa.Schema) -> list[dict]:
    return pa.Table.from_batches(read_arrow(owner, query, params, schema), schema).to_pylist()


def test_rows_come_back_as_they_went_in(owner: psycopg.Connection, table: str) -> None:
    batches = [pa.RecordBatch.from_pylist(ROWS[:4], SCHEMA), pa.Table.from_pylist(ROWS[4:], SCHEMA)]
    assert copy_arrow(owner, table, batches) == len(ROWS)
    assert owner.execute("select count(*) from loaded where text is null").fetchone() == (1,)
    query = "select id, small, on_day, is_so, text from loaded order by array_position(%s::bigint[], id)"
    assert read(owner, query, [[row["id"] for row in ROWS]], SCHEMA) == ROWS


@pytest.mark.parametrize("values", [[None], [""], [None, "", "x", None], ["\\."]])
def test_one_column_keeps_empty_apart_from_missing(owner: psycopg.Connection, table: str, values: list) -> None:
    assert copy_arrow(owner, table, [pa.table({"text": pa.array(values, pa.string())})]) == len(values)
    got = read(owner, "select text from loaded", None, pa.schema([("text", pa.string())]))
    assert [row["text"] for row in got] == values


def test_many_rows_pass_in_blocks(owner: psycopg.Connection, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "ROWS_AT_ONCE", 7)
    ids = list(range(100))
    texts = [None if n % 3 == 0 else "\n" * (n % 5) for n in ids]
    assert copy_arrow(owner, table, [pa.table({"id": ids, "text": texts})]) == 100
    schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
    batches = list(read_arrow(owner, "select id, text from loaded order by id", None, schema))
    assert max(batch.num_rows for batch in batches) <= 7
    assert pa.Table.from_batches(batches).to_pydict() == {"id": ids, "text": texts}


def test_nothing_in_nothing_out(owner: psycopg.Connection, table: str) -> None:
    assert copy_arrow(owner, table, []) == 0
    assert copy_arrow(owner, table, [SCHEMA.empty_table()]) == 0
    assert list(read_arrow(owner, "select id from loaded", None, pa.schema([("id", pa.int64())]))) == []


def test_the_reader_may_stop_early(owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "ROWS_AT_ONCE", 10)
    rows = read_arrow(owner, "select generate_series(1, %s)", [1000], pa.schema([("n", pa.int64())]))
    assert next(rows).num_rows == 10
    rows.close()
    owner.rollback()
    assert owner.execute("select 1").fetchone() == (1,)


def test_a_refused_row_is_named_by_class_and_not_repeated(owner: psycopg.Connection, table: str) -> None:
    owner.execute("create unique index on loaded (text)")
    with pytest.raises(psycopg.errors.UniqueViolation) as error:
        copy_arrow(owner, table, [pa.table({"text": ["6371010101900001", "6371010101900001"]})])
    assert "6371010101900001" not in str(error.value)


def test_a_schema_that_does_not_fit_is_our_mistake_and_repeats_no_value(owner: psycopg.Connection) -> None:
    for schema in (pa.schema([("n", pa.int64())]), pa.schema([("n", pa.string()), ("m", pa.string())])):
        with pytest.raises(AssertionError) as error:
            list(read_arrow(owner, "select 'Siti Rahayu'", None, schema))
        assert "Siti" not in str(error.value)
        owner.rollback()
