"""XLSX: one sheet with a header that we know, to 100,000 rows; more belongs in a CSV.

Rows are walked in Python here, which the limit on their number allows.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineSheet, load_workbook

from salur.foundation.intake.batches import FAULTS, Batch, Heading
from salur.foundation.intake.opening import opened
from salur.foundation.intake.scanning import CELL_BYTES_MAX
from salur.foundation.intake.shapes import MOMENTS, TEXT_ONLY, Line, folded, header_line, known_count
from salur.foundation.intake.unpacking import ROWS_MAX, Sheet, broken, survey, too_many_rows
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

_HEAD_LINES = 20
_BATCH_ROWS = 10_000


@contextmanager
def _sheets(path: Path) -> Iterator[list[tuple[Sheet, CalamineSheet]]]:
    """The worksheets that hold anything, each as surveyed and as read. Refused when the file is unsafe or broken."""
    with opened(path) as file:
        surveyed = survey(file)
        file.seek(0)
        try:
            book = load_workbook(file)
            pairs = [(sheet, book.get_sheet_by_name(sheet.name)) for sheet in surveyed if sheet.filled]
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # the library's panics are no Exception
            raise broken() from None
        yield pairs


def heading(path: Path, known: frozenset[str]) -> Heading:
    """The header of the one sheet that has one we know; other sheets are named in a note, two such sheets refused."""
    with _sheets(path) as sheets:
        if not sheets:
            raise Refused(_("Berkas ini kosong; kirim berkas yang baris pertamanya berisi nama kolom."))
        heads = [(surveyed, _head_lines(sheet)) for surveyed, sheet in sheets]
    fitting = [(surveyed, lines) for surveyed, lines in heads if _first_known(lines, known) >= 2]
    if len(fitting) > 1:
        raise Refused(
            _("Ada lebih dari satu lembar berisi data; sisakan satu lembar, atau simpan tiap lembar sendiri.")
        )
    surveyed, lines = (fitting or heads)[0]
    line = header_line(lines, known)
    notes = (_("%(n)s lembar lain diabaikan.") % {"n": len(heads) - 1},) if len(heads) > 1 else ()
    names = line.cells[: max(place for place, cell in enumerate(line.cells, 1) if cell.strip())]
    return Heading(names, line.number, sheet=surveyed.name, blank_lines=line.number - 1, notes=notes)


def _first_known(lines: list[Line], known: frozenset[str]) -> int:
    return next((known_count(line.cells, known) for line in lines if any(cell.strip() for cell in line.cells)), 0)


def _head_lines(sheet: CalamineSheet) -> list[Line]:
    rows = islice(_rows(sheet), _HEAD_LINES)
    return [Line(number, tuple(_text(cell, "") for cell in row)) for number, row in enumerate(rows, 1)]


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """Rows from the first of the sheet, cells from its first column."""
    first_column = sheet.start[1] if sheet.start else 0
    for row in sheet.iter_rows():
        yield [""] * first_column + row


def batches(path: Path, head: Heading) -> Iterator[Batch]:
    """The rows below the header. Refused when the rows that hold something are not those that the survey found."""
    with _sheets(path) as sheets:
        surveyed, sheet = next(pair for pair in sheets if pair[0].name == head.sheet)
        if len([row for row in surveyed.filled if row > head.row]) > ROWS_MAX:
            raise too_many_rows()
        numbered = enumerate(_rows(sheet), 1)
        below = islice(numbered, head.row, None)
        seen = head.row
        while chunk := list(islice(below, _BATCH_ROWS)):
            last = chunk[-1][0]
            yield _batch(chunk, head, surveyed, physical=_count(surveyed.filled, seen, last))
            seen = last
        if _count(surveyed.filled, seen, surveyed.last_row):
            raise broken()


def _count(filled: set[int], after: int, upto: int) -> int:
    return sum(1 for row in filled if after < row <= upto)


def _batch(chunk: list[tuple[int, list[Any]]], head: Heading, surveyed: Sheet, *, physical: int) -> Batch:
    names = [folded(name) for name in head.names]
    numbers, rows, faults, blank = [], [], [], 0
    for number, values in chunk:
        texts = [_text(value, name) for value, name in zip(values, names, strict=False)]
        texts += [""] * (len(names) - len(texts))
        rest = [_text(value, "") for value in values[len(names) :]]
        if number not in surveyed.wrong and not any(text.strip() for text in texts + rest):
            blank += 1
            continue
        fault = _fault(names, values, texts, rest, is_wrong=number in surveyed.wrong)
        if fault:
            faults.append((number, _raw(texts + rest), *fault))
        else:
            numbers.append(number)
            rows.append(texts)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return Batch(
        numbers=pa.array(numbers, pa.int64()),
        cells=[pa.array(column, pa.string()) for column in columns],
        faults=pa.Table.from_arrays(
            [pa.array(column, kind) for column, kind in zip(zip(*faults, strict=True), FAULTS.types, strict=True)],
            schema=FAULTS,
        )
        if faults
        else FAULTS.empty_table(),
        physical=physical,
        blank_lines=blank,
    )


def _fault(
    names: list[str], values: list[Any], texts: list[str], rest: list[str], *, is_wrong: bool
) -> tuple[str | None, str, str] | None:
    """Column, reason and remedy when the row's form is wrong."""
    lost = [name for name, value in zip(names, values, strict=False) if name in TEXT_ONLY and _is_number(value)]
    if lost:
        return ", ".join(lost), _("digit hilang: sel berformat angka"), _("format sel sebagai teks lalu isi ulang")
    if is_wrong:
        return None, _("sel berisi galat rumus seperti #N/A"), _("ganti rumus dengan nilainya")
    if any(text.strip() for text in rest):
        return None, _("ada isi di luar kolom yang bernama"), _("hapus isi itu atau beri nama kolomnya")
    if any("\0" in text or len(text) > CELL_BYTES_MAX for text in texts):
        return None, _("sel terlalu panjang atau berisi bita NUL"), _("pendekkan isi sel dan hapus bita NUL")
    return None


def _raw(texts: list[str]) -> str:
    """The cells as one line of tab-separated text, each in quotes."""
    return "\t".join('"' + text.replace('"', '""') + '"' for text in texts)


def _is_number(value: Any) -> bool:
    return not isinstance(value, str)


def _text(value: Any, name: str) -> str:
    """A cell as text: days as ISO, whole numbers without a point. A moment at midnight is a day, save in MOMENTS."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Above 15 digits a spreadsheet itself no longer knows the number.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time() and name not in MOMENTS
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
