"""Files whose size follows regions, not families (quotas, channels): read and judged row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from salur.foundation.database.home import workplace
from salur.foundation.intake import reception, returning
from salur.foundation.intake.checking import PROBLEMS
from salur.foundation.intake.reception import Received
from salur.foundation.intake.shapes import Shape
from salur.foundation.vocabulary.language import _

Row = dict[str, str]
# A row's problem: column, reason, remedy.
Problem = tuple[str, str, str]


@dataclass(frozen=True)
class Taken:
    """Rows that passed, and what the sender is told about the others."""

    rows: list[Row]
    answer: dict[str, object]
    rejected_copy: Path | None


def take(
    path: Path,
    shape: Shape,
    judge: Callable[[Row], Problem | None],
    key: tuple[str, ...],
    *,
    rejected_to: Path | None,
    refuse: Callable[[list[Row]], None] = lambda rows: None,
    dry_run: bool = False,
) -> Taken:
    """Read the file and judge each row. Rows of one key that differ reject each other; the same row twice is one row.

    `refuse` sees all rows first and may refuse the file as a whole; `judge` may write a row's cells in their plain form. A dry run
    gives no rejected rows back.
    """
    with workplace("small") as work:
        received = reception.receive(path, shape, workdir=work)
        table = pq.read_table(received.rows_file)
        numbers = table["baris"].to_pylist()
        rows = [{name: value or "" for name, value in row.items()} for row in table.drop(["baris"]).to_pylist()]
        refuse(rows)
        problems = {number: problem for number, row in zip(numbers, rows, strict=True) if (problem := judge(row))}
        passed = {number: row for number, row in zip(numbers, rows, strict=True) if number not in problems}
        kept, clashing = _once(passed, key)
        problems |= dict.fromkeys(clashing, _clash(key))
        rejected = len(problems) + received.faulty_rows
        copy = _give_back(received, problems, work, rejected_to or path.parent) if rejected and not dry_run else None
        answer: dict[str, object] = {
            "file": path.name,
            "sha256": received.sha256,
            "rows": received.physical_rows,
            "accepted": len(kept),
            "rejected": rejected,
            "unchanged": received.physical_rows - rejected - len(kept),
            "to_review": 0,
            "rejected_file": str(copy) if copy else None,
            "unknown_columns": list(received.unknown_columns),
            "notes": list(received.notes),
        }
        return Taken(kept, answer, copy)


def _once(rows: dict[int, Row], key: tuple[str, ...]) -> tuple[list[Row], list[int]]:
    """One row for each key, and the numbers of the rows that differ under one key."""
    by_key: dict[tuple[str, ...], dict[int, Row]] = defaultdict(dict)
    for number, row in rows.items():
        by_key[tuple(row[name] for name in key)][number] = row
    kept, clashing = [], []
    for same in by_key.values():
        first, *others = same.values()
        if all(row == first for row in others):
            kept.append(first)
        else:
            clashing += list(same)
    return kept, clashing


def _clash(key: tuple[str, ...]) -> Problem:
    return key[-1], _("Baris lain untuk wilayah dan periode ini berisi nilai berbeda"), _("Sisakan satu baris")


def _give_back(received: Received, problems: dict[int, Problem], work: Path, folder: Path) -> Path:
    """Write the rejected rows where the sender finds them, readable by the owner only; an older file is replaced."""
    told = [dict(zip(PROBLEMS.names, (number, *problem), strict=True)) for number, problem in problems.items()]
    source = work / f"rejected{returning.suffix(received)}"
    returning.write_rejected(received, pa.Table.from_pylist(told, schema=PROBLEMS), source)
    return returning.give_copy(source, folder / f"{received.path.stem}_rejected{returning.suffix(received)}")
