"""salur reconcile, monitor, export, explain, audit: what happened, and is it true?"""

from __future__ import annotations

from typing import Annotated

import typer

from salur.entrypoints.cli.house import As, DryRun, Json, acting, answer, done, tell, trying
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.rupiah import format_rupiah


def add_to(app: typer.Typer) -> None:
    for command, name in ((reconcile, "reconcile"), (monitor, "monitor")):
        app.command(name)(command)


def reconcile(code: str, user: As = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Cocokkan instruksi dengan hasil sampai ke rupiah."""
    by = acting(user)
    from salur.monitoring.measure import measure
    from salur.reconciliation.match import match

    with trying(dry_run):
        told = match(code, by=by)
    if not dry_run:
        measure(code, by=by)
    answer(told, as_json=as_json)
    done(dry_run=dry_run)
    if told["difference_rupiah"]:
        tell(
            _("Selisih %(rupiah)s: jalankan salur audit %(code)s.")
            % {"rupiah": format_rupiah(told["difference_rupiah"]), "code": code}
        )


def monitor(
    programme: Annotated[str, typer.Option()] = "",
    period: Annotated[str, typer.Option()] = "",
    region: Annotated[str, typer.Option(help="Kode wilayah; tanpa ini wilayah Anda")] = "",
    user: As = "",
    as_json: Json = False,
) -> None:
    """Indikator satu wilayah dan wilayah di dalamnya; null berarti belum ada data."""
    by = acting(user)
    by.require("monitor")
    from salur.monitoring.queries import figures

    rows = [
        {"programme": f.programme, "period": f.period, "region": f.region, "level": f.level, "indicator": f.indicator,
         "numerator": f.numerator, "denominator": f.denominator, "value": f.value, "data_as_of": f.data_as_of.isoformat()}
        for f in figures(by, programme=programme.upper() or None, period=period or None, region=region or None)
    ]  # fmt: skip
    answer(rows, as_json=as_json, human=_table)


def _table(rows: list[dict[str, object]]) -> str:
    if not rows:
        return _("Belum ada angka: jalankan salur reconcile lebih dahulu.")
    shown = [
        (str(r["region"]), str(r["indicator"]), str(r["numerator"]), str(r["denominator"]), str(r["value"]))
        for r in rows
    ]
    return "\n".join(
        f"{region:<11} {indicator:<32} {top:>14} {bottom:>14} {value:>10}"
        for region, indicator, top, bottom, value in shown
    )
