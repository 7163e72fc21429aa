"""salur registry review: rows that contradict each other, and what an officer decides about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done
from salur.entrypoints.cli.planning import registry
from salur.foundation.vocabulary.language import _

review = typer.Typer(help="Baris yang bertentangan dan menunggu keputusan.", no_args_is_help=True)


def add_to(_app: typer.Typer) -> None:
    """Below `salur registry`."""
    registry.add_typer(review, name="review")


@review.command("list")
def review_list(
    reason: Annotated[str, typer.Option(help="Hanya alasan ini, misalnya DUA_KEPALA")] = "",
    region: Annotated[str, typer.Option(help="Hanya wilayah ini")] = "",
    limit: Annotated[int, typer.Option(help="Paling banyak sekian baris", min=1, max=10_000)] = 100,
    user: As = "",
    as_json: Json = False,
) -> None:
    """Berapa baris menunggu, per alasan dan kabupaten/kota, dan baris yang paling lama menunggu."""
    by = acting(user)
    from salur.registry.queries import open_reviews

    answer(
        open_reviews(by, region=region, reason=reason.upper(), limit=limit),
        as_json=as_json,
        human=_table,
    )


@review.command("decide")
def review_decide(
    review_id: Annotated[int, typer.Argument(metavar="ID", help="Nomor dari salur registry review list")],
    reason: Annotated[str, typer.Option(help="Mengapa demikian")],
    accept: Annotated[bool, typer.Option("--accept", help="Terima baris ini")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Tolak baris ini")] = False,
    user: As = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Terima satu baris yang menunggu, atau tolak; baris lain dari orang yang sama ikut ditolak."""
    if accept == drop:
        raise typer.BadParameter(_("pilih salah satu: --accept atau --drop"), param_hint="--accept / --drop")
    by = acting(user)
    from salur.registry.actions import reviews

    answer(reviews.decide(review_id, accept=accept, reason=reason, by=by, dry_run=dry_run), as_json=as_json)
    done(dry_run=dry_run)


def _table(found: Mapping[str, Any]) -> str:
    lines = [_("%(n)s baris menunggu keputusan.") % {"n": found["open"]}]
    lines += [f"  {one['reason']:<28} {one['regency'] or '-':<6} {one['rows']:>8}" for one in found["counts"]]
    for row in found["rows"]:
        where = f"{row['file']}:{row['baris']}" if row["file"] else _("di registri")
        differs = ", ".join(row["differs"] or [])
        lines.append(
            f"{row['id']:>8} {row['reason']:<28} {row['nik'] or row['no_kk']:<18} {row['region_code'] or '-':<11} {where} {differs}"
        )
    return "\n".join(lines)
