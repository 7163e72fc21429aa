"""Load a sealed dataset into a partition: a stage table is filled and checked first, then attached in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import psycopg
import pyarrow as pa

from salur.foundation.database.load import copy_arrow


class Sealed(Protocol):
    """What a seal says of the rows: how many they are, and the sums of some columns."""

    @property
    def rows(self) -> int: ...

    @property
    def sums(self) -> Mapping[str, int]: ...


def stage(
    owner: psycopg.Connection[Any],
    name: str,
    parent: str,
    constant: Mapping[str, int],
    batches: Iterable[pa.RecordBatch],
    sealed: Sealed,
    *,
    by: str = "''",
    fill_percent: int = 100,
) -> dict[str, tuple[int, ...]]:
    """Fill a table shaped like `parent`, with its key and indexes, compare it with the seal, and leave it ready to be attached.

    `constant`: columns that hold the same number in every row (the partition's own value first). Gives count and sums of the rows by
    the text `by`. One transaction makes the table and fills it: then the server need not log the rows, and nobody else sees them
    before they are checked. `fill_percent`: how full the pages are, for rows that will be rewritten in place.
    """
    _make(owner, name, parent, constant)
    owner.execute(f"alter table {name} set (fillfactor = {int(fill_percent)})")
    first, value = next(iter(constant.items()))
    owner.execute(f"alter table {name} add constraint {name}_here check ({first} = {int(value)})")
    sent = copy_arrow(owner, name, batches, is_frozen=True)
    # Sorted with the memory that the server's setting allows: twice and four times as much were no faster.
    for is_key, columns in _indexes(owner, parent):
        owner.execute(
            f"alter table {name} add primary key ({columns})" if is_key else f"create index on {name} ({columns})"
        )
    found = check(owner, name, sealed, by=by)
    assert sent == sealed.rows, f"{name}: {sent} rows sent, {sealed.rows} sealed"
    owner.commit()
    return found


def hold(
    owner: psycopg.Connection[Any],
    name: str,
    parent: str,
    constant: Mapping[str, int],
    batches: Iterable[pa.RecordBatch],
    *,
    more: str,
) -> int:
    """Fill a table shaped like `parent`, with `more` columns and no key: rows by which a partition will be changed. How many they are."""
    _make(owner, name, parent, constant)
    owner.execute(f"alter table {name} add column {more}")
    rows = copy_arrow(owner, name, batches, is_frozen=True)
    owner.commit()
    return rows


def check(cursor: Any, name: str, sealed: Sealed, *, by: str = "''") -> dict[str, tuple[int, ...]]:
    """Compare the rows of a table with the seal: their count and every control sum."""
    sums = "".join(f", coalesce(sum({column}), 0)::bigint" for column in sealed.sums)
    answered = cursor.execute(f"select {by}, count(*){sums} from {name} group by 1")
    found = {group: tuple(figures) for group, *figures in (answered or cursor).fetchall()}
    totals = tuple(map(sum, zip(*found.values()))) or (0,) * (1 + len(sealed.sums))
    assert totals == (sealed.rows, *sealed.sums.values()), f"{name}: loaded rows differ from the sealed ones"
    return found


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


def _make(owner: psycopg.Connection[Any], name: str, parent: str, constant: Mapping[str, int]) -> None:
    owner.execute(f"drop table if exists {name}")
    owner.execute(f"create table {name} (like {parent} including defaults including constraints)")
    for column, value in constant.items():
        owner.execute(f"alter table {name} alter column {column} set default {int(value)}")


def _indexes(owner: psycopg.Connection[Any], parent: str) -> list[tuple[bool, str]]:
    """Every plain index of the parent, its key first: whether it is the key, and its columns. A table that lacks one of them would get
    it while it is attached, in the transaction that should be short."""
    return owner.execute(
        """select x.indisprimary, (select string_agg(quote_ident(a.attname), ', ' order by k.nth)
               from unnest(x.indkey) with ordinality as k(attnum, nth) join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum)
           from pg_index x where x.indrelid = %s::regclass and x.indexprs is null and x.indpred is null
               and (x.indisprimary or not x.indisunique)
           order by x.indisprimary desc, x.indexrelid""",
        [parent],
    ).fetchall()
