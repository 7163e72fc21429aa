"""salur reconcile, monitor, export, explain, audit: what happened, and is it true?"""

from __future__ import annotations

from itertools import groupby
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
    from salur.foundation.vocabulary.period import format_span, parse_span
    from salur.monitoring.queries import figures
    from salur.programmes.queries import rules

    if programme:
        rules(programme.upper())  # refuses a programme that is not known: its lists would look merely empty
    when = format_span(parse_span(period)) if period else None
    rows = [
        {"programme": f.programme, "period": f.period, "region": f.region, "level": f.level, "indicator": f.indicator,
         "numerator": f.numerator, "denominator": f.denominator, "value": f.value, "data_as_of": f.data_as_of.isoformat()}
        for f in figures(by, programme=programme.upper() or None, period=when, region=region or None)
    ]  # fmt: skip
    answer(rows, as_json=as_json, human=_table)


def _table(rows: list[dict[str, object]]) -> str:
    """One line for each figure; where there are several lists, each under its name."""
    if not rows:
        return _(
            "Belum ada angka untuk pilihan ini: jalankan salur reconcile lebih dahulu, atau tulis periode seperti pada id tahapnya "
            "(bulan yang dibayar sekaligus: 2023-05..2023-06)."
        )
    lists = {name: list(figures) for name, figures in groupby(rows, lambda row: f"{row['programme']} {row['period']}")}
    told = ["\n".join(map(_line, figures)) for figures in lists.values()]
    if len(lists) == 1:
        return told[0]
    return "\n\n".join(f"{name}\n{figures}" for name, figures in zip(lists, told, strict=True))


def _line(row: dict[str, object]) -> str:
    names = ("region", "indicator", "numerator", "denominator", "value")
    region, indicator, top, bottom, value = (str(row[name]) for name in names)
    return f"{region:<11} {indicator:<32} {top:>14} {bottom:>14} {value:>10}"
