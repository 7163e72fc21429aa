"""What waits for a decision, in the area of whoever asks."""

from __future__ import annotations

from pathlib import Path

from django.db import connections

from salur.foundation.access.actions.officers import Actor, reading_as
from salur.foundation.regions import codes
from salur.foundation.vocabulary import nik
from salur.foundation.vocabulary.codes import ReviewReason
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.region_code import normalise
from salur.registry.models import RegistryFile

SQL = Path(__file__).parent / "sql"
# Fields in which two rows of one key may differ; their names are shown, never their values.
FIELDS = (
    "no_kk", "name", "birth_date", "sex", "relation", "civil_status", "school", "is_pregnant", "is_severely_disabled", "occupation",
    "bank", "number", "holder_name", "status", "region_code", "address", "decile", "details", "no_kk_lama",
)  # fmt: skip


def open_reviews(by: Actor, *, region: str = "", reason: str = "", limit: int = 100) -> dict[str, object]:
    """How many rows wait, by reason and by regency, and the oldest of them; NIK and KK masked."""
    by.require("registry.import")
    place = {"region": _place(by, region), "reason": _known(reason)}
    counted = """select reason, left(region_code, 4), count(*) from registry_review
                 where state = 'OPEN' and starts_with(region_code, %(region)s) and (%(reason)s = '' or reason = %(reason)s)
                 group by 1, 2 order by 1, 2"""
    with reading_as(by) as alias, connections[alias].cursor() as cursor:
        cursor.execute(counted, place)
        counts = [{"reason": code, "regency": regency, "rows": rows} for code, regency, rows in cursor.fetchall()]
        cursor.execute((SQL / "open_reviews.sql").read_text(), {**place, "fields": list(FIELDS), "limit": limit})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    files = dict(RegistryFile.objects.filter(pk__in={row["file"] for row in rows}).values_list("pk", "archived__name"))
    rows = [_masked(row) | {"file": files.get(row["file"])} for row in rows]
    return {"open": sum(one["rows"] for one in counts), "counts": counts, "rows": rows}


def _place(by: Actor, region: str) -> str:
    """The beginning of the codes asked for, '' for all. Raises Refused for a region that is unknown or outside the area."""
    if not region:
        return ""
    code = normalise(region)
    if code is None or not codes.exists(code):
        raise Refused(_("Kode wilayah %(code)s tidak dikenal; pakai kode Kemendagri.") % {"code": region})
    if not by.sees(code):
        raise Refused(_("Wilayah %(code)s di luar wilayah Anda (%(area)s).") % {"code": code, "area": by.area})
    return "" if code == "00" else code


def _known(reason: str) -> str:
    """The reason asked for, '' for all. Raises Refused for one that no row can have."""
    if reason and reason not in set(ReviewReason):
        raise Refused(
            _("Alasan %(reason)s tidak dikenal; pilih: %(known)s.")
            % {"reason": reason, "known": ", ".join(ReviewReason)}
        )
    return reason


def _masked(row: dict[str, object]) -> dict[str, object]:
    for name in ("nik", "no_kk"):
        row[name] = nik.masked(str(row[name])) if row[name] else None
    return row
