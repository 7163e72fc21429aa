"""Giving rejected rows back: the sender's own columns and format, with what is wrong and how to mend it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import xlsxwriter

from salur.foundation.intake import columnar
from salur.foundation.intake.encoding import UTF8_BOM
from salur.foundation.intake.opening import PARQUET, XLSX, unchanging
from salur.foundation.intake.raw_cells import cells_of
from salur.foundation.intake.reception import Received, read
from salur.foundation.intake.shapes import folded
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

ADDED = ("baris", "kolom", "alasan", "cara_memperbaiki")
# A spreadsheet takes a cell that starts like this for a formula; some look past blanks first.
_FORMULA = r"^([ ]*[=+\-@\t\r\n])"


def write_rejected(received: Received, problems: pa.Table, out: Path) -> Path:
    """Write the rejected rows to the new file `out` (0600), one line each, in the order of the file; returns `out`.

    problems: baris, kolom, alasan, cara_memperbaiki, any number for one row. The rows of wrong form that `receive`
    found are added here. Reads `received.path` again; Refused when that file is no longer the one received.
    """
    with unchanging(received.path) as mark:
        if mark.sha256 != received.sha256:
            raise Refused(_("Berkas sudah berubah sejak diterima; kirim lagi berkas yang baru."))
        told = _one_line_a_row(problems, pq.read_table(received.faults_file))
        try:
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            raise Refused(_("Berkas baris ditolak sudah ada; pindahkan atau hapus dulu.")) from None
        except OSError:
            raise Refused(_("Berkas baris ditolak tidak dapat ditulis; periksa folder dan izinnya.")) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                _write(received, told, file)
        except BaseException:
            out.unlink(missing_ok=True)
            raise
    return out


def suffix(received: Received) -> str:
    """The ending that the name of the returned file should have."""
    return f".{received.format}"


def give_copy(source: Path, target: Path) -> Path:
    """Copy a file of rejected rows, readable by the owner only; an older one is replaced."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.touch(mode=0o600, exist_ok=False)
        shutil.copyfile(source, target)
    except OSError:
        raise Refused(
            _("Baris yang ditolak tidak dapat ditulis ke folder %(folder)s; pilih folder lain dengan --rejected.")
            % {"folder": target.parent}
        ) from None
    return target


def _one_line_a_row(problems: pa.Table, faults: pa.Table) -> pa.Table:
    """All that is wrong with a row in one line: an officer mends a row once.

    Most rows have one problem; only the others are aggregated as text, which is slow (12 s for half a million).
    """
    query = """
        with every as (
            select baris, kolom, alasan, cara_memperbaiki from problems
            union all by name select baris, kolom, alasan, cara_memperbaiki from faults),
        first as (
            select baris, min(kolom) as kolom, min(alasan) as alasan, min(cara_memperbaiki) as cara_memperbaiki,
                   count(*) as problems_count
            from every group by baris),
        merged as (
            select baris, string_agg(distinct kolom, ', ' order by kolom) as kolom,
                   string_agg(distinct alasan, '; ' order by alasan) as alasan,
                   string_agg(distinct cara_memperbaiki, '; ' order by cara_memperbaiki) as cara_memperbaiki
            from every semi join (select baris from first where problems_count > 1) using (baris) group by baris)
        select baris::bigint as baris, coalesce(kolom, '') as kolom, coalesce(alasan, '') as alasan,
               coalesce(cara_memperbaiki, '') as cara_memperbaiki
        from (select * exclude problems_count from first where problems_count = 1 union all by name from merged)
        order by baris"""
    with duckdb.connect() as session:
        session.register("problems", problems)
        session.register("faults", faults)
        return session.sql(query).to_arrow_table()


def _write(received: Received, told: pa.Table, file: BinaryIO) -> None:
    if received.format == PARQUET:
        _write_parquet(received, told, file)
    elif received.format == XLSX:
        _write_xlsx(received, told, file)
    else:
        _write_csv(received, told, file)


def _own_columns(received: Received) -> list[int]:
    """Places of the sender's columns; those that an earlier returned file added are left out."""
    return [place for place, name in enumerate(received.header) if folded(name) not in ADDED]


def _returned(received: Received, told: pa.Table) -> Iterator[pa.Table]:
    """The rejected rows as text, in batches, in the order of the file."""
    places = _own_columns(received)
    names = [*(received.header[place].strip() for place in places), *ADDED]
    for batch in read(received.path, received.format, received.heading):
        sound = pc.is_in(batch.numbers, told["baris"].combine_chunks())
        numbers = pa.concat_arrays([batch.numbers.filter(sound), batch.faults["baris"].combine_chunks()])
        if not len(numbers):
            continue
        mended = cells_of(batch.faults["mentah"], received)
        cells = [
            pa.chunked_array([*_chunks(batch.cells[place].filter(sound)), mended[place]], pa.string())
            for place in places
        ]
        order = pc.array_sort_indices(numbers)
        line = pc.index_in(numbers, told["baris"].combine_chunks())
        texts = [_neutral(column) for column in cells]
        added = [told[name].take(line).cast(pa.string()) for name in ADDED]
        yield pa.Table.from_arrays([*texts, *added], names=_distinct(names)).take(order)


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _neutral(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(column, _FORMULA, r"'\1")


def _distinct(names: list[str]) -> list[str]:
    """Header cells, neutralised like any other cell."""
    return _neutral(pa.chunked_array([pa.array(names, pa.string())])).to_pylist()


def _write_csv(received: Received, told: pa.Table, file: BinaryIO) -> None:
    places = _own_columns(received)
    names = _distinct([*(received.header[place].strip() for place in places), *ADDED])
    if received.encoding == UTF8_BOM:
        file.write(b"\xef\xbb\xbf")
    options = arrow_csv.WriteOptions(include_header=True, delimiter=received.delimiter)
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    with arrow_csv.CSVWriter(file, schema, write_options=options) as writer:
        for table in _returned(received, told):
            writer.write_table(table)


def _write_xlsx(received: Received, told: pa.Table, file: BinaryIO) -> None:
    """Every cell as text, so that no digit is lost on the way back. At most 100,000 rows, as they came in."""
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    )
    sheet = book.add_worksheet()
    as_text = book.add_format({"num_format": "@"})
    places = _own_columns(received)
    names = _distinct([*(received.header[place].strip() for place in places), *ADDED])
    sheet.set_column(0, len(names) - 1, None, as_text)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, as_text)
    line = 1
    for table in _returned(received, told):
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text, as_text)
            line += 1
    book.close()


def _write_parquet(received: Received, told: pa.Table, file: BinaryIO) -> None:
    """The sender's own types; text that looks like a formula is neutralised here too."""
    writer = None
    keep = _own_columns(received)
    for numbers, table in columnar.tables(received.path):
        rejected = pc.is_in(numbers, told["baris"].combine_chunks())
        rows = table.select(keep).filter(rejected)
        line = pc.index_in(numbers.filter(rejected), told["baris"].combine_chunks())
        for place, column in enumerate(rows.schema):
            if columnar.is_text(column.type):
                plain = rows.column(place).cast(pa.string())
                rows = rows.set_column(place, column.name, _neutral(plain))
        for name in ADDED:
            rows = rows.append_column(name, told[name].take(line))
        writer = writer or pq.ParquetWriter(file, rows.schema)
        writer.write_table(rows)
    if writer is not None:
        writer.close()
