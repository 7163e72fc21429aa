"""The sealed tables of reconciliation."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

# attempt 0: entitled but not instructed.
SETTLEMENT = Table(
    kind="settlement",
    columns={
        "recipient_id": "int64",
        "attempt": "int16",
        "id_instruksi": "text",
        "region_code": "text",
        "channel": "text",
        "state": "text",
        "instructed_rupiah": "int64",
        "credited_rupiah": "int64",
        "collected_rupiah": "int64",
        "returned_rupiah": "int64",
        "excess_rupiah": "int64",
        "open_rupiah": "int64",
        "reason": "text",
        "credited_at_ms": "int64?",
        "has_proof": "boolean",
    },
    key=("region_code", "recipient_id", "attempt"),
    is_placed=True,
    sums=("credited_rupiah", "collected_rupiah", "returned_rupiah", "excess_rupiah", "open_rupiah"),
)

# One row per cause and instruction (or file line that belongs to none: recipient 0, detail names file and line).
EXCEPTIONS = Table(
    kind="exceptions",
    columns={
        "recipient_id": "int64",
        "attempt": "int16",
        "cause": "text",
        "detail": "text",
        "region_code": "text",
        "rupiah": "int64",
    },
    key=("region_code", "recipient_id", "attempt", "cause", "detail"),
    is_placed=True,
    sums=("rupiah",),
)
