"""Bring files into the register: read, judge, merge set by set, archive, and account for every row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.home import workplace
from salur.foundation.database.locks import keep_sweeper_out, run_lock
from salur.foundation.intake import returning
from salur.foundation.intake.opening import among
from salur.registry.merge import merge, stages
from salur.registry.models import RegistryFile
from salur.registry.sources import incoming
from salur.registry.sources.incoming import Incoming


def refresh(
    paths: Sequence[Path], *, by: Actor, rejected_to: Path | None = None, dry_run: bool = False
) -> list[dict[str, object]]:
    """Import files of families, persons and accounts in one call. All files of one kind are one delivery.

    Families go first, then persons, then accounts, whatever the order of the files. One transaction holds the whole call: when
    a file is refused, nothing of the others is applied either. With `dry_run` everything is judged and nothing kept.
    """
    by.require("registry.import")
    by.require_whole_country()
    with (
        connect("owner") as owner,
        run_lock(owner, "registry.import"),
        workplace("import") as work,
        stages(owner) as stem,
    ):
        files = []
        for path in paths:
            with among(path, paths):
                files.append(incoming.read(path, work, _next_file_id()))
        for one in files:
            with among(one.path, paths):
                incoming.judge(owner, one, stem, today=date.today())
        if not dry_run:
            for one in files:
                incoming.write_rejected(one, work)
                incoming.store(one, by=by.name)
            _give_back(files, rejected_to)
        with transaction.atomic(), connection.cursor() as cursor:
            keep_sweeper_out(cursor)
            audit.act_as(by.name)
            counts = merge(stem)
            for one in files:
                one.counts = counts.get(one.file_id, {})
            if dry_run:
                transaction.set_rollback(True)
            else:
                _list(files, by=by)
        return [one.answer() for one in files]


def _give_back(files: Sequence[Incoming], rejected_to: Path | None) -> None:
    """Copy the rejected rows to where the sender finds them."""
    taken: dict[Path, set[str]] = {}
    for one in files:
        if one.rejected_rows:
            place = rejected_to or one.path.parent
            name = incoming.rejected_name(one, taken.setdefault(place, set()))
            one.rejected_copy = returning.give_copy(one.rejected_rows, place / name)
            taken[place].add(name)


def _list(files: Sequence[Incoming], *, by: Actor) -> None:
    """List each file. The database refuses a file whose rows do not add up."""
    delivery = uuid.uuid4().hex
    for one in files:
        for kept in (one.archived, one.archived_rejected):
            if kept:
                kept.save()
        counts = {decision: one.count(decision) for decision in ("accepted", "unchanged", "to_review")}
        assert one.archived is not None, "every file was archived before anything was applied"
        RegistryFile.objects.create(
            pk=one.file_id, delivery=delivery, kind=one.kind, archived=one.archived, rejected_file=one.archived_rejected,
            rows=one.received.physical_rows, rejected=one.rejected, notes=one.notes(), by=by.name, **counts,
        )  # fmt: skip
        audit.record(
            "registry.imported", f"registry_file:{one.file_id}", by=by.name, kind=one.kind, rows=one.received.physical_rows,
            rejected=one.rejected, **counts,
        )  # fmt: skip


def _next_file_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('registry_registryfile', 'id'))")
        return cursor.fetchone()[0]
