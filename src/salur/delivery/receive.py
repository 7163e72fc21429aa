"""Take a channel's report in: archive it, compare its control totals, judge and seal its lines, account for every row."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from salur.cycles.models import Cycle
from salur.delivery.models import Batch, Channel, ResultFile
from salur.delivery.steps.lines import (
    KINDS,
    MOMENT,
    TOLD,
    accounted,
    cycles_named,
    day,
    has_seconds,
    in_file,
    lines,
    recognised,
    strangers,
)
from salur.delivery.tables import LINES
from salur.foundation.access.actions.officers import Actor, NotPermitted
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.home import secret, workplace
from salur.foundation.database.locks import keep_sweeper_out, run_lock
from salur.foundation.engine.session import Engine, local_engine
from salur.foundation.intake import checking, reception, returning
from salur.foundation.intake.checking import PROBLEMS, Check
from salur.foundation.intake.opening import among
from salur.foundation.intake.reception import Received
from salur.foundation.intake.shapes import Shape
from salur.foundation.lake import archive
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import ArchivedFile, Dataset
from salur.foundation.lake.seal import Sealing, within
from salur.foundation.vocabulary.codes import ReconcileException
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.span import NOWHERE, Span

RESULTS = Shape("results", ("id_instruksi", "hasil", "jumlah", "waktu", "bukti"), ("kode_alasan", "tempat"))
STEP = "delivery.receive/1"
FEW_CYCLES = 100  # that strangers may name; more of them are spelt by the engine
FILE_DIGITS = 12  # of a file's digest, enough to find it again


class WrongTotals(Refused):
    """The file is not the one whose totals the channel has stated."""


def receive(
    channel: str, paths: Sequence[Path], *, by: Actor, rows: int | None = None, rupiah: int | None = None,
    rejected_to: Path | None = None, dry_run: bool = False,
) -> list[dict[str, object]]:  # fmt: skip
    """Import result files of one channel, each for itself: one that is refused leaves the earlier ones applied."""
    by.require("result.import")
    by.require_whole_country()
    if by.channel and by.channel != channel:
        raise NotPermitted(
            _("Akun ini milik kanal %(own)s; hasil %(channel)s diimpor oleh kanal itu sendiri.")
            % {"own": by.channel, "channel": channel}
        )
    if not Channel.objects.filter(code=channel).exists():
        known = ", ".join(Channel.objects.order_by("code").values_list("code", flat=True))
        raise Refused(_("Kanal %(channel)s tidak dikenal; pilih: %(known)s.") % {"channel": channel, "known": known})
    with (
        connect("owner") as owner,
        run_lock(owner, f"result.import {channel}"),
        workplace("result") as work,
        local_engine() as run,
    ):
        answers = []
        for path in paths:
            with among(path, paths):
                answers.append(_receive_one(run, channel, path, work, by, (rows, rupiah), rejected_to, dry_run))
        return answers


def _receive_one(
    run: Engine,
    channel: str,
    path: Path,
    work: Path,
    by: Actor,
    totals: tuple[int | None, int | None],
    rejected_to: Path | None,
    dry_run: bool,
) -> dict[str, object]:
    received = reception.receive(path, RESULTS, workdir=work)
    has_totals = _check_totals(path, received, totals)
    repeated = ResultFile.objects.filter(channel_id=channel, sha256=received.sha256, replaced_by=None).first()
    if repeated and not _may_know_more(repeated):
        copy = None if dry_run else _give_again(path, received, repeated, rejected_to)
        return _answer(path, received, 0, repeated.rejected, repeated.rows - repeated.rejected, 0, copy)
    with run.scratch():
        # Recognised and read first, so that the rows are put down once: with what they tell, and whether they may pass.
        rows = recognised(run.parquet([received.rows_file]), _instructions(run))
        checked = checking.check(run, rows, checks(), kept=TOLD)
        parsed = _lines(run, checked.passed, channel, received.sha256[:FILE_DIGITS])
        bad = run.arrow(checked.problems).cast(PROBLEMS)
        problems = pa.concat_tables([bad, _named(run, parsed)])
        rejected = problems.num_rows + received.faulty_rows
        counts = run.arrow(accounted(parsed, _earlier(run, channel, repeated))).to_pylist()[0]
        unchanged = counts["whole"] - counts["accepted"] - counts["to_review"]
        if counts["whole"] + rejected != received.physical_rows:
            raise AssertionError("a row was lost between reading and sealing")
        if dry_run:
            return _answer(path, received, counts["accepted"], rejected, unchanged, counts["to_review"], None)
        sealed = seal_lines(run, parsed, _places(run, parsed), by.name)
        cycles = run.arrow(parsed.select("cycle").distinct().order_by("cycle"))["cycle"].to_pylist()
        unknown = run.arrow(parsed.count(where=parsed.problem == ReconcileException.ID_TIDAK_DIKENAL.value)).as_py()
    copy, kept = _give_back(path, received, problems, work, by, rejected_to) if rejected else (None, None)
    archived = archive.store(path, purpose="received", name=path.name, by=by.name, partner=channel)
    with transaction.atomic(), connection.cursor() as cursor:
        keep_sweeper_out(cursor)
        audit.act_as(by.name)
        for file in (archived, kept):
            if file:
                file.save()
        made = ResultFile.objects.create(
            channel_id=channel, archived=archived, rejected_file=kept, lines=sealed, sha256=received.sha256,
            cycles=[code for code in cycles if code], has_totals=has_totals, rows=received.physical_rows, accepted=counts["accepted"],
            rejected=rejected, unchanged=unchanged, to_review=counts["to_review"], unknown=unknown, replaces=repeated, by=by.name,
        )  # fmt: skip
        audit.record(
            "result.imported",
            f"result_file:{made.pk}",
            by=by.name,
            channel=channel,
            rows=received.physical_rows,
            digest=sealed.digest,
        )
    return _answer(path, received, counts["accepted"], rejected, unchanged, counts["to_review"], copy)


def _check_totals(path: Path, received: Received, totals: tuple[int | None, int | None]) -> bool:
    """Compare with the manifest beside the file or the numbers given. False when there are none. Raises WrongTotals."""
    manifest = path.with_name(f"{path.stem}.manifest.json")
    stated: dict[str, object] = {
        name: value for name, value in zip(("rows", "rupiah"), totals, strict=True) if value is not None
    }
    if manifest.is_file():
        try:
            stated = json.loads(manifest.read_text(encoding="utf-8"))
            if not isinstance(stated, dict):
                raise ValueError("no object")
        except ValueError as error:
            raise WrongTotals(
                _("Manifes %(name)s tidak terbaca sebagai JSON; minta manifes baru dari pengirim.")
                % {"name": manifest.name}
            ) from error
    found = {"rows": received.physical_rows, "rupiah": _rupiah(received), "sha256": received.sha256}
    for name in ("rows", "rupiah", "sha256"):
        if name in stated and stated[name] != found[name]:
            raise WrongTotals(
                _(
                    "Total kontrol %(what)s tidak cocok: disebut %(stated)s, di berkas %(found)s; berkas tidak diterapkan, minta kiriman ulang."
                )
                % {"what": name, "stated": stated[name], "found": found[name]}
            )
    return bool(stated)


def _rupiah(received: Received) -> int:
    """Rupiah over all lines whose amount can be read, whatever else is wrong with them."""
    import pyarrow.parquet as pq

    cells = pq.read_table(received.rows_file, columns=["jumlah"])["jumlah"].combine_chunks()
    digits = cells.filter(pc.match_substring_regex(cells, "^[0-9]{1,15}$").fill_null(False))
    return pc.sum(digits.cast(pa.int64())).as_py() or 0


def checks() -> list[Check]:
    """What the form of a result row must be. What would only happen after today may not pass: it would outlast whatever truly follows."""
    tomorrow = date.today() + timedelta(days=1)  # already begun east of this machine
    return [
        checking.filled("id_instruksi", _("id instruksi")),
        checking.one_of("hasil", KINDS),
        Check("jumlah", lambda t: ~(t.jumlah.re_search(r"^[0-9]{1,15}\z") | ((t.hasil == "GAGAL") & (t.jumlah == ""))),
              _("Jumlah rupiah hanya boleh angka"), _("Tulis tanpa titik, koma, spasi atau Rp, misalnya 200000")),
        Check("waktu", lambda t: ~t.waktu.re_search(MOMENT), _("Waktu tidak terbaca"), _("Tulis seperti 2023-05-09T10:15:00+07:00")),
        Check("waktu", lambda t: day(t.waktu).isnull() | ~_is_clock(t.waktu),
              _("Tanggal atau jam tidak mungkin ada"), _("Periksa tanggal dan jamnya")),
        Check("waktu", lambda t: day(t.waktu) > ibis.literal(tomorrow), _("Waktu di masa depan"), _("Periksa tahunnya")),
    ]  # fmt: skip


def _is_clock(moment: ir.StringValue) -> ir.BooleanValue:
    """Whether a moment of the right form names an hour, a minute and a second that there are."""

    def stays_below(start: int, limit: str) -> ir.BooleanValue:
        return moment.substr(start, 2) < limit

    return (moment.length() == 10) | (
        stays_below(11, "24") & stays_below(14, "60") & (~has_seconds(moment) | stays_below(17, "60"))
    )


def _may_know_more(repeated: ResultFile) -> bool:
    """A file is read once, unless it named instructions that nobody had released and more has been released since."""
    return repeated.unknown > 0 and Batch.objects.filter(released_at__gt=repeated.at).exists()


def _lines(run: Engine, found: ir.Table, channel: str, file: str) -> ir.Table:
    """The recognised rows as lines of the cycles that are under way."""
    released = Batch.objects.filter(released_at__isnull=False)
    cycles = list(Cycle.objects.filter(pk__in=released.values("cycle")).order_by("code").values_list("code", flat=True))
    unknown = unknown_lines(run, found, channel, cycles, lambda: _fallback(run, found, cycles))
    told = lines(found, channel=channel)
    return in_file(told.union(unknown) if unknown is not None else told, file=file)


def unknown_lines(
    run: Engine, found: ir.Table, channel: str, cycles: Sequence[str], fallback: Callable[[], str]
) -> ir.Table | None:
    """The recognised rows whose id nobody gave, kept as lines of the cycles under way; None when there are none."""
    if run.arrow(found.count(where=found.known_recipient.isnull())).as_py() == 0:
        return None
    named = run.arrow(run.step(cycles_named, found).order_by("named").limit(FEW_CYCLES + 1))["named"].to_pylist()
    unknown = run.step(
        strangers, found, channel=channel, cycles=tuple(cycles), fallback_cycle=fallback(), key=secret("id_key") or "",
        named=tuple(named) if len(named) <= FEW_CYCLES else None,
    )  # fmt: skip
    return run.keep(unknown)


def seal_lines(run: Engine, parsed: ir.Table, places: Sequence[Span], by: str) -> Dataset:
    """Seal the lines of a file, place by place; `parsed` stands on what is kept already, so that each reading of it costs little."""
    with Sealing(run, LINES, step=STEP, by=by) as sealing:
        for place in places:
            sealing.write(within(parsed, LINES.key[0], place), place)
        return sealing.list()


def _places(run: Engine, parsed: ir.Table) -> list[Span]:
    """The spans of which the file tells: those of the instructions, and nowhere."""
    released = Batch.objects.filter(released_at__isnull=False).select_related("instructed")
    regencies = run.arrow(parsed.select(code=parsed.region_code.substr(0, 4)).distinct())["code"].to_pylist()
    known = [NOWHERE, *lake.places(*(batch.instructed for batch in released))]
    return [span for span in known if any(span.start <= code < span.end for code in regencies)]


def _fallback(run: Engine, found: ir.Table, cycles: list[str]) -> str:
    """The cycle in which a line is named whose id tells none: the only one released, or the only one of which the file speaks."""
    spoken = found.filter(found.known_cycle.notnull()).select("known_cycle").distinct().limit(2)
    told = cycles if len(cycles) == 1 else run.arrow(spoken)["known_cycle"].to_pylist()
    return told[0] if len(told) == 1 else ""


def _instructions(run: Engine) -> ir.Table:
    released = Batch.objects.filter(released_at__isnull=False).select_related("instructed", "cycle").order_by("pk")
    tables = [
        lake.read(run, batch.instructed).select(
            "recipient_id", "attempt", "channel", "region_code", "id_instruksi", cycle=run.text(batch.cycle.code)
        )
        for batch in released
    ]
    if not tables:
        raise Refused(
            _("Belum ada instruksi yang dilepas; hasil baru dapat diimpor setelah salur instruction release.")
        )
    return tables[0].union(*tables[1:]) if len(tables) > 1 else tables[0]


def _earlier(run: Engine, channel: str, repeated: ResultFile | None) -> ir.Table:
    """All lines of this channel so far, but for a file that is read anew."""
    files = ResultFile.objects.filter(channel_id=channel, replaced_by=None)
    if repeated:
        files = files.exclude(pk=repeated.pk)
    return lake.read_many(run, LINES, Dataset.objects.filter(pk__in=files.values("lines")).order_by("pk"))


def _named(run: Engine, parsed: ir.Table) -> pa.Table:
    """Lines that belong to nobody go back to the sender too, each with its reason."""
    told = {
        ReconcileException.ID_SALAH_KETIK: (
            _("id_instruksi salah ketik"),
            _("Salin id_instruksi persis dari berkas instruksi"),
        ),
        ReconcileException.ID_TIDAK_DIKENAL: (
            _("id_instruksi tidak dikenal"),
            _("Laporkan hanya instruksi yang sudah dilepas"),
        ),
        ReconcileException.KANAL_LAIN: (
            _("instruksi milik kanal lain"),
            _("Hanya kanal penerima instruksi yang melaporkannya"),
        ),
    }
    table = run.arrow(parsed.filter(parsed.problem != "").select("line", "problem"))
    codes = [ReconcileException(code) for code in table["problem"].to_pylist()]
    return pa.table(
        {"baris": table["line"], "kolom": ["id_instruksi"] * len(codes), "alasan": [told[code][0] for code in codes],
         "cara_memperbaiki": [told[code][1] for code in codes]},
        schema=PROBLEMS,
    )  # fmt: skip


def _rejected_name(path: Path, received: Received) -> str:
    return f"{path.stem}_rejected{returning.suffix(received)}"


def _give_again(path: Path, received: Received, repeated: ResultFile, rejected_to: Path | None) -> Path | None:
    """The rejected rows of a file that was read before lie beside it anew: its sender may have lost them."""
    if repeated.rejected_file is None:
        return None
    target = (rejected_to or path.parent) / _rejected_name(path, received)
    return returning.give_copy(archive.path_of(repeated.rejected_file), target)


def _give_back(
    path: Path, received: Received, problems: pa.Table, work: Path, by: Actor, rejected_to: Path | None
) -> tuple[Path, ArchivedFile]:
    name = _rejected_name(path, received)
    target = work / f"{uuid.uuid4().hex}{returning.suffix(received)}"
    returning.write_rejected(received, problems, target)
    kept = archive.store(target, purpose="rejected", name=name, by=by.name)
    return returning.give_copy(target, (rejected_to or path.parent) / name), kept


def _answer(
    path: Path, received: Received, accepted: int, rejected: int, unchanged: int, to_review: int, copy: Path | None
) -> dict[str, object]:
    return {
        "file": path.name, "sha256": received.sha256, "rows": received.physical_rows, "accepted": accepted, "rejected": rejected,
        "unchanged": unchanged, "to_review": to_review, "rejected_file": str(copy) if copy else None,
        "unknown_columns": list(received.unknown_columns), "notes": list(received.notes),
    }  # fmt: skip


def digest_of_lines(files: Sequence[ResultFile]) -> str:
    """One digest over a set of result files, whatever the order in which they came."""
    return hashlib.sha256("|".join(sorted({one.lines.digest for one in files})).encode()).hexdigest()
