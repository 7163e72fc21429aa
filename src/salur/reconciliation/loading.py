"""Bring the table of settlements to the sealed state: everything at first, later only what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import psycopg
import pyarrow as pa

from salur.cycles.models import Cycle
from salur.foundation.database import partitions
from salur.foundation.engine.session import Engine
from salur.foundation.lake import differ
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.reconciliation.tables import SETTLEMENT

SQL = Path(__file__).parent / "sql"
KEY = ["recipient_id", "attempt"]
# Free space on each page for a few rewritten rows: they then stay on their page, and no index learns of them.
FILL_PERCENT = 90


@dataclass(frozen=True)
class Staged:
    """What brings the table to the sealed state: a whole partition at first, later the rows that are new, changed or gone."""

    name: str
    settled: Dataset
    is_whole: bool


def stage(
    owner: psycopg.Connection[Any], run: Engine, cycle: Cycle, settled: Dataset, previous: Dataset | None
) -> Staged:
    """Fill a stage table with what has to be written; nothing that anybody reads is touched."""
    name, constant = f"stage_settlement_{cycle.pk}", {"cycle_id": cycle.pk}
    if previous is None:
        rows = lake.stream(settled)
        partitions.stage(owner, name, "settlement", constant, rows, settled, fill_percent=FILL_PERCENT)
    else:
        changes = _changes(run, settled, previous)
        partitions.hold(owner, name, "settlement", constant, changes, more="is_gone boolean not null")
    return Staged(name, settled, previous is None)


def load(cursor: Any, cycle: Cycle, staged: Staged) -> int:
    """Bring PostgreSQL to the sealed state in the transaction that records it, so that the newest record always tells what the
    table holds; how many rows were written."""
    if staged.is_whole:
        partitions.attach(cursor, staged.name, "settlement", cycle.pk)
        cursor.execute(f"alter table {staged.name} rename to settlement_of_{cycle.pk}")
        return staged.settled.rows
    cursor.execute((SQL / "load_changed.sql").read_text().replace("{stage}", staged.name))
    written = cursor.rowcount
    cursor.execute((SQL / "delete_gone.sql").read_text().replace("{stage}", staged.name), [cycle.pk])
    cursor.execute(f"drop table {staged.name}")
    partitions.check(cursor, f"settlement_of_{cycle.pk}", staged.settled)
    return written


def _changes(run: Engine, settled: Dataset, previous: Dataset) -> Iterator[pa.RecordBatch]:
    """Rows that are new or changed since the last reconciliation, and those that are no more (an unsent row that was then sent). An
    instruction keeps its place, so nothing moves from one province to another."""
    now, before = lake.read(run, settled), lake.read(run, previous)
    written = now.difference(before).order_by(list(SETTLEMENT.key)).mutate(is_gone=ibis.literal(False))
    gone = before.anti_join(now, KEY).mutate(is_gone=ibis.literal(True))
    for place in lake.changed_places(settled, previous):
        file, other = lake.file_of(settled, place), lake.file_of(previous, place)
        if file and other and differ.have_same_keys(file, other, SETTLEMENT):
            for batch in differ.changed(file, other, SETTLEMENT):
                yield batch.append_column("is_gone", pa.repeat(False, batch.num_rows))
        else:
            with run.at(place):
                yield from run.batches(written)
                yield from run.batches(gone)
