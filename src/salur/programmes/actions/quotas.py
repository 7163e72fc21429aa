"""Import quotas at any level of regions; a child may not exceed its parent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.intake.shapes import Shape
from salur.foundation.intake.smallfile import Problem, Row, take
from salur.foundation.lake import archive
from salur.foundation.regions import bps, codes
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import MONTH, Period
from salur.foundation.vocabulary.region_code import normalise, parent
from salur.programmes.models import Quota
from salur.programmes.queries import period_kinds

QUOTAS = Shape("quotas", ("program", "periode", "kode_wilayah", "kuota"))
KEY = ("program", "periode", "kode_wilayah")


class ChildExceedsParent(Refused):
    """The quotas of the regions inside a region add up to more than its own."""


def import_file(
    path: Path, *, by: Actor, rejected_to: Path | None = None, dry_run: bool = False
) -> list[dict[str, object]]:
    """Add or change quotas. Refuses the whole file when children would exceed their parent, naming the place and the surplus."""
    by.require("plan")
    by.require_whole_country()
    known = period_kinds()
    taken = take(
        path,
        QUOTAS,
        lambda row: _judge(row, known),
        KEY,
        rejected_to=rejected_to,
        refuse=refuse_bps_codes,
        dry_run=dry_run,
    )
    rows = {(r["program"], r["periode"], r["kode_wilayah"]): int(r["kuota"]) for r in taken.rows}
    standing = {
        (q.programme, q.period, q.region_code): q.places
        for q in Quota.objects.filter(programme__in={p for p, _t, _r in rows}, period__in={t for _p, t, _r in rows})
    }
    _check_tree({**standing, **rows})
    unchanged = sum(standing.get(place) == places for place, places in rows.items())
    taken.answer["accepted"] = int(str(taken.answer["accepted"])) - unchanged
    taken.answer["unchanged"] = int(str(taken.answer["unchanged"])) + unchanged
    if not dry_run:
        _keep(path, rows, standing, taken.rejected_copy, by)
    return [taken.answer]


def _judge(row: Row, programmes: Mapping[str, frozenset[str]]) -> Problem | None:
    return judge_place(row, programmes) or judge_count(row)


def refuse_bps_codes(rows: list[Row]) -> None:
    """Codes of the statistical office name other places: a file that speaks in them is refused whole."""
    written = [row["kode_wilayah"] for row in rows if row["kode_wilayah"]]
    unknown = sum(1 for code in written if not codes.exists(normalise(code) or code))
    bps.refuse_bps(unknown, len(rows), sum(map(bps.has_district_digits, written)))


def judge_place(row: Row, programmes: Mapping[str, frozenset[str]]) -> Problem | None:
    """Programme, period and region of a row; writes them in their plain form. `programmes`: the kinds of period of each.

    A stage of a programme that goes by months would never be asked for, so its row would be lost in silence.
    """
    row["program"] = row["program"].upper()
    if row["program"] not in programmes:
        return "program", _("Program tidak dikenal"), _("Pakai kode program dari katalog")
    try:
        period = Period.parse(row["periode"])
    except Refused:
        return "periode", _("Periode tidak terbaca"), _("Tulis seperti 2023-05 atau 2023-T2")
    kinds = programmes[row["program"]]
    if kinds and period.kind not in kinds:
        remedy = _("Tulis tahap seperti 2023-T2") if period.kind == MONTH else _("Tulis bulan seperti 2023-05")
        return "periode", _("Periode tidak sesuai dengan programnya"), remedy
    row["periode"] = str(period)
    code = normalise(row["kode_wilayah"])
    if code is None or not codes.exists(code):
        return (
            "kode_wilayah",
            _("Kode wilayah tidak dikenal"),
            _("Pakai kode Kemendagri, dengan atau tanpa titik, atau 00"),
        )
    row["kode_wilayah"] = code
    return None


def judge_count(row: Row) -> Problem | None:
    """A quota is a whole number, 0 or more."""
    if not (row["kuota"].isascii() and row["kuota"].isdigit() and len(row["kuota"]) <= 12):
        return "kuota", _("Kuota bukan bilangan bulat"), _("Tulis angka saja, misalnya 1200")
    row["kuota"] = str(int(row["kuota"]))
    return None


def _check_tree(places: dict[tuple[str, str, str], int]) -> None:
    """Each region's children, by the nearest region above that has a row of its own."""
    sums: dict[tuple[str, str, str], int] = {}
    for (programme, period, region), count in places.items():
        above = parent(region)
        while above is not None and (programme, period, above) not in places:
            above = parent(above)
        if above is not None:
            sums[programme, period, above] = sums.get((programme, period, above), 0) + count
    for place, children in sorted(sums.items()):
        if children > places[place]:
            raise ChildExceedsParent(
                _("Kuota wilayah di dalam %(region)s (%(name)s) pada %(programme)s %(period)s berjumlah %(children)s, melebihi kuotanya "
                  "%(own)s; perbaiki berkas lalu impor lagi.")
                % {"region": place[2], "name": codes.name(place[2]), "programme": place[0], "period": place[1], "children": children,
                   "own": places[place]}
            )  # fmt: skip


@transaction.atomic
def _keep(
    path: Path,
    rows: dict[tuple[str, str, str], int],
    standing: dict[tuple[str, str, str], int],
    rejected: Path | None,
    by: Actor,
) -> None:
    audit.act_as(by.name)
    archived = archive.keep(path, purpose="received", name=path.name, by=by.name)
    if rejected:
        archive.keep(rejected, purpose="rejected", name=rejected.name, by=by.name)
    changed = [
        Quota(programme=p, period=t, region_code=r, places=places, source=f"archive:{archived.pk}", by=by.name)
        for (p, t, r), places in rows.items()
        if standing.get((p, t, r)) != places
    ]
    Quota.objects.bulk_create(
        changed, batch_size=5000, update_conflicts=True, unique_fields=["programme", "period", "region_code"],
        update_fields=["places", "source", "by", "at"],
    )  # fmt: skip
    audit.record("quota.imported", f"archive:{archived.pk}", by=by.name, rows=len(rows), changed=len(changed))
