"""salur registry, quota, channel, budget, draw, enrolment, cycle: from the register to an approved list."""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done, imported, proved, tell, trying
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period, parse_span
from salur.foundation.vocabulary.rupiah import format_rupiah, parse_rupiah

registry = typer.Typer(help="Registri keluarga dan orang.", no_args_is_help=True)
quota = typer.Typer(help="Kuota.", no_args_is_help=True)
channel = typer.Typer(help="Kanal penyalur.", no_args_is_help=True)
budget = typer.Typer(help="Pagu.", no_args_is_help=True)
draw = typer.Typer(help="Undian pemecah urutan sama.", no_args_is_help=True)
enrolment = typer.Typer(help="Penetapan.", no_args_is_help=True)
cycle = typer.Typer(help="Tahap pembayaran.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Berkas CSV, Parquet, atau XLSX")]
Rejected = Annotated[Path | None, typer.Option("--rejected", help="Folder untuk salinan baris yang ditolak")]
Programme = Annotated[str, typer.Argument(help="Misalnya SEMBAKO atau PKH")]
When = Annotated[str, typer.Argument(help="2023-05, 2023-T2, atau 2023-05..2023-06")]


def add_to(app: typer.Typer) -> None:
    for group, name in ((registry, "registry"), (quota, "quota"), (channel, "channel"), (budget, "budget"), (draw, "draw"),
                        (enrolment, "enrolment"), (cycle, "cycle")):  # fmt: skip
        app.add_typer(group, name=name)


