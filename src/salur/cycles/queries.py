"""Read what a cycle answers."""

from __future__ import annotations

from salur.cycles.models import Cycle


def summary(cycle: Cycle) -> dict[str, object]:
    """What open, submit and approve answer."""
    return {
        "cycle": cycle.code,
        "programme": cycle.programme,
        "periods": list(cycle.periods.order_by("first_month").values_list("period", flat=True)),
        "entitlements": cycle.entitlements,
        "entitled_rupiah": cycle.entitled_rupiah,
        "list_digest": cycle.list_digest,
        "state": cycle.state,
    }
