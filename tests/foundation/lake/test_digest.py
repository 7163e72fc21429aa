"""One digest for the content of a table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest

from salur.foundation.lake.digest import KeyNotRising, WrongSchema, check_whole, digest_of
from salur.foundation.vocabulary.tables import Table

SAMPLE = Table(
    kind="sample",
    columns={
        "id": "int64",
        "small": "int16?",
        "wide": "int64?",
        "day": "date?",
        "holds": "boolean?",
        "name": "text?",
        "code": "text",
    },
    key=("id", "code"),
    sums=("small", "wide"),
)


def random_rows(seed: int, count: int = 500) -> list[dict[str, Any]]:
    chance = random.Random(seed)

    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.2 else value

    keys = sorted(
        {(chance.randrange(-5, count), chance.choice(("", "a", "b", "é"))) for _again in range(count)},
        key=lambda key: (key[0], key[1].encode()),
    )
    return [
        {
            "id": number,
            "small": maybe(chance.randrange(-3, 3)),
            "wide": maybe(chance.choice((0, 2**62, -(2**31), 7))),
            "day": maybe(date(1970, 1, 1) + timedelta(days=chance.randrange(-9, 9))),
            "holds": maybe(chance.random() < 0.5),
            "name": maybe(chance.choice(("", "a", "ab", "b", "naïf", "x" * 300))),
            "code": code,
        }
        for number, code in keys
    ]


def arrow(rows: Sequence[dict[str, Any]], table: Table = SAMPLE) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=table.arrow_schema())


def digest(rows: Sequence[dict[str, Any]], *cuts: int, table: Table = SAMPLE) -> str:
    """The digest of the rows, cut into batches at the given places."""
    whole = arrow(rows, table).combine_chunks()
    edges = [0, *sorted(cuts), whole.num_rows]
    batches = [
        batch
        for lo, hi in zip(edges, edges[1:])
        for batch in whole.slice(lo, hi - lo).to_batches() or [whole.slice(0, 0).to_batches()]
    ]
    return digest_of(table, [batch for batch in batches if isinstance(batch, pa.RecordBatch)]).hex()


@pytest.mark.parametrize("seed", range(5))
def test_the_digest_is_the_same_however_the_rows_are_cut(seed: int) -> None:
    rows, chance = random_rows(seed), random.Random(seed)
    whole = digest(rows)
    for _again in range(10):
        assert digest(rows, *chance.sample(range(len(rows)), chance.randrange(1, 20))) == whole
    assert digest(rows, *range(1, len(rows))) == whole


def test_the_digest_is_the_same_when_the_bytes_under_an_empty_cell_differ() -> None:
    rows = random_rows(1)
    plain = arrow(rows)
    hidden = pa.array(
        [9 if row["wide"] is None else row["wide"] for row in rows],
        mask=[row["wide"] is None for row in rows],
        type=pa.int64(),
    )
    strange = plain.set_column(2, plain.schema.field(2), pa.chunked_array([hidden]))
    assert digest_of(SAMPLE, strange.to_batches()).hex() == digest_of(SAMPLE, plain.to_batches()).hex()


@pytest.mark.parametrize("column", ["small", "wide", "day", "holds", "name"])
def test_one_changed_cell_changes_the_digest(column: str) -> None:
    rows = random_rows(2, 60)
    before = digest(rows)
    for place, row in enumerate(rows):
        for other in {
            "small": (None, 0, 5),
            "wide": (None, 0, 5),
            "day": (None, date(1970, 1, 1)),
            "holds": (None, True, False),
            "name": (None, "", "z"),
        }[column]:
            if row[column] != other or type(row[column]) is not type(other):
                changed = [*rows[:place], row | {column: other}, *rows[place + 1 :]]
                assert digest(changed) != before, f"{row[column]} became {other}"


def test_two_texts_that_together_read_the_same_are_not_the_same() -> None:
    one, other = (
        [{"id": 1, "code": "", "name": a}, {"id": 2, "code": "", "name": b}] for a, b in (("ab", "c"), ("a", "bc"))
    )
    assert digest(one) != digest(other)


def test_a_missing_row_changes_the_digest() -> None:
    rows = random_rows(3, 50)
    assert digest(rows[:-1]) != digest(rows) != digest(rows[1:])


def test_the_digest_changes_with_kind_name_type_and_whether_a_cell_may_be_empty() -> None:
    columns = {"id": "int64", "n": "int32"}
    rows = [{"id": 1, "n": 5}]
    tables = [
        Table("a", columns, ("id",)),
        Table("b", columns, ("id",)),
        Table("a", {"id": "int64", "m": "int32"}, ("id",)),
        Table("a", {"id": "int64", "n": "int64"}, ("id",)),
        Table("a", {"id": "int64", "n": "int32?"}, ("id",)),
    ]
    found = {
        digest([{name: row.get(name, 5) for name in table.names} for row in rows], table=table) for table in tables
    }
    assert len(found) == len(tables)


def test_control_sums_are_exact_beyond_floating_point() -> None:
    rows = [{"id": n, "code": "", "wide": 2**53 + 1, "small": None} for n in range(3)]
    assert digest_of(SAMPLE, arrow(rows).to_batches()).sums == {"small": 0, "wide": 3 * (2**53 + 1)}


@pytest.mark.parametrize(
    "keys", [[(1, "a"), (1, "a")], [(2, "a"), (1, "a")], [(1, "b"), (1, "a")], [(1, "a"), (1, "B")]]
)
@pytest.mark.parametrize("is_cut", [False, True])
def test_a_key_that_does_not_rise_is_refused_also_across_batches(keys: list[tuple[int, str]], is_cut: bool) -> None:
    rows = [{"id": number, "code": code} for number, code in keys]
    with pytest.raises(KeyNotRising):
        digest(rows, *([1] if is_cut else []))


def test_an_empty_table_has_a_digest_of_its_own() -> None:
    assert digest([]) == digest_of(SAMPLE, []).hex() != digest([{"id": 1, "code": ""}])


def test_an_empty_cell_where_none_may_be_is_refused() -> None:
    loose = Table("sample", dict(SAMPLE.columns) | {"code": "text?"}, ("id",))
    rows = arrow([{"id": 1, "code": None}], loose).to_batches()
    with pytest.raises(WrongSchema, match="code"):
        digest_of(Table("sample", SAMPLE.columns, ("id",)), rows)


def test_a_column_of_another_type_or_place_is_refused() -> None:
    good = arrow(random_rows(4, 5))
    floating = good.set_column(2, "wide", good["wide"].cast(pa.float64(), safe=False))
    for wrong in (
        floating,
        good.select([*good.column_names[::-1]]),
        good.drop_columns(["name"]),
        good.rename_columns([*good.column_names[:-1], "kode"]),
    ):
        with pytest.raises(WrongSchema):
            digest_of(SAMPLE, wrong.to_batches())


def test_a_division_that_became_floating_point_is_refused_before_it_is_written() -> None:
    table = Table("sums", {"id": "int64", "rupiah": "int64"}, ("id",))
    rows = ibis.table({"id": "int64", "rupiah": "int64"}, name="rows")
    check_whole(table, rows.mutate(rupiah=rows.rupiah // 3).schema())
    for wrong in (rows.rupiah / 3, rows.rupiah.cast("decimal(18, 2)"), rows.rupiah.mean()):
        with pytest.raises(WrongSchema, match="rupiah"):
            check_whole(table, rows.mutate(rupiah=wrong).schema())
    with pytest.raises(WrongSchema, match="rupiah"):
        check_whole(table, rows.select("id").schema())
