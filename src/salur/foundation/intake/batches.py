"""What every reader hands over, whatever the format: the header, then rows in batches, each row accounted for."""

from dataclasses import dataclass, field

import pyarrow as pa

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

FAULTS = pa.schema(
    [
        pa.field("baris", pa.int64(), nullable=False),
        pa.field("mentah", pa.string()),
        pa.field("kolom", pa.string()),
        pa.field("alasan", pa.string()),
        pa.field("cara_memperbaiki", pa.string()),
    ]
)


@dataclass(frozen=True)
class Heading:
    """The header of a file and how the rest is to be read.

    names: as the sender wrote them. row: the header's own number. body: first byte after it (CSV), else 0.
    sheet: the name of the sheet (XLSX). blank_lines: above the header.
    """

    names: tuple[str, ...]
    row: int = 1
    encoding: str = ""
    delimiter: str = ""
    body: int = 0
    sheet: str = ""
    blank_lines: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """Some rows: of good form (`numbers` and, column by column as in the header, `cells`) or not (`faults`).

    physical: how many rows an independent count found here. cells: text as sent, not trimmed.
    """

    numbers: pa.Array
    cells: list[pa.Array | pa.ChunkedArray]
    faults: pa.Table = field(default_factory=FAULTS.empty_table)
    physical: int = 0
    blank_lines: int = 0


def check_count(batch: Batch) -> None:
    """Refused when the rows read are not the rows counted."""
    if len(batch.numbers) + batch.faults.num_rows != batch.physical:
        raise Refused(
            _("Jumlah baris yang terbaca tidak sama dengan jumlah baris berkas; simpan ulang berkas lalu kirim lagi.")
        )
