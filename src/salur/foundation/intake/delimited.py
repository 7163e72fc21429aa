"""CSV: delimiter and encoding decided from the header, rows counted by the scan, values read by Arrow."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from salur.foundation.intake import encoding
from salur.foundation.intake.batches import FAULTS, Batch, Heading
from salur.foundation.intake.opening import opened
from salur.foundation.intake.scanning import Scan, Truths, scan
from salur.foundation.intake.shapes import Line, header_line, known_count
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

DELIMITERS = (",", ";", "\t", "|")
BLOCK_BYTES = 16 << 20
# A longer row is a quote that nobody closed, or a file without line ends.
ROW_BYTES_MAX = 8 << 20
_HEAD_BYTES = 1 << 20
_HEAD_LINES = 20


def heading(path: Path, known: frozenset[str]) -> Heading:
    """The header line; its delimiter is the one that makes most column names out of it that we know."""
    with opened(path) as file:
        head = file.read(_HEAD_BYTES)
        is_all = not file.read(1)
    if not head.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Refused(_("Berkas ini kosong; kirim berkas yang baris pertamanya berisi nama kolom."))
    found = encoding.of_start(head)
    mark = 3 if found == encoding.UTF8_BOM else 0
    text = head[mark:]
    read = {delimiter: _lines(text, delimiter, is_all=is_all) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: _names_known(read[one][1], known))
    rows, lines = read[delimiter]
    line = header_line(lines, known)
    return Heading(
        names=line.cells,
        row=line.number,
        encoding=found,
        delimiter=delimiter,
        body=mark + _after(text, rows, line.number),
        blank_lines=line.number - 1,
    )


def _lines(text: bytes, delimiter: str, *, is_all: bool) -> tuple[Scan, list[Line]]:
    rows = scan(text, delimiter, is_last=is_all)
    if not rows.starts.size:
        raise Refused(_("Baris pertama tidak berakhir atau tanda kutipnya tidak ditutup; perbaiki baris nama kolom."))
    lines = []
    for number in range(1, min(_HEAD_LINES, rows.starts.size) + 1):
        raw = text[rows.starts[number - 1] : rows.stops[number - 1]]
        try:
            lines.append(Line(number, tuple(_cells_of_row(raw.decode(), delimiter))))
        except UnicodeDecodeError:
            raise encoding.not_utf8(raw, number) from None
    return rows, lines


def cells_of_rows(raw: list[str | None], delimiter: str) -> list[list[str]]:
    """The cells of each row's raw text, line end apart."""
    return [_cells_of_row(text or "", delimiter) for text in raw]


def _cells_of_row(raw: str, delimiter: str) -> list[str]:
    if '"' not in raw:
        return raw.split(delimiter)
    try:
        return next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:  # a cell longer than that reader takes
        return raw.split(delimiter)


def _names_known(lines: list[Line], known: frozenset[str]) -> int:
    first = next((line for line in lines if any(cell.strip() for cell in line.cells)), None)
    return known_count(first.cells, known) if first else 0


def _after(text: bytes, rows: Scan, number: int) -> int:
    return int(rows.starts[number]) if number < rows.starts.size else rows.end


def batches(path: Path, head: Heading) -> Iterator[Batch]:
    """The rows below the header, a block of bytes at a time. Refused when the file is not text or ends inside a row."""
    number, rest = head.row + 1, b""
    with opened(path) as file:
        file.seek(head.body)
        while True:
            fresh = file.read(BLOCK_BYTES)
            block, is_last = rest + fresh, not fresh
            if not block:
                return
            rows = scan(block, head.delimiter, is_last=is_last)
            _check_text(block[: rows.end], rows, number)
            _check_whole(block, rows, number, width=len(head.names), is_last=is_last)
            if rows.starts.size:
                yield _batch(block, rows, number, head)
            if is_last:
                return
            number, rest = number + rows.starts.size, block[rows.end :]


def _check_text(block: bytes, rows: Scan, number: int) -> None:
    nul = block.find(b"\0")
    if nul >= 0:
        raise encoding.nul_in_row(_row_at(rows, nul, number))
    try:
        block.decode()
    except UnicodeDecodeError as error:
        raise encoding.not_utf8(block, _row_at(rows, error.start, number)) from None


def _row_at(rows: Scan, byte: int, number: int) -> int:
    return number + int(np.searchsorted(rows.starts, byte, side="right")) - 1


