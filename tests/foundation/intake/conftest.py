"""Small files of a small shape, received into a folder of their own."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.intake.reception import Received, receive
from salur.foundation.intake.shapes import Shape

PEOPLE = Shape("persons", ("nik", "nama"), ("hamil",))
LINES = Shape("results", ("id_instruksi", "jumlah", "waktu"), ())


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., Received]:
    """Write these bytes as a file and receive it."""

    def write_and_receive(content: bytes | str, name: str = "orang.csv", shape: Shape = PEOPLE) -> Received:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return receive(path, shape, workdir=work)

    return write_and_receive


def rows(received: Received) -> list[tuple[int, str, str]]:
    return [(row["baris"], row["nik"], row["nama"]) for row in pq.read_table(received.rows_file).to_pylist()]


def faults(received: Received) -> dict[int, str]:
    """Raw text by row."""
    return {row["baris"]: row["mentah"] for row in pq.read_table(received.faults_file).to_pylist()}


def problems(*told: tuple[int, str | None, str, str]) -> pa.Table:
    columns = list(zip(*told, strict=True)) if told else [(), (), (), ()]
    names = ("baris", "kolom", "alasan", "cara_memperbaiki")
    kinds = (pa.int64(), pa.string(), pa.string(), pa.string())
    return pa.table({name: pa.array(column, kind) for name, column, kind in zip(names, columns, kinds, strict=True)})
