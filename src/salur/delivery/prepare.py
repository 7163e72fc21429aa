"""Prepare the instructions of an approved cycle: route, seal, load, and write one file for each channel and regency."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import psycopg
import pyarrow as pa
from django.db import connection, transaction

from salur.cycles.actions import approval
from salur.cycles.models import Cycle, State
from salur.cycles.tables import ENTITLEMENTS
from salur.delivery.models import Batch, Channel, ChannelAssignment, SentFile
from salur.delivery.steps.route import findings, instructions, judge
from salur.delivery.tables import CHANNELS, HOLDERS, INSTRUCTIONS
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database import partitions
from salur.foundation.database.connection import connect
from salur.foundation.database.home import outgoing, workplace
from salur.foundation.database.load import read_arrow
from salur.foundation.database.locks import keep_sweeper_out, run_lock
from salur.foundation.engine.session import Engine, engine
from salur.foundation.lake import archive
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import ArchivedFile, Dataset
from salur.foundation.lake.seal import Sealing, seal, within
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.wide import total

STEP = "delivery.prepare/1"
SQL = Path(__file__).parent / "sql"
READY = (State.APPROVED, State.PREPARED, State.RELEASED, State.RECONCILED)


class NotApproved(Refused):
    """Only an approved list becomes instructions."""


def write(code: str, out: Path, *, by: Actor, dry_run: bool = False) -> dict[str, object]:
    """Write the instruction files of a cycle into `out`. Called again it writes the same bytes.

    Raises ListChanged when rows or files differ from what was approved, NotApproved before approval.
    """
    batch = prepare(code, by=by, dry_run=dry_run)
    if dry_run:
        return {
            "cycle": code,
            "files": 0,
            "instructions": batch.instructions,
            "instructed_rupiah": batch.rupiah,
            "out": None,
        }
    return _hand_out(approval.find(code), out)


def prepare(code: str, *, by: Actor, dry_run: bool = False) -> Batch:
    """The batch of an approved cycle: routed, sealed, loaded, its files in the archive. Prepared before, it is only checked."""
    by.require("disburse")
    by.require_whole_country()
    cycle = approval.find(code)
    with connect("owner") as owner, run_lock(owner, f"cycle {code}"):
        cycle.refresh_from_db()
        if cycle.state not in READY:
            raise NotApproved(
                _("Tahap %(code)s belum disetujui (status %(state)s); ajukan dan setujui dahulu.")
                % {"code": code, "state": cycle.state}
            )
        approval.check_unchanged(cycle)
        batch = Batch.objects.filter(cycle=cycle).order_by("-attempt").first()
        if batch is None:
            with engine() as run:
                batch = _prepare(owner, run, cycle, by, dry_run)
        return batch


def _prepare(owner: psycopg.Connection, run: Engine, cycle: Cycle, by: Actor, dry_run: bool) -> Batch:
    inputs = _gather(owner, run, cycle, by)
    kept, fallen = seal_routed(run, inputs, cycle.code, by)
    batch = Batch(cycle=cycle, attempt=1, instructed=kept, fallen_out=fallen, instructions=kept.rows,
                  rupiah=kept.sums["amount_rupiah"], prepared_by=by.name, prepared_person=by.person)  # fmt: skip
    if dry_run:
        return batch
    name = f"stage_instruction_{cycle.pk}"
    partitions.stage(owner, name, "instruction", {"cycle_id": cycle.pk}, lake.stream(kept), kept)
    files = _write_files(owner, name, cycle, batch, by)
    with transaction.atomic(), connection.cursor() as cursor:
        keep_sweeper_out(cursor)
        audit.act_as(by.name)
        batch.save()
        partitions.attach(cursor, name, "instruction", cycle.pk)
        ArchivedFile.objects.bulk_create([file.archived for file in files])
        SentFile.objects.bulk_create(files)
        Cycle.objects.filter(pk=cycle.pk).update(state=State.PREPARED)
        audit.record(
            "instruction.prepared",
            cycle.code,
            by=by.name,
            instructions=kept.rows,
            rupiah=batch.rupiah,
            digest=kept.digest,
        )
    return batch


def seal_routed(run: Engine, inputs: list[Dataset], code: str, by: Actor) -> tuple[Dataset, Dataset]:
    """The instructions of a cycle, and the findings of the entitlements that cannot be instructed."""
    seals: dict[str, Any] = {"step": STEP, "by": by.name, "inputs": inputs, "parameters": {"cycle": code, "attempt": 1}}
    with Sealing(run, INSTRUCTIONS, **seals) as sent, Sealing(run, FINDINGS, **seals) as unsent:
        if not (sent.existing and unsent.existing):
            _write_routed(run, inputs, code, sent, unsent)
        kept, fallen = sent.list(), unsent.list()
    assert kept.rows + fallen.rows == _recipients(run, inputs), "an entitlement was lost on the way to its channel"
    return kept, fallen


def _write_routed(run: Engine, inputs: list[Dataset], code: str, sent: Sealing, unsent: Sealing) -> None:
    """Judge once and write both lists, span by span or at once."""
    judged, where = _judged(run, inputs), cut(inputs)
    places = where["places"]
    for pieces in [places] if where["is_whole"] else [[place] for place in places]:
        with nullcontext() if where["is_whole"] else run.at(*pieces), run.scratch():
            rows = run.keep(judged)
            for place in pieces:
                sent.write(within(run.step(instructions, rows, cycle=code), "region_code", place), place)
                unsent.write(within(run.step(findings, rows), "region_code", place), place)


def _gather(owner: psycopg.Connection, run: Engine, cycle: Cycle, by: Actor) -> list[Dataset]:
    """The entitlements of every period, and what is taken from the records, sealed."""
    channels: dict[str, str] = {}
    for period in cycle.periods.order_by("first_month"):
        rows = ChannelAssignment.objects.filter(programme=cycle.programme, period=period.period).values_list(
            "region_code", "channel_id"
        )
        for region, channel in rows:
            if channels.setdefault(region, channel) != channel:
                raise Refused(
                    _("Wilayah %(region)s punya kanal berbeda dalam satu tahap; samakan dengan salur channel assign.")
                    % {"region": region}
                )
    if not channels:
        raise Refused(
            _("Belum ada kanal untuk %(cycle)s; tetapkan dengan salur channel assign.") % {"cycle": cycle.code}
        )
    table = pa.table({"region_code": list(channels), "channel": list(channels.values())})
    schema = HOLDERS.arrow_schema()
    holders = read_arrow(owner, (SQL / "holders.sql").read_text().split("\n", 1)[1], [cycle.pk], schema)
    rows = run.given(pa.RecordBatchReader.from_batches(schema, holders))
    entitled = [period.entitled for period in cycle.periods.select_related("entitled").order_by("first_month")]
    return [
        *entitled,
        seal(run, CHANNELS, table, step=STEP, by=by.name),
        seal(run, HOLDERS, rows, step=STEP, by=by.name, places=lake.places(*entitled), is_whole=True),
    ]


def cut(inputs: list[Dataset]) -> dict[str, Any]:
    """How instructions are worked out: stretch by stretch, unless months are added up, between which a family may have moved."""
    entitled = [one for one in inputs if one.kind == ENTITLEMENTS.kind]
    return {"places": lake.places(*entitled), "is_whole": len(entitled) > 1 or lake.is_small(*entitled)}


def instructions_from(run: Engine, inputs: list[Dataset], code: str) -> ir.Table:
    """The instructions as an expression over sealed inputs: months added up to one line per recipient."""
    return instructions(_judged(run, inputs), cycle=code)


def _judged(run: Engine, inputs: list[Dataset]) -> ir.Table:
    by_kind = {one.kind: one for one in inputs}
    return judge(_due(run, inputs), lake.read(run, by_kind["channels"]), lake.read(run, by_kind["holders"]))


def _due(run: Engine, inputs: list[Dataset]) -> ir.Table:
    """One row per recipient; place and holder are those of the latest month."""
    months = None
    for place, dataset in enumerate(one for one in inputs if one.kind == ENTITLEMENTS.kind):
        rows = lake.read(run, dataset).select("recipient_id", "region_code", "holder_id", "amount_rupiah")
        rows = rows.mutate(month=run.literal(place))
        months = rows if months is None else months.union(rows)
    assert months is not None, "a cycle has at least one period"
    if place == 0:
        return months.drop("month").mutate(attempt=run.literal(1, "int16"))
    summed = months.group_by("recipient_id").agg(amount_rupiah=total(months.amount_rupiah), last=months.month.max())
    latest = months.join(
        summed.select(latest_id="recipient_id", last="last"), [("recipient_id", "latest_id"), ("month", "last")]
    )
    latest = latest.select("recipient_id", "region_code", "holder_id")
    return latest.join(summed.select("recipient_id", "amount_rupiah"), "recipient_id").mutate(
        attempt=run.literal(1, "int16")
    )


def _recipients(run: Engine, inputs: list[Dataset]) -> int:
    return run.arrow(_due(run, inputs).count()).as_py()


def _write_files(owner: psycopg.Connection, stage: str, cycle: Cycle, batch: Batch, by: Actor) -> list[SentFile]:
    """Stream each file from the server into the archive: name and account in the versions that the instruction names."""
    periods = "..".join(
        dict.fromkeys([approval.first_period(cycle).period, cycle.periods.order_by("-first_month")[0].period])
    )
    query = (SQL / "instruction_file.sql").read_text().split("\n", 1)[1].replace("{stage}", stage)
    owner.execute(f"create index on {stage} (channel, left(region_code, 4), id_instruksi)")
    owner.commit()
    groups = owner.execute(
        f"select channel, left(region_code, 4), count(*), sum(amount_rupiah)::bigint from {stage} group by 1, 2 order by 1, 2"
    ).fetchall()
    statement = f"copy ({query}) to stdout (format csv, header true)"
    files = []
    with workplace("instruction") as work, owner.cursor() as cursor:
        for channel, regency, rows, rupiah in groups:
            path = work / f"{cycle.code}_{channel}_{regency}.csv"
            with (
                os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
                cursor.copy(
                    statement,
                    {"programme": cycle.programme, "periods": periods, "channel": channel, "regency": regency},
                ) as copy,
            ):
                for block in copy:
                    out.write(block)
            archived = archive.store(path, purpose="sent", name=path.name, by=by.name, partner=channel)
            path.unlink()
            files.append(SentFile(batch=batch, channel=Channel.objects.get(code=channel), region_code=regency, name=path.name, rows=rows,
                                  rupiah=rupiah, sha256=archived.sha256, archived=archived))  # fmt: skip
    owner.rollback()
    return files


def _hand_out(cycle: Cycle, out: Path) -> dict[str, object]:
    """Copy the archived files with their manifests to where the officer wants them."""
    outgoing(out)
    rows = rupiah = 0
    files = []
    for sent in (
        SentFile.objects.filter(batch__cycle=cycle)
        .select_related("archived", "batch", "batch__instructed")
        .order_by("name")
    ):
        source = archive.path_of(sent.archived)
        content = source.read_bytes() if source.is_file() else b""
        if hashlib.sha256(content).hexdigest() != sent.sha256:
            raise approval.ListChanged(
                _("Berkas instruksi %(name)s di arsip berubah; jalankan salur audit.") % {"name": sent.name}
            )
        target = out / sent.name
        _replace(target, content)
        manifest = {
            "cycle": cycle.code, "channel": sent.channel_id, "regency": sent.region_code, "attempt": sent.batch.attempt, "rows": sent.rows,
            "rupiah": sent.rupiah, "sha256": sent.sha256, "list_digest": cycle.approved_digest,
            "versions": {"instructions": sent.batch.instructed.digest,
                         "names_and_accounts": next(one.digest for one in lake.inputs_of(sent.batch.instructed) if one.kind == HOLDERS.kind)},
        }  # fmt: skip
        _replace(
            target.with_name(f"{target.stem}.manifest.json"),
            (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode(),
        )
        rows, rupiah = rows + sent.rows, rupiah + sent.rupiah
        files.append(sent.name)
    return {
        "cycle": cycle.code,
        "files": len(files),
        "instructions": rows,
        "instructed_rupiah": rupiah,
        "out": str(out),
    }


def _replace(target: Path, content: bytes) -> None:
    """Write a file of personal data whole or not at all, readable by the owner only."""
    fresh = target.with_name(target.name + ".part")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
    fresh.rename(target)
