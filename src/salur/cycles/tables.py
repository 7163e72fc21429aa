"""The sealed tables of a cycle."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

ENTITLEMENTS = Table(
    kind="entitlements",
    columns={
        "recipient_id": "int64",
        "region_code": "text",
        "component_rupiah": "text",
        "amount_rupiah": "int64",
        "holder_id": "int64?",
    },
    key=("region_code", "recipient_id"),
    is_placed=True,
    sums=("amount_rupiah",),
)