def _check_whole(block: bytes, rows: Scan, number: int, *, width: int, is_last: bool) -> None:
    """A row without an end is a truncated file or an open quote; both would swallow rows unseen."""
    open_row = number + rows.starts.size
    if is_last and rows.is_quoted or len(block) - rows.end > ROW_BYTES_MAX:
        sentence = (
            _open_quote()
            if rows.is_quoted
            else _("Baris %(row)s terlalu panjang, mungkin berkas ini tanpa ganti baris; simpan ulang sebagai CSV.")
        )
        raise Refused(sentence % {"row": open_row})
    for row in np.flatnonzero(rows.torn).tolist():
        if {*b"\r\n"}.intersection(block[rows.starts[row] : rows.stops[row]]):
            raise Refused(_open_quote() % {"row": number + row})
    if not is_last or not rows.starts.size or block.endswith((b"\n", b"\r")):
        return
    if rows.cells[-1] != width and not rows.blank[-1]:
        raise Refused(
            _("Berkas terpotong di tengah baris %(row)s; kirim ulang berkas yang lengkap.") % {"row": open_row - 1}
        )


def _open_quote() -> str:
    return _("Tanda kutip di baris %(row)s tidak ditutup atau berkas terpotong; tutup kutipnya atau kirim ulang.")


def _batch(block: bytes, rows: Scan, number: int, head: Heading) -> Batch:
    width = len(head.names)
    fits = (rows.cells == width) & ~rows.blank
    table = _parsed(block[: rows.end], head.delimiter, width, rows, fits)
    sound = fits & ~rows.torn & ~rows.huge
    faulty = ~sound & ~rows.blank
    numbers = np.arange(number, number + rows.starts.size, dtype=np.int64)
    if not sound[fits].all():
        table = table.filter(pa.array(sound[fits]))
    return Batch(
        numbers=pa.array(numbers[sound]),
        cells=table.columns,
        faults=_faults(block, rows, numbers, faulty, width) if faulty.any() else FAULTS.empty_table(),
        physical=int(rows.starts.size - np.count_nonzero(rows.blank)),
        blank_lines=int(np.count_nonzero(rows.blank)),
    )


def _parsed(block: bytes, delimiter: str, width: int, rows: Scan, fits: Truths) -> pa.Table:
    """The rows with as many cells as the header, as Arrow reads them. Refused when Arrow and the scan disagree."""
    misfits = 0

    def count(_row: arrow_csv.InvalidRow) -> str:
        nonlocal misfits
        misfits += 1
        return "skip"

    names = [str(place) for place in range(width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(block),
        # One block: Arrow must not decide a second time where to cut.
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(block) + 1, use_threads=False),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=count),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    # Arrow passes over empty lines in silence, and takes a line of blanks for a misfit.
    blanks = np.count_nonzero(rows.blank & (rows.starts != rows.stops))
    expected = np.count_nonzero(~fits & ~rows.blank) + blanks
    if table.num_rows != np.count_nonzero(fits) or misfits != expected:
        raise Refused(
            _("Jumlah baris yang terbaca tidak sama dengan jumlah baris berkas; simpan ulang berkas lalu kirim lagi.")
        )
    return table


def _faults(block: bytes, rows: Scan, numbers: np.ndarray, faulty: Truths, width: int) -> pa.Table:
    """The rows of wrong form with their raw text and what is wrong."""
    cells = pa.array(rows.cells[faulty]).cast(pa.string())
    torn, huge = pa.array(rows.torn[faulty]), pa.array(rows.huge[faulty])
    few = pa.array(rows.cells[faulty] < width)
    uneven = pc.binary_join_element_wise(
        pa.scalar(_("jumlah sel pada baris ini tidak sama dengan jumlah kolom:")), cells, f"/ {width}", " "
    )
    reason = pc.case_when(
        pc.make_struct(huge, torn),
        pa.scalar(_("sel terlalu panjang")),
        pa.scalar(_("teks sesudah kutip penutup")),
        uneven,
    )
    remedy = pc.case_when(
        pc.make_struct(huge, torn, few),
        pa.scalar(_("pendekkan isi sel; periksa tanda kutip yang tidak ditutup")),
        pa.scalar(_('tulis tanda kutip di dalam sel sebagai ""')),
        pa.scalar(_("lengkapi sel yang kurang; periksa ganti baris di dalam sel")),
        pa.scalar(_("hapus sel yang lebih, atau apit sel yang memuat pemisah dengan tanda kutip")),
    )
    raw = _raw(block, rows).take(pa.array(np.flatnonzero(faulty)))
    nothing = pa.nulls(len(raw), pa.string())
    return pa.Table.from_arrays([pa.array(numbers[faulty]), raw, nothing, reason, remedy], schema=FAULTS)


def _raw(block: bytes, rows: Scan) -> pa.Array:
    """Each row's bytes as text, line end apart: every second stretch between starts and stops."""
    edges = np.empty(rows.starts.size * 2 + 1, dtype=np.int64)
    edges[:-1:2], edges[1::2], edges[-1] = rows.starts, rows.stops, rows.end
    stretches = pa.LargeStringArray.from_buffers(edges.size - 1, pa.py_buffer(edges), pa.py_buffer(block))
    return stretches.take(pa.array(np.arange(0, edges.size - 1, 2))).cast(pa.string())
