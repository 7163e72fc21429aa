"""Seal the result of a step: write it under a path of its own attempt, read it back, list it in the catalogue."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, connection, transaction

from salur.foundation.database.home import home, workplace
from salur.foundation.database.locks import keep_sweeper_out
from salur.foundation.engine.session import Engine
from salur.foundation.lake.digest import Digest, check_whole
from salur.foundation.lake.models import Dataset
from salur.foundation.vocabulary.tables import Table

READ_ROWS = 131_072


def request_of(table: Table, step: str, inputs: Sequence[Dataset], parameters: Mapping[str, Any]) -> str:
    """What was asked for: the step, its version, the content of its inputs and its parameters."""
    asked = [table.kind, step, [[i.kind, i.digest] for i in inputs], parameters]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def find(table: Table, step: str, inputs: Sequence[Dataset], parameters: Mapping[str, Any]) -> Dataset | None:
    """The dataset that an earlier call of the same step on the same inputs has sealed."""
    return Dataset.objects.filter(kind=table.kind, request=request_of(table, step, inputs, parameters)).first()


def seal(
    engine: Engine,
    table: Table,
    rows: ir.Table | pa.Table,
    *,
    step: str,
    by: str,
    inputs: Sequence[Dataset] = (),
    parameters: Mapping[str, Any] | None = None,
) -> Dataset:
    """Write rows in key order, verify what was written, and list it. The same request again gives the dataset that exists.

    A step with neither inputs nor parameters took its rows from the records (or a file): then the content itself is the request.
    Raises WrongSchema and KeyNotRising (our own mistakes) before anything is listed.
    """
    parameters = dict(parameters or {})
    is_gathered = not inputs and not parameters
    existing = None if is_gathered else find(table, step, inputs, parameters)
    if existing:
        return existing
    place = home() / "lake" / table.kind / uuid.uuid4().hex
    place.mkdir(mode=0o700, parents=True)
    try:
        expression = engine.given(rows) if isinstance(rows, pa.Table) else rows
        check_whole(table, expression.schema())
        file = place / "part-0.parquet"
        types = {name: table.type_of(name) for name in table.columns}
        engine.write(expression, file, types=types, order=table.key)
        running = Digest(table)
        for batch in batches([file], table):
            running.add(batch)
        request = request_of(table, step, inputs, parameters or {"content": running.hex()})
        existing = Dataset.objects.filter(kind=table.kind, request=request).first()
        if existing:
            shutil.rmtree(place)
            return existing
        fields = {
            "columns": [[name, kind] for name, kind in table.columns.items()],
            "key": list(table.key),
            "rows": running.rows,
            "sums": running.sums,
            "digest": running.hex(),
            "files": [_listed(file)],
            "inputs": [one.pk for one in inputs],
            "step": step,
            "parameters": parameters,
            "sealed_by": by,
        }
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return _list_once(table.kind, request, fields)


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


def digest_of(engine: Engine, table: Table, rows: ir.Table) -> str:
    """The digest that rows would have if they were sealed; nothing is listed."""
    with workplace("digest") as place:
        file = place / "rows.parquet"
        engine.write(rows, file, types={name: table.type_of(name) for name in table.columns}, order=table.key)
        running = Digest(table)
        for batch in batches([file], table):
            running.add(batch)
        return running.hex()


def batches(files: Sequence[Path], table: Table) -> Iterator[pa.RecordBatch]:
    """Stream sealed rows as they lie in the files, in the declared column order."""
    for file in files:
        with pq.ParquetFile(file) as parquet:
            yield from parquet.iter_batches(batch_size=READ_ROWS, columns=list(table.columns))


def _audit_head() -> str:
    """The head of the audit chain, which stands on a floor above: asked of the database, so that a seal also dates the record."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce((select digest from audit_block order by id desc limit 1), '')")
        return cursor.fetchone()[0]


def _listed(file: Path) -> dict[str, Any]:
    """Size and digest of a file's bytes, after forcing them to disk."""
    file.chmod(0o600)
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())
        sha = hashlib.file_digest(handle, "sha256").hexdigest()
    for folder in (file.parent, file.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return {"path": str(file.relative_to(home() / "lake")), "size": file.stat().st_size, "sha256": sha}
