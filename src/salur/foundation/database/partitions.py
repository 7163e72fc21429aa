"""Load a sealed dataset into a partition: a stage table is filled and checked first, then attached in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
import pyarrow as pa

from salur.foundation.database.load import copy_arrow


def stage(
    owner: psycopg.Connection[Any],
    name: str,
    parent: str,
    key: tuple[str, ...],
    constant: dict[str, int],
    batches: Iterable[pa.RecordBatch],
) -> int:
    """Fill a table shaped like `parent`, with its key, ready to be attached; gives the number of rows.

    `constant`: columns that hold the same number in every row (the partition's own value first).
    """
    owner.execute(f"drop table if exists {name}")
    owner.execute(f"create table {name} (like {parent} including defaults including constraints)")
    columns = ", ".join(constant)
    for column, value in constant.items():
        owner.execute(f"alter table {name} alter column {column} set default {int(value)}")
    rows = copy_arrow(owner, name, batches)
    owner.execute(f"alter table {name} add primary key ({', '.join(key)})")
    first, value = next(iter(constant.items()))
    owner.execute(f"alter table {name} add constraint {name}_here check ({first} = {int(value)})")
    assert columns
    owner.commit()
    return rows


def attach(cursor: Any, name: str, parent: str, value: int) -> None:
    """Make the staged table the partition of `value`, inside the caller's transaction."""
    cursor.execute(f"alter table {parent} attach partition {name} for values in ({int(value)})")
    cursor.execute(f"alter table {name} drop constraint {name}_here")


def left_over(cursor: Any) -> list[str]:
    """Stage tables that were never attached. They belong to runs that are under way, or to runs that were killed."""
    cursor.execute(
        "select relname from pg_class where relkind = 'r' and not relispartition and relname like 'stage\\_%' order by 1"
    )
    return [name for (name,) in cursor.fetchall()]
