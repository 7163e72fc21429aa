"""Bring the table of settlements to the sealed state: everything at first, later only what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa

from salur.cycles.models import Cycle
from salur.foundation.database import partitions
from salur.foundation.engine.session import Engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset

SQL = Path(__file__).parent / "sql"
KEY = ("cycle_id", "recipient_id", "attempt")


@dataclass(frozen=True)
class Staged:
    """What brings the table to the sealed state: a whole partition at first, later the rows that changed and the keys that are gone."""

    name: str
    rows: int
    is_whole: bool
    gone: list[tuple[int, int]]


def stage(
    owner: psycopg.Connection[Any], run: Engine, cycle: Cycle, settled: Dataset, previous: Dataset | None
) -> Staged:
    """Fill a stage table with what has to be written; nothing that anybody reads is touched."""
    name = f"stage_settlement_{cycle.pk}"
    gone: list[tuple[int, int]] = []
    rows = lake.stream(settled) if previous is None else _changes(run, settled, previous, gone)
    sent = partitions.stage(owner, name, "settlement", KEY, {"cycle_id": cycle.pk}, rows)
    return Staged(name, sent, previous is None, gone)


def load(cursor: Any, cycle: Cycle, staged: Staged) -> int:
    """Bring PostgreSQL to the sealed state in the transaction that records it, so that the newest record always tells what the
    table holds; how many rows were written."""
    if staged.is_whole:
        partitions.attach(cursor, staged.name, "settlement", cycle.pk)
        cursor.execute(f"alter table {staged.name} rename to settlement_of_{cycle.pk}")
        return staged.rows
    cursor.execute((SQL / "load_changed.sql").read_text().replace("{stage}", staged.name))
    written = cursor.rowcount
    for recipient, attempt in staged.gone:
        cursor.execute(
            "delete from settlement where cycle_id = %s and recipient_id = %s and attempt = %s",
            [cycle.pk, recipient, attempt],
        )
    cursor.execute(f"drop table {staged.name}")
    return written


def _changes(run: Engine, settled: Dataset, previous: Dataset, gone: list[tuple[int, int]]) -> Iterator[pa.RecordBatch]:
    """Rows that are new or changed since the last reconciliation; `gone` gets the keys that are no more (an unsent row that was then
    sent). An instruction keeps its place, so nothing moves from one province to another."""
    now, before = lake.read(run, settled), lake.read(run, previous)
    key = ["recipient_id", "attempt"]
    for place in lake.places(settled, previous):
        with run.at(place):
            yield from run.batches(now.difference(before))
            lost = run.arrow(before.select(key).difference(now.select(key)))
            gone += zip(lost["recipient_id"].to_pylist(), lost["attempt"].to_pylist(), strict=True)
