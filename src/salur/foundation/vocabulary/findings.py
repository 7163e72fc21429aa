"""What a run noticed about a recipient: who fell out or needs a look, with reason, article and the numbers that decided."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

FINDINGS = Table(
    kind="findings",
    columns={
        "region_code": "text",
        "recipient_id": "int64",
        "step": "text",
        "reason": "text",
        "article": "text",
        "numbers": "text",
    },
    key=("region_code", "recipient_id", "step", "reason", "numbers"),
    is_placed=True,
)
