"""The same rows on different ways: shuffled, in pieces, in other columns, with another delimiter."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random

Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    """All rows of a CSV file with commas."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, rows: Rows, *, columns: Sequence[str] = (), delimiter: str = ",", foreign: bool = False) -> Path:
    """A CSV file; `foreign` ones carry a byte order mark and end their lines as Windows does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if foreign else "utf-8", newline="") as out:
        end = "\r\n" if foreign else "\n"
        writer = csv.DictWriter(out, columns or list(rows[0]), delimiter=delimiter, lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
    return path


def shuffled(rows: Rows, seed: str) -> Rows:
    """The same rows in another order."""
    return Random(seed).sample(rows, len(rows))


def pieces(rows: Rows, count: int) -> list[Rows]:
    """Every row in one of the pieces; neighbours are parted."""
    return [rows[first::count] for first in range(count)]
