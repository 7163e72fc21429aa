"""The table that the indicators give."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

MEASURES = Table(
    kind="measures",
    columns={
        "region_code": "text",
        "level": "text",
        "indicator": "text",
        "numerator": "int64?",
        "denominator": "int64?",
    },
    key=("region_code", "indicator"),
)
