"""PostgreSQL is brought to the sealed settlement, and only what changed is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from salur.foundation.vocabulary.span import Span
from support.house import House

PLACES = [Span("61", "62"), Span("62", "63")]
FIRST = {(1, 1): 0, (2, 1): 100, (3, 0): 0, (4, 1): 0, (5, 1): 100}


def village(recipient: int) -> str:
    return "6101010001" if recipient < 4 else "6201010001"


def table(credited: dict[tuple[int, int], int]) -> pa.Table:
    """A settlement in which each instruction of 100 rupiah was credited with so many."""
    from salur.reconciliation.tables import SETTLEMENT

    rows = [
        {
            "recipient_id": recipient, "attempt": attempt, "id_instruksi": f"X-{recipient}-{attempt}", "channel": "BRI",
            "region_code": village(recipient), "state": "CREDITED" if rupiah else "SENT", "instructed_rupiah": 100,
            "credited_rupiah": rupiah, "collected_rupiah": 0, "returned_rupiah": 0, "excess_rupiah": 0,
            "open_rupiah": 100 - rupiah, "reason": "", "credited_at_ms": 1 if rupiah else None, "has_proof": bool(rupiah),
        }
        for (recipient, attempt), rupiah in credited.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SETTLEMENT.arrow_schema())


@pytest.fixture
def run(house: House) -> Iterator[Any]:
    from salur.foundation.engine.session import engine

    with engine() as opened:
        yield opened


def sealed(run: Any, credited: dict[tuple[int, int], int]) -> Any:
    from salur.foundation.lake.seal import seal
    from salur.reconciliation.tables import SETTLEMENT

    return seal(run, SETTLEMENT, table(credited), step="test/1", by="test", places=PLACES, is_whole=True)


def loaded(run: Any, settled: Any, previous: Any = None) -> tuple[int, tuple[int, ...]]:
    """What `load` tells, and what the server counted while it did: rows inserted, updated, deleted in the partition."""
    from django.db import connection, transaction

    from salur.cycles.models import Cycle
    from salur.foundation.database.connection import connect
    from salur.reconciliation import loading

    cycle = Cycle(pk=1)
    with connect("owner") as owner:
        staged = loading.stage(owner, run, cycle, settled, previous)
        with transaction.atomic(), connection.cursor() as cursor:
            before = counted(cursor)
            told = loading.load(cursor, cycle, staged)
            return told, tuple(now - then for now, then in zip(counted(cursor), before, strict=True))


def counted(cursor: Any) -> tuple[int, ...]:
    """Rows inserted, updated and deleted by this session since it last told the others."""
    cursor.execute(
        "select n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables where relname = 'settlement_of_1'"
    )
    return cursor.fetchone() or (0, 0, 0)


def standing(house: House) -> dict[tuple[int, int], int]:
    with house.owner() as conn:
        found = conn.execute("select recipient_id, attempt, credited_rupiah from settlement").fetchall()
    return {(recipient, attempt): rupiah for recipient, attempt, rupiah in found}


def stages(house: House) -> list[Any]:
    with house.owner() as conn:
        return conn.execute("select relname from pg_class where relname like 'stage\\_%' and relkind = 'r'").fetchall()


def test_a_second_file_writes_only_the_rows_that_it_changes(house: House, run: Any) -> None:
    first = sealed(run, FIRST)
    assert loaded(run, first)[0] == 5
    second = sealed(run, FIRST | {(1, 1): 100, (5, 1): 0})
    assert loaded(run, second, first) == (2, (0, 2, 0))
    assert standing(house) == FIRST | {(1, 1): 100, (5, 1): 0}
    assert loaded(run, second, second) == (0, (0, 0, 0))
    assert stages(house) == []


def test_rows_that_are_new_or_no_more_are_inserted_and_deleted(house: House, run: Any) -> None:
    first = sealed(run, FIRST)
    loaded(run, first)
    sent = {key: rupiah for key, rupiah in FIRST.items() if key != (3, 0)} | {(3, 1): 0, (2, 1): 40, (4, 2): 100}
    assert loaded(run, sealed(run, sent), first) == (3, (2, 1, 1))
    assert standing(house) == sent


def test_spans_whose_bytes_are_the_same_are_not_compared(house: House, run: Any) -> None:
    from salur.foundation.lake import read as lake

    first, second = sealed(run, FIRST), sealed(run, FIRST | {(1, 1): 100})
    assert lake.changed_places(second, first) == PLACES[:1]
    assert lake.changed_places(first, first) == []


def test_an_altered_file_is_refused_and_nothing_is_attached(house: House, run: Any) -> None:
    from salur.foundation.lake import read as lake

    first, second = sealed(run, FIRST), sealed(run, FIRST | {(5, 1): 0})
    whole = lake.files(second)[1].read_bytes()
    lake.files(second)[1].write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    with pytest.raises(lake.DatasetChanged):
        loaded(run, second)
    assert (standing(house), stages(house)) == ({}, [])
    loaded(run, first)
    with pytest.raises(lake.DatasetChanged):
        loaded(run, second, first)
    assert (standing(house), stages(house)) == (FIRST, [])


def test_a_table_that_was_altered_by_hand_is_not_taken_for_the_sealed_state(house: House, run: Any) -> None:
    first = sealed(run, FIRST)
    loaded(run, first)
    with house.owner() as conn:
        conn.execute("update settlement set credited_rupiah = 1, open_rupiah = 99 where recipient_id = 4")
    with pytest.raises(AssertionError, match="differ from the sealed"):
        loaded(run, sealed(run, FIRST | {(1, 1): 100}), first)
    assert standing(house) == FIRST | {(4, 1): 1}
