"""Files as a faultless Salur would write them, so that comparing can be tried without it."""

import csv
from collections.abc import Iterable
from pathlib import Path

from .checker import Expected
from .compare import MONEY
from .register import Cells


def write(path: Path, rows: Iterable[Cells]) -> Path:
    listed = list(rows)
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
    return path


def export(expected: Expected, out: Path) -> None:
    """What a faultless export would hold."""
    out.mkdir()
    ends = expected.settlements.values()
    base = {"program": expected.programme, "periode": expected.period}
    lists: dict[str, list[Cells]] = {
        "enrolment": [
            {"recipient_id": str(r), "kode_desa": expected.households[r].village, "outcome": o.outcome}
            | {"rank": str(o.rank or ""), "reason": o.reason}
            for r, o in expected.outcomes.items()
        ],
        "entitlements": [
            {"recipient_id": str(r), **base, "component_rupiah": "{}", "amount_rupiah": str(rupiah)}
            for r, rupiah in expected.entitlements.items()
        ],
        "instructions": [
            {"id_instruksi": e.order.id, "recipient_id": str(e.order.recipient), "kanal": e.order.channel}
            | {"regency": e.order.regency, "amount_rupiah": str(e.order.rupiah), "attempt": "1"}
            for e in ends
            if e.order.id
        ],
        "settlement": [
            {"id_instruksi": e.order.id, "recipient_id": str(e.order.recipient), "state": min(e.states, default="")}
            | {f"{name}_rupiah": str(getattr(e, name)) for name in MONEY}
            | {"reason": min(e.reasons, default="")}
            for e in ends
        ],
        "findings": [{"recipient_id": str(e.order.recipient), "reason": cause} for e in ends for cause in e.named]
        + [{"recipient_id": str(r), "reason": cause} for r, h in expected.households.items() for cause in h.findings],
        "ledger": _ledger(expected),
    }
    for name, rows in lists.items():
        write(out / f"{name}.csv", rows)


def _ledger(expected: Expected) -> list[Cells]:
    totals = expected.totals()
    moves = [
        ("at channel", "ceiling", totals["entitled_rupiah"]),
        ("at channel", "owed by channel", totals["excess_rupiah"]),
        ("credited", "at channel", totals["credited_rupiah"]),
        ("collected", "credited", totals["collected_rupiah"]),
        ("treasury", "at channel", totals["returned_rupiah"]),
    ]
    return [
        {"posting_id": str(n), "debit": debit, "credit": credit, "rupiah": str(rupiah), "cycle": expected.cycle}
        for n, (debit, credit, rupiah) in enumerate(moves)
    ]


def instructions(expected: Expected, out: Path) -> Path:
    """The instruction files a disburser would write."""
    out.mkdir()
    by_file: dict[str, list[Cells]] = {}
    for end in expected.settlements.values():
        order = end.order
        if order.id:
            line = {"id_instruksi": order.id, "kanal": order.channel, "jumlah": str(order.rupiah)}
            by_file.setdefault(f"{order.channel}-{order.regency}.csv", []).append(line)
    for name, rows in by_file.items():
        write(out / name, rows)
    return out