@registry.command("import")
def registry_import(
    files: Files, user: As = "", rejected: Rejected = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Impor keluarga, anggota, dan rekening; jenis berkas dikenali dari judul kolomnya."""
    by = acting(user)
    from salur.registry.refresh import refresh

    imported(refresh(files, by=by, rejected_to=rejected, dry_run=dry_run), as_json, dry_run=dry_run)


@registry.command("release")
def registry_release(
    as_of: Annotated[str, typer.Option("--as-of", help="Tanggal yang diwakili rilis, 2023-05-31")],
    decree: Annotated[str, typer.Option(help="Nomor keputusan")],
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Segel registri untuk satu tanggal."""
    by = acting(user)
    from salur.registry.release import release

    try:
        day = datetime.strptime(as_of, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        raise typer.BadParameter(_("tulis tanggal seperti 2023-05-31"), param_hint="--as-of") from None
    answer(release(day, decree, by=by, dry_run=dry_run), as_json=as_json)
    done(dry_run=dry_run)


@quota.command("import")
def quota_import(
    file: Path, user: As = "", rejected: Rejected = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Impor kuota pada tingkat wilayah mana pun."""
    by = acting(user)
    from salur.programmes.actions import quotas

    imported(quotas.import_file(file, by=by, rejected_to=rejected, dry_run=dry_run), as_json, dry_run=dry_run)


@channel.command("assign")
def channel_assign(
    file: Path, user: As = "", rejected: Rejected = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Tetapkan kanal penyalur per wilayah dan periode."""
    by = acting(user)
    from salur.delivery.actions import channels

    imported(channels.import_file(file, by=by, rejected_to=rejected, dry_run=dry_run), as_json, dry_run=dry_run)


@budget.command("ceiling")
def budget_ceiling(
    programme: Programme,
    year: int,
    rupiah: str,
    decree: Annotated[str, typer.Option()],
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Tetapkan atau revisi pagu program setahun."""
    by = acting(user)
    from salur.budget.actions import ceilings

    with trying(dry_run):
        found = ceilings.set_ceiling(programme.upper(), year, parse_rupiah(rupiah), decree, by=by)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)


@draw.command("commit")
def draw_commit(
    programme: Programme,
    period: When,
    secret: Annotated[str, typer.Option(help="Teks rahasia; tanpa ini dibuat acak")] = "",
    reason: Annotated[str, typer.Option(help="Alasan, bila mengganti undian yang sudah dikunci")] = "",
    checker: Annotated[str, typer.Option(help="Petugas kedua, bila mengganti")] = "",
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Kunci undian sebelum rilis disegel; yang tercetak adalah sidik rahasianya."""
    by = acting(user)
    from salur.enrolment.actions import draws
    from salur.programmes.queries import rule_for

    # A name alone would let one person replace a draw: the second one is here and proves it.
    second = proved(checker, "SALUR_CHECKER_TOKEN") if checker else None
    answers: list[dict[str, str | None]] = []
    with trying(dry_run):
        for one in parse_span(period):
            rule_for(programme.upper(), one)
            made = draws.commit(programme.upper(), one, by=by, secret=secret or None, reason=reason, checker=second)
            answers.append({**made})
    if dry_run and not secret:  # the hash of a secret that nobody keeps would be taken for a commitment
        answers = [one | {"commitment": None} for one in answers]
    answer(answers[0] if len(answers) == 1 else answers, as_json=as_json)
    done(dry_run=dry_run)


@enrolment.command("determine")
def enrolment_determine(
    programme: Programme,
    period: When,
    more: Annotated[
        list[str] | None, typer.Argument(help="Program dan periode lain yang ditetapkan dalam sekali baca: PKH 2023-T2")
    ] = None,
    release: Annotated[int, typer.Option(help="Nomor rilis; tanpa ini yang terbaru")] = 0,
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Tetapkan siapa diterima, ditahan, menunggu, atau tidak, dengan alasan bagi setiap keluarga."""
    by = acting(user)
    from salur.enrolment.determine import determine_all

    lists = _lists([programme, period, *(more or [])])
    answers: list[dict[str, Any]] = []
    with trying(dry_run):
        # A later month stands on the list of the one before, so months come one after another; programmes go together.
        for months in zip_longest(*lists.values()):
            together = [(name, one) for name, one in zip(lists, months, strict=True) if one]
            answers += determine_all(together, by=by, release_id=release or None)
    answer(answers[0] if len(answers) == 1 else answers, as_json=as_json)
    for one in answers:
        free = one.get("unfilled") or {}
        if free:
            tell(
                _("%(n)s tempat kuota belum terisi di %(regions)s wilayah.")
                % {"n": sum(free.values()), "regions": len(free)}
            )
    done(dry_run=dry_run)


def _lists(words: list[str]) -> dict[str, list[Period]]:
    """PROGRAMME PERIOD PROGRAMME PERIOD …, each programme once."""
    names = [word.upper() for word in words[::2]]
    if len(words) % 2 or len(set(names)) < len(names):
        raise typer.BadParameter(
            _("tulis berpasangan, tiap program sekali: SEMBAKO 2023-05 PKH 2023-T2"), param_hint="PROGRAMME PERIOD"
        )
    return {name: list(parse_span(word)) for name, word in zip(names, words[1::2], strict=True)}


@cycle.command("open")
def cycle_open(
    programme: Programme, period: When, user: As = "", dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Buka tahap: hitung hak setiap keluarga yang diterima."""
    by = acting(user)
    from salur.cycles.build import build

    with trying(dry_run):
        found = build(programme.upper(), parse_span(period), by=by)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)


@cycle.command("submit")
def cycle_submit(code: str, user: As = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Ajukan daftar kepada pejabat penyetuju."""
    by = acting(user)
    from salur.cycles.actions import approval

    with trying(dry_run):
        found = approval.submit(code, by=by)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)


@cycle.command("approve")
def cycle_approve(
    code: str,
    digest: Annotated[str, typer.Option(help="Sidik daftar yang Anda lihat; daftar lain ditolak")] = "",
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Setujui daftar: yang terlihat adalah jumlah, rupiah, selisih dari tahap lalu, peringatan, dan sidiknya."""
    by = acting(user)
    from salur.cycles.actions import approval
    from salur.cycles.queries import summary

    by.require("approve")
    by.require_whole_country()
    standing = approval.find(code)
    seen = {**summary(standing), **approval.comparison(standing)}
    for warning in approval.comparison(standing)["warnings"]:
        tell(str(warning))
    tell(_("%(n)s hak, %(rupiah)s, sidik %(digest)s") % {
        "n": standing.entitlements, "rupiah": format_rupiah(standing.entitled_rupiah), "digest": standing.list_digest
    })  # fmt: skip
    with trying(dry_run):
        approved = approval.approve(code, by=by, seen_digest=digest or standing.list_digest)
    answer({**seen, **approved}, as_json=as_json)
    done(dry_run=dry_run)


@cycle.command("send-back")
def cycle_send_back(
    code: str,
    reason: Annotated[str, typer.Option()],
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Kembalikan daftar kepada penyusun dengan alasan."""
    by = acting(user)
    from salur.cycles.actions import approval

    with trying(dry_run):
        found = approval.send_back(code, by=by, reason=reason)
    answer(found, as_json=as_json)
    done(dry_run=dry_run)
