"""Parquet: text, dates and whole numbers as text; a number where a code belongs refuses the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salur.foundation.intake.batches import FAULTS, Batch, Heading
from salur.foundation.intake.opening import opened
from salur.foundation.intake.scanning import CELL_BYTES_MAX
from salur.foundation.intake.shapes import MOMENTS, TEXT_ONLY, Line, folded, header_line
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

_ROWS = 1 << 16


@contextmanager
def _parquet(path: Path) -> Iterator[pq.ParquetFile]:
    """The open file. Refused when Arrow cannot read it, at the start or in the middle."""
    with opened(path) as file:
        try:
            with pq.ParquetFile(file) as parquet:
                yield parquet
        except (pa.ArrowException, OSError):
            raise Refused(_("Berkas Parquet ini rusak atau terpotong; buat dan kirim ulang berkasnya.")) from None


def heading(path: Path, known: frozenset[str]) -> Heading:
    """The column names. Refused when a column that holds codes holds numbers, or one we need holds no plain value."""
    with _parquet(path) as parquet:
        schema = parquet.schema_arrow
    line = header_line([Line(1, tuple(schema.names))], known)
    for column in schema:
        _check_type(folded(column.name), _value_type(column.type), known)
    return Heading(names=line.cells, encoding="utf-8")


def _check_type(name: str, kind: pa.DataType, known: frozenset[str]) -> None:
    if name not in known:
        return
    if name in TEXT_ONLY and not (is_text(kind) or pa.types.is_null(kind)):
        raise Refused(
            _("Kolom %(name)s bertipe angka, jadi ada digit hilang; tulis ulang kolom itu sebagai teks.")
            % {"name": name}
        )
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise Refused(
            _("Kolom %(name)s tidak berisi teks, angka, atau tanggal; tulis ulang sebagai teks.") % {"name": name}
        )


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def is_text(kind: pa.DataType) -> bool:
    """Text, be it stored as a dictionary or not."""
    kind = _value_type(kind)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def tables(path: Path) -> Iterator[tuple[pa.Array, pa.Table]]:
    """The rows with their own types and their numbers; the first is 2, as if the header stood in row 1."""
    number = 2
    with _parquet(path) as parquet:
        for batch in parquet.iter_batches(batch_size=_ROWS):
            numbers = pa.array(np.arange(number, number + batch.num_rows, dtype=np.int64))
            yield numbers, pa.Table.from_batches([batch])
            number += batch.num_rows
        if number - 2 != parquet.metadata.num_rows:
            raise Refused(_("Berkas Parquet ini rusak atau terpotong; buat dan kirim ulang berkasnya."))


def batches(path: Path, head: Heading) -> Iterator[Batch]:
    """The rows as text. The footer's count is the independent one."""
    for numbers, table in tables(path):
        try:
            cells = [_text(column, folded(name)) for name, column in zip(head.names, table.columns, strict=True)]
        except pa.ArrowInvalid:
            raise _not_text() from None
        yield _batch(numbers, cells)


def _not_text() -> Refused:
    return Refused(_("Ada teks yang bukan UTF-8 di berkas Parquet ini; buat ulang berkasnya dengan teks UTF-8."))


def _batch(numbers: pa.Array, cells: list[pa.Array]) -> Batch:
    faulty = np.zeros(len(numbers), dtype=np.bool_)
    for column in cells:
        unfit = pc.or_(pc.match_substring(column, "\0"), pc.greater(pc.binary_length(column), CELL_BYTES_MAX))
        faulty |= unfit.to_numpy(zero_copy_only=False)
    if not faulty.any():
        return Batch(numbers, cells, physical=len(numbers))
    sound = pa.array(~faulty)
    bad = numbers.filter(pa.array(faulty))
    empty = pa.nulls(len(bad), pa.string())
    reason = pa.repeat(_("sel terlalu panjang atau berisi bita NUL"), len(bad))
    remedy = pa.repeat(_("pendekkan isi sel dan hapus bita NUL"), len(bad))
    faults = pa.Table.from_arrays([bad, empty, empty, reason, remedy], schema=FAULTS)
    return Batch(numbers.filter(sound), [column.filter(sound) for column in cells], faults, physical=len(numbers))


def _text(column: pa.ChunkedArray, name: str) -> pa.Array:
    """A column as text: days as ISO, whole numbers without a point, nothing as ''."""
    values = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.repeat("", len(values))
    if pa.types.is_timestamp(kind):
        text = _moment(values, name)
    elif pa.types.is_floating(kind):
        text = _number(values.cast(pa.float64()))
    elif pa.types.is_decimal(kind):
        text = pc.replace_substring_regex(values.cast(pa.string()), r"\.0*$", "")
    else:
        text = values.cast(pa.string())
    text.validate(full=True)
    return pc.fill_null(text, "")


def _number(values: pa.Array) -> pa.Array:
    """Whole numbers as digits as long as a float holds every one of them, others as they are."""
    is_whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**53))
    whole = pc.if_else(is_whole, values, None).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(whole, values.cast(pa.string()))


def _moment(values: pa.Array, name: str) -> pa.Array:
    """ISO with a T; an instant with a zone is written in UTC, a day without a time as a day."""
    if values.type.tz:
        values = values.cast(pa.timestamp(values.type.unit, "UTC"))
    text = pc.replace_substring(values.cast(pa.string()), " ", "T")
    text = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
    return text if name in MOMENTS else pc.replace_substring_regex(text, r"T00:00:00Z?$", "")
