"""Seal the result of a step: write it under a path of its own attempt, read it back, list it in the catalogue."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, connection, transaction
from ibis.expr.operations import DatabaseTable

from salur.foundation.database.home import home, workplace
from salur.foundation.database.locks import keep_sweeper_out
from salur.foundation.engine.session import Engine
from salur.foundation.lake.digest import Digest, check_whole
from salur.foundation.lake.models import Dataset
from salur.foundation.vocabulary.span import NOWHERE, Span
from salur.foundation.vocabulary.tables import Table

READ_ROWS = 131_072
FILES_AHEAD = 2  # written and not read back yet: they are still in the memory of the system


def request_of(table: Table, step: str, inputs: Sequence[Dataset], parameters: Mapping[str, Any]) -> str:
    """What was asked for: the step, its version, the content of its inputs and its parameters."""
    asked = [table.kind, step, [[i.kind, i.digest] for i in inputs], parameters]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def find(table: Table, step: str, inputs: Sequence[Dataset], parameters: Mapping[str, Any]) -> Dataset | None:
    """The dataset that an earlier call of the same step on the same inputs has sealed."""
    return Dataset.objects.filter(kind=table.kind, request=request_of(table, step, inputs, parameters)).first()


class Sealing:
    """One dataset while it is written: one file, or one for each span of the country in their order. Each is read back, checked and synced by
    a thread of its own while the engine works on the next; nothing is listed before that has ended well.

    `existing` is the dataset that the same request has given before; then nothing needs to be written. A step with neither inputs
    nor parameters took its rows from the records (or a file): then the content itself is the request.
    """

    def __init__(
        self,
        engine: Engine,
        table: Table,
        *,
        step: str,
        by: str,
        inputs: Sequence[Dataset] = (),
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        self.engine, self.table, self.inputs, self.by, self.step = engine, table, inputs, by, step
        self.parameters = dict(parameters or {})
        is_gathered = not inputs and not self.parameters
        self.existing = None if is_gathered else find(table, step, inputs, self.parameters)
        self._running = Digest(table)
        self._files: list[dict[str, Any]] = []
        self._is_listing = False
        self._lake = home() / "lake"
        self._folder = self._lake / table.kind / uuid.uuid4().hex
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="seal")  # one, because a digest goes from row to row
        self._read_back: list[Future[None]] = []

    def write(self, rows: ir.Table, place: Span | None = None) -> None:
        """Write rows in key order and have them read back. Raises WrongSchema and KeyNotRising, our own mistakes, here or in `list`."""
        assert self.table.is_placed == (place is not None), f"{self.table.kind}: a placed table is written by place"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_whole(self.table, rows.schema())
        file = self._folder / f"part-{place.start if place else 0}.parquet"
        self.engine.write(rows, file, types=types_of(self.table), order=self.table.key)
        self._wait(all_but=FILES_AHEAD)
        self._read_back.append(self._reader.submit(self._take, file, place))

    def _take(self, file: Path, place: Span | None) -> None:
        for batch in batches([file], self.table):
            self._running.add(batch)
        entry = {"path": str(file.relative_to(self._lake)), "size": file.stat().st_size, "sha256": _kept(file)}
        self._files.append(entry | ({"from": place.start, "until": place.end} if place else {}))

    def _wait(self, all_but: int = 0) -> None:
        while len(self._read_back) > all_but:
            self._read_back.pop(0).result()

    def list(self) -> Dataset:
        """The one row that makes the files exist. Raises WrongSchema and KeyNotRising, our own mistakes."""
        if self.existing:
            return self.existing
        self._wait()
        if self._files:
            _sync_folders(self._folder, self._lake)
        request = request_of(self.table, self.step, self.inputs, self.parameters or {"content": self._running.hex()})
        existing = Dataset.objects.filter(kind=self.table.kind, request=request).first()
        if existing:
            self.forget()
            return existing
        fields = {
            "columns": [[name, kind] for name, kind in self.table.columns.items()],
            "key": list(self.table.key),
            "rows": self._running.rows,
            "sums": self._running.sums,
            "digest": self._running.hex(),
            "files": self._files,
            "inputs": [one.pk for one in self.inputs],
            "step": self.step,
            "parameters": self.parameters,
            "sealed_by": self.by,
        }
        self._is_listing = True
        return _list_once(self.table.kind, request, fields)

    def forget(self) -> None:
        """Take away what was written and is not listed."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Sealing:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        self._reader.shutdown(cancel_futures=True)
        if kind is not None and not self._is_listing:
            self.forget()


def seal(
    engine: Engine,
    table: Table,
    rows: ir.Table | pa.Table,
    *,
    step: str,
    by: str,
    inputs: Sequence[Dataset] = (),
    parameters: Mapping[str, Any] | None = None,
    places: Sequence[Span] = (),
    is_whole: bool = False,
) -> Dataset:
    """Write rows in key order, verify what was written, and list it. The same request again gives the dataset that exists.

    places: the spans of a placed table. `rows` is worked out for one after the other, from the files of that span; when the rows of
    one span depend on another's (`is_whole`), once for all and cut afterwards.
    Raises WrongSchema and KeyNotRising (our own mistakes) before anything is listed.
    """
    with Sealing(engine, table, step=step, by=by, inputs=inputs, parameters=parameters) as sealing:
        if not sealing.existing:
            write_by_place(
                engine, sealing, engine.given(rows) if isinstance(rows, pa.Table) else rows, places, is_whole
            )
        return sealing.list()


