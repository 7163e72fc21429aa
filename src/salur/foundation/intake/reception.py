"""Taking a file in: which kind it is, all its rows as text, and the rows whose form is wrong."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salur.foundation.intake import columnar, delimited, shapes, workbook
from salur.foundation.intake.batches import FAULTS, Batch, Heading, check_count
from salur.foundation.intake.opening import CSV, PARQUET, XLSX, Fingerprint, format_of, private_file, unchanging
from salur.foundation.intake.shapes import Shape, folded
from salur.foundation.vocabulary.language import _

_READERS: dict[str, ModuleType] = {CSV: delimited, PARQUET: columnar, XLSX: workbook}


@dataclass(frozen=True)
class Received:
    """A file that was read to its end. physical_rows = rows + faulty_rows, and was counted on its own.

    rows_file: Parquet with baris (int64) and every column of the shape as trimmed text; '' is an empty cell, NULL a
    column that the file does not have. faults_file: Parquet of the rows of wrong form (baris, mentah, kolom, alasan,
    cara_memperbaiki). Both 0600, and the caller's to delete. header: names as the sender wrote them.
    """

    path: Path
    shape: Shape
    sha256: str
    size: int
    format: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    physical_rows: int
    rows: int
    faulty_rows: int
    blank_lines: int
    notes: tuple[str, ...]
    rows_file: Path
    faults_file: Path
    heading: Heading


def recognise(path: Path, among: Sequence[Shape]) -> Shape:
    """The shape whose columns the file's header names. Refused when none fits, with what is missing of the nearest."""
    reader = _READERS[format_of(path)]
    return shapes.of_header(reader.heading(path, shapes.known_columns(among)).names, among)


def receive(path: Path, shape: Shape, *, workdir: Path) -> Received:
    """Read a file of this shape as text into two files in `workdir`. Refused when its rows do not add up."""
    kind = format_of(path)
    with unchanging(path) as mark, ExitStack() as files:
        head = _READERS[kind].heading(path, frozenset(shape.columns))
        shapes.check_complete(head.names, shape)
        rows_file = files.enter_context(private_file(workdir, f"{shape.name}-rows"))
        faults_file = files.enter_context(private_file(workdir, f"{shape.name}-faults"))
        counts = _write(read(path, kind, head), head, shape, rows_file, faults_file)
        return _received(path, shape, kind, head, mark, counts, rows_file, faults_file)


def read(path: Path, kind: str, head: Heading) -> Iterator[Batch]:
    """The rows below the header in batches, each checked to hold exactly the rows counted."""
    for batch in _READERS[kind].batches(path, head):
        check_count(batch)
        yield batch


@dataclass
class _Counts:
    physical: int = 0
    rows: int = 0
    faulty: int = 0
    blank: int = 0


def _write(source: Iterator[Batch], head: Heading, shape: Shape, rows_file: Path, faults_file: Path) -> _Counts:
    counts = _Counts(blank=head.blank_lines)
    schema = pa.schema([("baris", pa.int64()), *((column, pa.string()) for column in shape.columns)])
    with (
        pq.ParquetWriter(rows_file, schema, compression="lz4", use_dictionary=False) as rows,
        pq.ParquetWriter(faults_file, FAULTS) as faults,
    ):
        for batch in source:
            rows.write_table(_trimmed(batch, head, schema))
            faults.write_table(batch.faults)
            counts.physical += batch.physical
            counts.rows += len(batch.numbers)
            counts.faulty += batch.faults.num_rows
            counts.blank += batch.blank_lines
    return counts


def _trimmed(batch: Batch, head: Heading, schema: pa.Schema) -> pa.Table:
    place = {folded(name): index for index, name in enumerate(head.names)}
    columns: list[pa.Array | pa.ChunkedArray] = [batch.numbers]
    for column in schema.names[1:]:
        if column in place:
            columns.append(pc.utf8_trim_whitespace(batch.cells[place[column]]))
        else:
            columns.append(pa.nulls(len(batch.numbers), pa.string()))
    return pa.Table.from_arrays(columns, schema=schema)


def _received(
    path: Path, shape: Shape, kind: str, head: Heading, mark: Fingerprint, counts: _Counts, rows: Path, faults: Path
) -> Received:
    unknown = tuple(name.strip() for name in head.names if folded(name) not in shape.columns)
    notes = list(head.notes)
    if counts.blank:
        notes.append(_("%(n)s baris kosong diabaikan.") % {"n": counts.blank})
    if unknown:
        notes.append(_("%(n)s kolom tidak dikenal disimpan bersama berkas, tidak dipakai.") % {"n": len(unknown)})
    return Received(
        path=path,
        shape=shape,
        sha256=mark.sha256,
        size=mark.size,
        format=kind,
        encoding=head.encoding,
        delimiter=head.delimiter,
        header=head.names,
        unknown_columns=unknown,
        physical_rows=counts.physical,
        rows=counts.rows,
        faulty_rows=counts.faulty,
        blank_lines=counts.blank,
        notes=tuple(notes),
        rows_file=rows,
        faults_file=faults,
        heading=head,
    )
