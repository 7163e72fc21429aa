"""Many rows in and out: Arrow to CSV to COPY and back. A missing value is empty, an empty text is quoted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
from psycopg import sql

ROWS_AT_ONCE = 65_536
SENT_AT_ONCE = 32_768  # some megabytes of text, made while as much is under way
BLOCKS_AHEAD = 3
_WRITE = pacsv.WriteOptions(include_header=False, batch_size=SENT_AT_ONCE)


def copy_arrow(
    conn: psycopg.Connection[Any],
    table_name: str,
    batches: Iterable[pa.RecordBatch | pa.Table],
    *,
    is_frozen: bool = False,
) -> int:
    """Append the rows to a table (`name` or `schema.name`), columns matched by name; gives their count.

    Streams: memory holds a few batches. Part of the caller's transaction. An error keeps its class but not its text, which
    would repeat the row. `is_frozen`: for a table made in this transaction; nobody has to visit its rows again to mark them as
    committed.
    """
    sent = 0
    remaining = iter(batches)
    first = next(remaining, None)
    if first is None:
        return 0
    names: list[str] = first.schema.names
    try:
        with conn.cursor() as cursor:
            with cursor.copy(_copy_in(table_name, names, is_frozen)) as copy:
                for rows in _sent(copy, _blocks(chain([first], remaining), names)):
                    sent += rows
            assert cursor.rowcount == sent, f"{sent} rows sent, {cursor.rowcount} arrived"
    except psycopg.Error as error:
        raise type(error)(f"COPY into {table_name} failed: {error.sqlstate}") from None
    return sent


def read_arrow(
    conn: psycopg.Connection[Any],
    query: str | sql.Composable,
    params: Sequence[Any] | dict[str, Any] | None,
    schema: pa.Schema,
) -> Iterator[pa.RecordBatch]:
    """The rows of a query as batches of the given schema, in the order of the query; memory holds 65,536 rows.

    Types: integers, boolean, date, text, and what PostgreSQL writes as pyarrow reads it. The connection is busy until
    the last batch is taken or the iterator is closed.
    """
    inner = sql.SQL(query) if isinstance(query, str) else query  # type: ignore[arg-type]
    statement = sql.SQL("copy ({}) to stdout (format csv)").format(inner)
    with conn.cursor() as cursor, cursor.copy(statement, params) as copy:
        rows = iter(copy)  # one item a row
        while block := b"".join(islice(rows, ROWS_AT_ONCE)):
            yield from _parsed(block, schema)


def _copy_in(table_name: str, names: list[str], is_frozen: bool) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    options = sql.SQL("format csv, freeze" if is_frozen else "format csv")
    return sql.SQL("copy {} ({}) from stdin ({})").format(sql.Identifier(*table_name.split(".")), columns, options)


def _blocks(batches: Iterable[pa.RecordBatch | pa.Table], names: list[str]) -> Iterator[tuple[int, pa.Buffer]]:
    for batch in batches:
        assert batch.schema.names == names, "every batch has the columns of the first"
        for part in _parts(batch):
            yield part.num_rows, _csv(part)


def _sent(copy: psycopg.Copy, blocks: Iterable[tuple[int, pa.Buffer]]) -> Iterator[int]:
    """Send blocks from a thread of its own, so that the next ones are made while the server takes these; the rows of each block
    sent. The caller's batches stay on the caller's thread: what makes them (an engine, Django) may belong to it."""
    waiting: deque[tuple[int, Future[None]]] = deque()
    with ThreadPoolExecutor(1, "copy") as sender:
        for rows, block in blocks:
            waiting.append((rows, sender.submit(copy.write, memoryview(block))))
            if len(waiting) > BLOCKS_AHEAD:
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def _done(rows: int, written: Future[None]) -> int:
    written.result()
    return rows


def _parts(batch: pa.RecordBatch | pa.Table) -> Iterator[pa.RecordBatch | pa.Table]:
    for start in range(0, batch.num_rows, SENT_AT_ONCE):
        yield batch.slice(start, SENT_AT_ONCE)


def _csv(part: pa.RecordBatch | pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pacsv.write_csv(part, sink, _WRITE)
    return sink.getvalue()


def _parsed(block: bytes, schema: pa.Schema) -> list[pa.RecordBatch]:
    try:
        table = pacsv.read_csv(
            pa.py_buffer(block),
            read_options=pacsv.ReadOptions(column_names=schema.names, block_size=max(len(block), 1)),
            parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pacsv.ConvertOptions(
                column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
                true_values=["t"], false_values=["f"],
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:  # its text repeats the value
        raise AssertionError(f"the query does not give the columns {schema.names} in their types") from None
    return table.combine_chunks().to_batches()