class Written(Protocol):
    """What rows can be written to: a dataset that will be sealed, or only its digest."""

    table: Table

    def write(self, rows: ir.Table, place: Span | None = None) -> None: ...


def write_by_place(engine: Engine, to: Written, rows: ir.Table, places: Sequence[Span], is_whole: bool = False) -> None:
    """Write a table that is not placed in one piece, a placed one span by span."""
    if not to.table.is_placed:
        to.write(rows)
    elif is_whole:
        write_pieces(engine, to, rows, places or (NOWHERE,))
    else:
        for place in places or (NOWHERE,):
            with engine.at(place):
                to.write(rows, place)


def write_pieces(engine: Engine, to: Written, rows: ir.Table, places: Sequence[Span]) -> None:
    """Write a placed table of which all rows are at hand: worked out once, then cut into its spans."""
    if len(places) == 1:
        to.write(rows, places[0])
        return
    with engine.scratch():
        kept = rows if isinstance(rows.op(), DatabaseTable) else engine.keep(rows)
        for place in places:
            to.write(within(kept, to.table.key[0], place), place)


def within(rows: ir.Table, region: str, place: Span) -> ir.Table:
    """The rows of one span."""
    return rows.filter((rows[region] >= place.start) & (rows[region] < place.end))


class Recomputed:
    """The digest that rows would have if they were sealed; nothing is listed."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self.engine, self.table, self._running = engine, table, Digest(table)

    def write(self, rows: ir.Table, place: Span | None = None) -> None:
        with workplace("digest") as folder:
            file = folder / "rows.parquet"
            self.engine.write(rows, file, types=types_of(self.table), order=self.table.key)
            for batch in batches([file], self.table):
                self._running.add(batch)

    def hex(self) -> str:
        return self._running.hex()


def digest_of(
    engine: Engine, table: Table, rows: ir.Table, places: Sequence[Span] = (), *, is_whole: bool = False
) -> str:
    """The digest that rows would have if they were sealed as `seal` seals them."""
    found = Recomputed(engine, table)
    write_by_place(engine, found, rows, places, is_whole)
    return found.hex()


def types_of(table: Table) -> dict[str, str]:
    """Each column with its plain type."""
    return {name: table.type_of(name) for name in table.columns}


def _list_once(kind: str, request: str, fields: dict[str, Any]) -> Dataset:
    """Write the catalogue row. Another run may have sealed the same a moment ago: then its dataset is the answer.

    The files stay whatever happens here. When the server dies during the commit nobody knows yet whether the row exists; what
    no row lists is swept later.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            keep_sweeper_out(cursor)
            return Dataset.objects.create(kind=kind, request=request, audit_head=_audit_head(), **fields)
    except IntegrityError:
        return Dataset.objects.get(kind=kind, request=request)


def batches(files: Sequence[Path], table: Table) -> Iterator[pa.RecordBatch]:
    """Stream sealed rows as they lie in the files, in the declared column order.

    Text of few values lies there as numbers of a dictionary; read so and spelled out afterwards it takes less time than text by text.
    """
    columns = list(table.columns)
    for file in files:
        footer = pq.read_metadata(file)
        numbered = _numbered(footer)
        with pq.ParquetFile(file, metadata=footer, read_dictionary=numbered) as parquet:
            for batch in parquet.iter_batches(batch_size=READ_ROWS, columns=columns):
                names = batch.schema.names
                yield pa.RecordBatch.from_arrays(
                    [batch[name].dictionary_decode() if name in numbered else batch[name] for name in names], names
                )


def _numbered(file: pq.FileMetaData) -> list[str]:
    """The text columns that the whole file keeps by dictionary."""
    groups = [file.row_group(nth) for nth in range(file.num_row_groups)]
    texts = [nth for nth in range(file.num_columns) if file.schema.column(nth).physical_type == "BYTE_ARRAY"]
    return [
        file.schema.column(nth).name
        for nth in texts
        if all("PLAIN" not in group.column(nth).encodings for group in groups)
    ]


def _audit_head() -> str:
    """The head of the audit chain, which stands on a floor above: asked of the database, so that a seal also dates the record."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce((select digest from audit_block order by id desc limit 1), '')")
        return cursor.fetchone()[0]


def _kept(file: Path) -> str:
    """The digest of a file's bytes, after forcing them to disk."""
    file.chmod(0o600)
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sync_folders(folder: Path, lake: Path) -> None:
    """Force to disk that the folder of an attempt has its files, and each folder above it up to the lake the one below."""
    for one in (folder, folder.parent, lake):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
