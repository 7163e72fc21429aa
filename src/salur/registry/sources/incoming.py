"""One file of the register on its way in: read, judged, staged, its rejected rows given back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import psycopg
import pyarrow as pa

from salur.foundation.database.home import secret
from salur.foundation.database.load import copy_arrow
from salur.foundation.engine.session import Engine, local_engine
from salur.foundation.intake import reception, returning
from salur.foundation.intake.checking import PROBLEMS
from salur.foundation.intake.reception import Received
from salur.foundation.lake import archive
from salur.foundation.lake.models import ArchivedFile
from salur.foundation.regions import bps
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.registry.sources import accounts, families, persons, shapes

SOURCES = {"families": families, "persons": persons, "accounts": accounts}


@dataclass
class Incoming:
    """One file on its way in. `problems`: baris, kolom, alasan, cara_memperbaiki of rows with wrong values."""

    path: Path
    received: Received
    file_id: int
    problems: pa.Table = field(default_factory=PROBLEMS.empty_table)
    archived: ArchivedFile | None = None
    archived_rejected: ArchivedFile | None = None
    rejected_rows: Path | None = None
    rejected_copy: Path | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.received.shape.name

    @property
    def rejected(self) -> int:
        return self.problems.num_rows + self.received.faulty_rows

    def count(self, decision: str) -> int:
        """Rows with this decision; what a person has turned down before stays unchanged."""
        repeated = self.counts.get("dropped", 0) if decision == "unchanged" else 0
        return self.counts.get(decision, 0) + repeated

    def notes(self) -> list[str]:
        notes = list(self.received.notes)
        if dropped := self.counts.get("dropped"):
            notes.append(
                _("%(n)s baris sama dengan baris yang pernah ditolak petugas; tidak diterapkan.") % {"n": dropped}
            )
        return notes

    def answer(self) -> dict[str, object]:
        """What the sender is told: every physical row is in exactly one of the four numbers."""
        return {
            "file": self.path.name,
            "sha256": self.received.sha256,
            "kind": self.kind,
            "rows": self.received.physical_rows,
            "accepted": self.count("accepted"),
            "rejected": self.rejected,
            "unchanged": self.count("unchanged"),
            "to_review": self.count("to_review"),
            "rejected_file": str(self.rejected_copy) if self.rejected_copy else None,
            "unknown_columns": list(self.received.unknown_columns),
            "notes": self.notes(),
        }


def read(path: Path, work: Path, file_id: int) -> Incoming:
    """Read the file to its end into `work`. Refused when it is no file of the register."""
    return Incoming(path, reception.receive(path, reception.recognise(path, shapes.ALL), workdir=work), file_id)


def judge(owner: psycopg.Connection, one: Incoming, stem: str, *, today: date) -> None:
    """Check the values and stage the rows that pass. Refused when the file speaks in codes of the statistics office."""
    source = SOURCES[one.kind]
    with local_engine() as run:
        rows = run.parquet([one.received.rows_file])
        if one.kind == "families":
            _refuse_bps(run, rows)
        checked = source.checked(run, rows, today=today)
        one.problems = run.arrow(checked.problems).cast(PROBLEMS)
        staged = source.staged(checked.passed, file_id=one.file_id, key=bytes.fromhex(secret("id_key") or ""))
        copied = copy_arrow(owner, f"{stem}_{one.kind}", run.batches(staged))
        if copied + one.rejected != one.received.physical_rows:
            raise AssertionError("a row was lost between reading and staging")
        if one.kind == "persons" and one.problems.num_rows:
            copy_arrow(owner, f"{stem}_fallen", [_fallen(run, rows, one)])
    owner.commit()


def _refuse_bps(run: Engine, rows: ir.Table) -> None:
    """Regencies of the statistical office collide with other regencies, so such a file is refused whole."""
    known = families.with_village(run, rows)
    counted = known.aggregate(
        rows=known.count(),
        unknown=known.count(where=known.village.isnull() & (known.kode_desa != "")),
        seven=known.count(where=bps.has_district_digits_expr(known.kode_desa)),
    )
    found = run.arrow(counted).to_pylist()[0]
    bps.refuse_bps(found["unknown"], found["rows"], found["seven"])


def _fallen(run: Engine, rows: ir.Table, one: Incoming) -> pa.Table:
    """Which card the rejected persons belong to, as far as the row tells."""
    fallen = rows.join(run.given(one.problems.select(["baris"])), "baris").select("baris", "no_kk", "nik")
    table = run.arrow(fallen.filter(fallen.no_kk.re_search(r"^[0-9]{16}$")))
    return table.append_column("file_id", pa.repeat(pa.scalar(one.file_id, pa.int64()), table.num_rows))


def write_rejected(one: Incoming, work: Path) -> None:
    """Write the rejected rows in the sender's own format and columns, if there are any."""
    if one.rejected:
        one.rejected_rows = work / f"{one.file_id}-rejected{returning.suffix(one.received)}"
        returning.write_rejected(one.received, one.problems, one.rejected_rows)


def store(one: Incoming, *, by: str) -> None:
    """Copy the file as received, and its rejected rows, into the archive. Refused when it is no longer the file that was read."""
    one.archived = archive.store(one.path, purpose="received", name=one.path.name, by=by)
    if one.archived.sha256 != one.received.sha256:
        raise Refused(_("Berkas berubah saat dibaca; kirim lagi setelah selesai disimpan."))
    if one.rejected_rows:
        one.archived_rejected = archive.store(one.rejected_rows, purpose="rejected", name=rejected_name(one), by=by)


def rejected_name(one: Incoming, taken: Collection[str] = ()) -> str:
    """The name under which the sender finds the rejected rows; two files of one call never share it."""
    ending = returning.suffix(one.received)
    names = [
        f"{one.path.stem}_rejected{ending}",
        *(f"{one.path.stem}_rejected-{n}{ending}" for n in range(2, len(taken) + 3)),
    ]
    return next(name for name in names if name not in taken)
