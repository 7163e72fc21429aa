"""Read sealed datasets, and verify that they are still what was sealed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.database.home import home
from salur.foundation.engine.placed import Piece
from salur.foundation.engine.session import Engine
from salur.foundation.lake.digest import Digest, KeyNotRising, WrongSchema
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import batches
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.span import Span, gathered, partition, provinces
from salur.foundation.vocabulary.tables import Table

CUT_ROWS = 2_000_000  # some hundred megabytes of an engine's memory; SALUR_CUT_ROWS sets another number


class DatasetChanged(Refused):
    """A sealed file is missing or its bytes differ from the seal."""


def files(dataset: Dataset) -> list[Path]:
    """Where the sealed files lie."""
    return [home() / "lake" / entry["path"] for entry in dataset.files]


def table_of(dataset: Dataset) -> Table:
    """The declaration under which a dataset was sealed."""
    return Table(kind=dataset.kind, columns=dict(dataset.columns), key=tuple(dataset.key), sums=tuple(dataset.sums))


def is_small(*datasets: Dataset) -> bool:
    """Few enough rows to be worked out at once; more are taken span by span, so that memory does not grow with the country.

    The result is the same: a placed table has one order, however its files are cut.
    """
    return sum(one.rows for one in datasets) < int(os.environ.get("SALUR_CUT_ROWS", CUT_ROWS))


def inputs_of(dataset: Dataset) -> list[Dataset]:
    """The datasets it was made of, in the order in which they were given."""
    found = Dataset.objects.in_bulk(dataset.inputs)
    return [found[pk] for pk in dataset.inputs if pk in found]


def read(engine: Engine, dataset: Dataset) -> ir.Table:
    """The sealed rows; inside `engine.at(span)` those of one span. Raises DatasetChanged when a file's bytes are not the sealed
    ones: an engine looks at the bytes once."""
    return _opened(engine, f"{dataset.kind}_{dataset.pk}", [dataset])


def read_many(engine: Engine, table: Table, datasets: Iterable[Dataset]) -> ir.Table:
    """The rows of several datasets of one kind as one table; of none, an empty one."""
    found = list(datasets)
    if not found:
        return engine.given(table.arrow_schema().empty_table())
    named = hashlib.sha256(",".join(str(one.pk) for one in found).encode()).hexdigest()[:16]
    return _opened(engine, f"{table.kind}_of_{named}", found)


def _opened(engine: Engine, name: str, datasets: Sequence[Dataset]) -> ir.Table:
    pieces = []
    for dataset in datasets:
        if dataset.pk not in engine.verified:
            check_bytes(dataset)
            engine.verified.add(dataset.pk)
        for entry, file in zip(dataset.files, files(dataset), strict=True):
            pieces.append(Piece(file, _span(entry)))
    return engine.sealed(name, pieces, datasets[0].key[0])


def _span(entry: dict[str, str]) -> Span | None:
    return Span(entry["from"], entry["until"]) if "from" in entry else None


def places(*datasets: Dataset) -> list[Span]:
    """The spans of the country that the files of the datasets cover, in order and none over another."""
    return partition(span for dataset in datasets for entry in dataset.files if (span := _span(entry)))


def wider_places(engine: Engine, dataset: Dataset, *, share: float = 1, keeps_provinces: bool = False) -> list[Span]:
    """The spans by which an engine works on a list, or on the share of its rows that goes on: as many of its files together as the engine
    takes families at once. A file's size tells its rows nearly.

    keeps_provinces: a province that is cut over several files is put together again first.
    """
    sizes = {span: entry["size"] for entry in dataset.files if (span := _span(entry))}
    if keeps_provinces:
        sizes = {whole: sum(size for span, size in sizes.items() if whole.holds(span)) for whole in provinces(sizes)}
    rows = dataset.rows * share / max(sum(sizes.values()), 1)
    return gathered({span: size * rows for span, size in sizes.items()}, engine.families_at_once())


def changed_places(dataset: Dataset, before: Dataset) -> list[Span]:
    """The spans in which two placed datasets may differ: a file of the same span and the same bytes holds the same rows."""
    same = {(_span(entry), entry["sha256"]) for entry in dataset.files} & {
        (_span(entry), entry["sha256"]) for entry in before.files
    }
    return [place for place in places(dataset, before) if not any(span.holds(place) for span, _sha in same if span)]


def file_of(dataset: Dataset, place: Span) -> Path | None:
    """The file that covers just this span, if there is one."""
    pairs = zip(dataset.files, files(dataset), strict=True)
    return next((file for entry, file in pairs if _span(entry) == place), None)


def stream(dataset: Dataset) -> Iterator[pa.RecordBatch]:
    """The sealed rows as Arrow batches in key order. Each file's bytes are compared with the seal just before it is read: whoever takes the
    rows keeps none of them when DatasetChanged comes."""
    for entry, file in zip(dataset.files, files(dataset), strict=True):
        _check(dataset, entry, file)
        yield from batches([file], table_of(dataset))


def arrow(dataset: Dataset) -> pa.Table:
    """A small dataset as one Arrow table."""
    found = list(stream(dataset))
    return pa.Table.from_batches(found) if found else table_of(dataset).arrow_schema().empty_table()


def check_bytes(dataset: Dataset) -> None:
    """Compare each file's bytes with the seal; several files at once, for reading them is all that this takes."""
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        for found in readers.map(_found, dataset.files, files(dataset)):
            _refuse(dataset, found)


def _check(dataset: Dataset, entry: dict[str, str], file: Path) -> None:
    _refuse(dataset, _found(entry, file))


def _found(entry: dict[str, str], file: Path) -> str:
    """'missing', 'changed', or '' for a file that is what was sealed. Told and not raised: a thread knows no reader's language."""
    if not file.is_file():
        return "missing"
    with file.open("rb") as handle:
        return "" if hashlib.file_digest(handle, "sha256").hexdigest() == entry["sha256"] else "changed"


def _refuse(dataset: Dataset, found: str) -> None:
    if found == "missing":
        raise DatasetChanged(
            _("Berkas data tersegel %(d)s hilang; jalankan salur audit dan pulihkan dari cadangan.") % {"d": dataset}
        )
    if found:
        raise DatasetChanged(
            _("Isi data tersegel %(d)s berubah sejak disegel; jalankan salur audit dan pulihkan dari cadangan.")
            % {"d": dataset}
        )


def verify(dataset: Dataset) -> str | None:
    """None when the dataset is what was sealed, else what was found: 'missing', 'bytes', 'schema', 'key', 'sums' or the digest found."""
    try:
        check_bytes(dataset)
    except DatasetChanged:
        return "missing" if not all(file.is_file() for file in files(dataset)) else "bytes"
    running = Digest(table_of(dataset))
    try:
        for batch in batches(files(dataset), table_of(dataset)):
            running.add(batch)
    except WrongSchema:
        return "schema"
    except KeyNotRising:
        return "key"
    if running.sums != dict(dataset.sums):
        return "sums"
    return None if running.hex() == dataset.digest and running.rows == dataset.rows else running.hex()
