"""Bring files into the register: archive, read, judge, merge set by set, and account for every row."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.db import connection, transaction

from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.home import secret, workplace
from salur.foundation.database.load import copy_arrow
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.intake import reception, returning
from salur.foundation.intake.checking import PROBLEMS, Checked
from salur.foundation.intake.reception import Received
from salur.foundation.lake import archive
from salur.foundation.lake.models import ArchivedFile
from salur.foundation.regions import bps
from salur.registry.models import RegistryFile
from salur.registry.sources import accounts, families, persons, shapes

SQL = Path(__file__).parent / "sql"
DECISIONS = ("accepted", "unchanged", "to_review")


@dataclass
class Incoming:
    """One file on its way in."""

    path: Path
    received: Received
    file_id: int
    archived: ArchivedFile
    rejected: int = 0
    rejected_file: ArchivedFile | None = None
    rejected_copy: Path | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DECISIONS, 0))

    def answer(self) -> dict[str, object]:
        """What the sender is told: every physical row is in exactly one of the four numbers."""
        return {
            "file": self.path.name,
            "sha256": self.received.sha256,
            "kind": self.received.shape.name,
            "rows": self.received.physical_rows,
            "accepted": self.counts["accepted"],
            "rejected": self.rejected,
            "unchanged": self.counts["unchanged"],
            "to_review": self.counts["to_review"],
            "rejected_file": str(self.rejected_copy) if self.rejected_copy else None,
            "unknown_columns": list(self.received.unknown_columns),
            "notes": list(self.received.notes),
        }


def refresh(paths: Sequence[Path], *, by: Actor, rejected_to: Path | None = None, dry_run: bool = False) -> list[dict[str, object]]:
    """Import files of families, persons and accounts in one call. All files of one kind are one delivery.

    Families go first, then persons, then accounts, whatever the order of the files. Nothing is applied of a file that is refused
    as a whole, and then nothing of the other files of the call either. With `dry_run` everything is judged and nothing kept.
    """
    by.require("registry.import")
    by.require_whole_country()
    with connect("owner") as owner, run_lock(owner, "registry.import"), workplace("import") as work:
        deliveries = _received(paths, work, by=by, dry_run=dry_run)
        delivery = uuid.uuid4().hex
        for kind in ("families", "persons", "accounts"):
            incoming = [one for one in deliveries if one.received.shape.name == kind]
            if incoming:
                _deliver(owner, kind, incoming, delivery, work=work, by=by, rejected_to=rejected_to, dry_run=dry_run)
        return [one.answer() for one in deliveries]


def _received(paths: Sequence[Path], work: Path, *, by: Actor, dry_run: bool) -> list[Incoming]:
    """Read every file before any is applied, so that a bad one stops the call while nothing has changed."""
    incoming = []
    for path in paths:
        shape = reception.recognise(path, shapes.ALL)
        received = reception.receive(path, shape, workdir=work)
        incoming.append((path, received))
    return [
        Incoming(path, received, _next_file_id(), archive.keep(path, purpose="received", name=path.name, by=by.name))
        if not dry_run
        else Incoming(path, received, _next_file_id(), ArchivedFile())
        for path, received in incoming
    ]


def _deliver(
    owner: psycopg.Connection, kind: str, incoming: list[Incoming], delivery: str,
    *, work: Path, by: Actor, rejected_to: Path | None, dry_run: bool,
) -> None:  # fmt: skip
    stage = f"stage_registry_{kind}_{uuid.uuid4().hex[:12]}"
    owner.execute(_part(kind).format(stage=stage))
    owner.execute(f"create unlogged table {stage}_fallen (file_id bigint, baris bigint, no_kk text, nik text)")
    owner.commit()
    try:
        for one in incoming:
            _judge(owner, kind, one, stage, work=work, by=by, rejected_to=rejected_to, dry_run=dry_run)
        with transaction.atomic():
            audit.act_as(by.name)
            _merge(kind, stage, incoming)
            for one in incoming:
                _account_for(one, kind, delivery, by=by)
            if dry_run:
                transaction.set_rollback(True)
    finally:
        owner.rollback()
        owner.execute(f"drop table if exists {stage}, {stage}_fallen")
        owner.commit()


def _judge(
    owner: psycopg.Connection, kind: str, one: Incoming, stage: str,
    *, work: Path, by: Actor, rejected_to: Path | None, dry_run: bool,
) -> None:  # fmt: skip
    """Check the values of one file, stage what passes, give back what does not."""
    key = bytes.fromhex(secret("id_key") or "")
    with engine() as run:
        rows = run.parquet([one.received.rows_file])
        checked = _checked(run, kind, rows)
        if kind == "families":
            _refuse_bps(run, rows, checked)
        staged = {
            "families": lambda: families.staged(checked.passed, file_id=one.file_id, key=key),
            "persons": lambda: persons.staged(checked.passed, file_id=one.file_id, key=key),
            "accounts": lambda: accounts.staged(checked.passed, file_id=one.file_id, key=key),
        }[kind]()
        problems = run.arrow(checked.problems).cast(PROBLEMS)
        one.rejected = problems.num_rows + one.received.faulty_rows
        copied = copy_arrow(owner, stage, run.batches(staged))
        if copied + one.rejected != one.received.physical_rows:
            raise AssertionError("a row was lost between reading and staging")
        if kind == "persons" and problems.num_rows:
            copy_arrow(owner, f"{stage}_fallen", [_fallen(run, rows, problems, one.file_id)])
        owner.commit()
    if one.rejected and not dry_run:
        target = work / f"{one.file_id}-rejected{returning.suffix(one.received)}"
        returning.write_rejected(one.received, problems, target)
        one.rejected_file = archive.keep(target, purpose="rejected", name=_rejected_name(one), by=by.name)
        one.rejected_copy = give_copy(target, (rejected_to or one.path.parent) / _rejected_name(one))


def _checked(run: Engine, kind: str, rows: ir.Table) -> Checked:
    judge = {"families": families.checked, "persons": persons.checked, "accounts": accounts.checked}[kind]
    return judge(run, rows, today=date.today())


def _refuse_bps(run: Engine, rows: ir.Table, checked: Checked) -> None:
    """A file of the statistical office's codes is refused whole: its regencies collide with other regencies."""
    unknown = run.arrow(checked.problems.filter(checked.problems.kolom == "kode_desa").count()).as_py()
    seven = run.arrow(rows.filter(bps.has_district_digits_expr(rows.kode_desa)).count()).as_py()
    bps.refuse_bps(unknown, run.arrow(rows.count()).as_py(), seven)


