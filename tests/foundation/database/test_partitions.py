"""Lists come into the database whole, checked and keyed, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import psycopg
import pyarrow as pa
import pytest

from salur.foundation.database import partitions


@dataclass(frozen=True)
class Seal:
    rows: int
    sums: Mapping[str, int] = field(default_factory=dict)


ROWS = pa.table({"id": [3, 1, 2], "place": ["6102", "6101", "6101"], "rupiah": [30, 10, 2**53 + 1]})
SEAL = Seal(3, {"rupiah": 2**53 + 41})


@pytest.fixture
def parent(owner: psycopg.Connection) -> Iterator[str]:
    name = f"parent_{uuid.uuid4().hex[:8]}"
    owner.execute(
        f'create table {name} (part bigint not null, id bigint not null, place text collate "C", rupiah bigint,'
        " primary key (part, id)) partition by list (part)"
    )
    owner.execute(f"create index on {name} (place, id)")
    owner.commit()
    yield name
    owner.rollback()
    owner.execute(f"drop table if exists {name}, stage_{name}")
    owner.commit()


def indexes(owner: psycopg.Connection, table: str) -> list[tuple[int, bool]]:
    return owner.execute(
        "select indexrelid::bigint, indisprimary from pg_index where indrelid = %s::regclass order by 1", [table]
    ).fetchall()


def test_a_staged_table_is_attached_with_the_indexes_it_has(owner: psycopg.Connection, parent: str) -> None:
    stage = f"stage_{parent}"
    found = partitions.stage(owner, stage, parent, {"part": 7}, ROWS.to_batches(), SEAL, by="left(place, 4)")
    assert found == {"6101": (2, 2**53 + 11), "6102": (1, 30)}
    built = indexes(owner, stage)
    assert [is_key for _index, is_key in built] == [True, False]
    partitions.attach(owner, stage, parent, 7)
    assert indexes(owner, stage) == built
    assert owner.execute(f"select id, rupiah from {parent} where part = 7 order by id").fetchall() == [
        (1, 10), (2, 2**53 + 1), (3, 30)
    ]  # fmt: skip


@pytest.mark.parametrize("seal", [Seal(2, SEAL.sums), Seal(3, {"rupiah": 2**53 + 40}), Seal(0)])
def test_rows_that_differ_from_the_seal_leave_nothing(owner: psycopg.Connection, parent: str, seal: Seal) -> None:
    with pytest.raises(AssertionError, match="differ from the sealed"):
        partitions.stage(owner, f"stage_{parent}", parent, {"part": 7}, ROWS.to_batches(), seal)
    owner.rollback()
    assert owner.execute("select to_regclass(%s)", [f"stage_{parent}"]).fetchone() == (None,)


def test_an_empty_list_is_staged(owner: psycopg.Connection, parent: str) -> None:
    assert partitions.stage(owner, f"stage_{parent}", parent, {"part": 7}, [], Seal(0, {"rupiah": 0})) == {}


def test_batches_that_fail_on_the_way_leave_nothing(owner: psycopg.Connection, parent: str) -> None:
    def failing() -> Iterator[pa.RecordBatch]:
        for _ in range(9):
            yield from ROWS.to_batches()
        raise RuntimeError("altered")

    with pytest.raises(RuntimeError, match="altered"):
        partitions.stage(owner, f"stage_{parent}", parent, {"part": 7}, failing(), SEAL)
    owner.rollback()
    assert owner.execute("select to_regclass(%s)", [f"stage_{parent}"]).fetchone() == (None,)


def test_a_key_that_stands_twice_is_refused_without_the_row(owner: psycopg.Connection, parent: str) -> None:
    twice = [*ROWS.to_batches(), *ROWS.slice(0, 1).to_batches()]
    with pytest.raises(psycopg.errors.UniqueViolation):
        partitions.stage(owner, f"stage_{parent}", parent, {"part": 7}, twice, Seal(4, {"rupiah": 2**53 + 71}))


def test_lists_are_loaded_without_being_logged(owner: psycopg.Connection, parent: str) -> None:
    """What makes loading as fast as it is: rows of a table of their own transaction are synced and not logged."""
    numbers = pa.array(range(200_000), pa.int64())
    rows = pa.table({"id": numbers, "place": ["6101"] * len(numbers), "rupiah": numbers})
    seal = Seal(len(numbers), {"rupiah": sum(range(200_000))})
    (before,) = owner.execute("select pg_current_wal_insert_lsn()").fetchone() or (None,)
    partitions.stage(owner, f"stage_{parent}", parent, {"part": 7}, rows.to_batches(), seal)
    told = owner.execute("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before]).fetchone()
    assert told is not None and told[0] < 1_000_000
