"""What the demo ends with: both cycles in figures, and who may be tried."""

from __future__ import annotations

from typing import Any

from salur.cycles.models import Cycle
from salur.entrypoints.cli.demo.cast import ADMIN, CAST
from salur.entrypoints.cli.demo.progress import Marks
from salur.foundation.vocabulary import words
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.rupiah import format_rupiah
from salur.reconciliation.models import Reconciliation


def told(marks: Marks) -> dict[str, Any]:
    """`cycles`: the answer of `salur reconcile` for each · `users` · `seconds` by step."""
    newest = [
        Reconciliation.objects.filter(cycle=cycle).order_by("-pk").first() for cycle in Cycle.objects.order_by("pk")
    ]
    players = [{"user": p.name, "role": p.role, "area": p.area, "channel": p.channel or None} for p in CAST]
    return {
        "synthetic": True,
        "families": marks.families,
        "seed": marks.seed,
        "cycles": [one.summary for one in newest if one],
        "users": [*players, {"user": ADMIN, "role": "admin", "area": "00", "channel": None}],
        "seconds": marks.seconds,
    }


def table(found: dict[str, Any]) -> str:
    """The same for people: one column for each cycle, then the exceptions by cause, then the accounts."""
    cycles = found["cycles"]
    families = [
        (_("Keluarga dipertimbangkan"), "considered"), (_("Diterima"), "admitted"), (_("Ditahan"), "held"),
        (_("Menunggu kuota"), "waiting"), (_("Tidak diterima"), "not_admitted"), (_("Hak"), "entitlements"),
    ]  # fmt: skip
    rupiah = [
        (_("Berhak"), "entitled_rupiah"), (_("Diinstruksikan"), "instructed_rupiah"),
        (_("Tersalur"), "credited_rupiah"), (_("Diambil"), "collected_rupiah"), (_("Kembali"), "returned_rupiah"),
        (_("Kelebihan"), "excess_rupiah"), (_("Terbuka"), "open_rupiah"), (_("Selisih"), "difference_rupiah"),
    ]  # fmt: skip
    rows = [["", *[str(cycle["cycle"]) for cycle in cycles]]]
    rows += [[label, *[_number(cycle[name]) for cycle in cycles]] for label, name in families]
    rows += [[label, *[format_rupiah(cycle[name]) for cycle in cycles]] for label, name in rupiah]
    rows += [[_("Pengecualian"), *[_number(sum(cycle["exceptions"].values())) for cycle in cycles]]]
    causes = sorted({cause for cycle in cycles for cause in cycle["exceptions"]})
    for code in causes:
        rows += [[f"  {words.cause(code)}", *[_number(cycle["exceptions"].get(code, 0)) for cycle in cycles]]]
    people = [[one["user"], one["role"], one["area"], one["channel"] or ""] for one in found["users"]]
    heading = [[_("Pengguna"), _("peran"), _("wilayah"), _("kanal")]]
    banner = _("DATA CONTOH: semua orang dan angka di sini buatan.")
    return "\n\n".join((banner, _aligned(rows), _aligned(heading + people, left=True)))


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _aligned(rows: list[list[str]], *, left: bool = False) -> str:
    """Columns of equal width: the first to the left, figures to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if left or place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
