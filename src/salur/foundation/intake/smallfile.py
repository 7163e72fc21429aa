"""Files whose size follows regions, not families (quotas, channels): read and judged row by row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from salur.foundation.database.home import workplace
from salur.foundation.intake import reception, returning
from salur.foundation.intake.checking import PROBLEMS
from salur.foundation.intake.shapes import Shape

Row = dict[str, str]
# A row's problem: column, reason, remedy.
Problem = tuple[str, str, str]


@dataclass(frozen=True)
class Taken:
    """Rows that passed, and what the sender is told about the others."""

    rows: list[Row]
    answer: dict[str, object]


def take(path: Path, shape: Shape, judge: Callable[[Row], Problem | None], key: tuple[str, ...], *, rejected_to: Path | None) -> Taken:
    """Read the file and judge each row. Rows of one key that differ reject each other; the same row twice is one row."""
    from salur.foundation.vocabulary.language import _

    with workplace("small") as work:
        received = reception.receive(path, shape, workdir=work)
        rows = [{name: value or "" for name, value in row.items()} for row in pq.read_table(received.rows_file).to_pylist()]
        problems: list[tuple[int, str, str, str]] = []
        kept: dict[tuple[str, ...], Row] = {}
        clashing: set[tuple[str, ...]] = set()
        numbers: dict[tuple[str, ...], list[int]] = {}
        repeated = 0
        for row in rows:
            number = int(row.pop("baris"))
            problem = judge(row)
            if problem:
                problems.append((number, *problem))
                continue
            place = tuple(row[name] for name in key)
            numbers.setdefault(place, []).append(number)
            if place in kept and kept[place] == row:
                repeated += 1
            elif place in kept:
                clashing.add(place)
            else:
                kept[place] = row
        for place in clashing:
            del kept[place]
            repeated -= 0
            problems += [
                (number, key[-1], _("Baris lain untuk wilayah dan periode ini berisi nilai berbeda"), _("Sisakan satu baris"))
                for number in numbers[place]
            ]
        rejected = len(problems) + received.faulty_rows
        copy = None
        if rejected:
            table = pa.Table.from_pylist([dict(zip(PROBLEMS.names, one, strict=True)) for one in problems], schema=PROBLEMS)
            target = work / f"rejected{returning.suffix(received)}"
            returning.write_rejected(received, table, target)
            copy = (rejected_to or path.parent) / f"{path.stem}_rejected{returning.suffix(received)}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copyfile(target, copy)
            copy.chmod(0o600)
        answer: dict[str, object] = {
            "file": path.name, "sha256": received.sha256, "rows": received.physical_rows,
            "accepted": received.physical_rows - rejected - repeated, "rejected": rejected, "unchanged": repeated, "to_review": 0,
            "rejected_file": str(copy) if copy else None, "unknown_columns": list(received.unknown_columns), "notes": list(received.notes),
        }  # fmt: skip
        return Taken(list(kept.values()), answer)