def _fallen(run: Engine, rows: ir.Table, problems: pa.Table, file_id: int) -> pa.Table:
    """Which card the rejected persons belong to, as far as the row tells."""
    names = run.given(problems.select(["baris"]))
    fallen = rows.join(names, "baris").select("baris", "no_kk", "nik")
    readable = fallen.filter(fallen.no_kk.re_search(r"^[0-9]{16}$"))
    table = run.arrow(readable)
    return table.append_column("file_id", pa.array([file_id] * table.num_rows, pa.int64()))


def _merge(kind: str, stage: str, incoming: list[Incoming]) -> None:
    with connection.cursor() as cursor:
        cursor.execute((SQL / f"merge_{kind}.sql").read_text().replace("{stage}", stage))
        if kind == "persons":
            cursor.execute((SQL / "fallen_members.sql").read_text().replace("{stage}", stage))
        cursor.execute(f"select file_id, decision, count(*) from {stage} where review_id is null group by 1, 2")
        by_file = {one.file_id: one for one in incoming}
        for file_id, decision, count in cursor.fetchall():
            by_file[file_id].counts[decision] = count


def _account_for(one: Incoming, kind: str, delivery: str, *, by: Actor) -> None:
    """List the file. The database refuses a file whose rows do not add up."""
    if one.archived.pk is None:
        return
    RegistryFile.objects.create(
        pk=one.file_id, delivery=delivery, kind=kind, archived=one.archived, rejected_file=one.rejected_file,
        rows=one.received.physical_rows, rejected=one.rejected, notes=list(one.received.notes), by=by.name, **one.counts,
    )  # fmt: skip
    audit.record("registry.imported", f"registry_file:{one.file_id}", by=by.name, kind=kind, rows=one.received.physical_rows, **one.counts)


def give_copy(source: Path, target: Path) -> Path:
    """Copy a file of personal data to where the sender finds it, readable by the owner only; an older one is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o600)
    return target


def _rejected_name(one: Incoming) -> str:
    return f"{one.path.stem}_rejected{returning.suffix(one.received)}"


def _part(kind: str) -> str:
    """The CREATE TABLE of one kind out of stages.sql."""
    return (SQL / "stages.sql").read_text().split(f"-- {kind}\n")[1].split("\n-- ")[0]


def _next_file_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('registry_registryfile', 'id'))")
        return cursor.fetchone()[0]
