"""The sealed tables of enrolment."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table
from salur.programmes.rule import COMPONENTS

# The outcome of every family considered. `rank` counts within the quota region, from 1; null when not eligible.
LIST = Table(
    kind="enrolment",
    columns={
        "recipient_id": "int64",
        "village_code": "text",
        "outcome": "text",
        "rank": "int64?",
        "reason": "text",
        "article": "text",
        "numbers": "text",
        "quota_region": "text",
        "held_since": "int32?",
    },
    key=("village_code", "recipient_id"),
    is_placed=True,
)

# How many members of each admitted family bring each component; from this, without the people, follows what the family is due.
COUNTS = Table(
    kind="component_counts",
    columns={"village_code": "text", "recipient_id": "int64", **dict.fromkeys(COMPONENTS, "int16")},
    key=("village_code", "recipient_id"),
    is_placed=True,
)

# What a determination takes from the records, sealed so that the list can be recomputed.
QUOTAS = Table(kind="quotas", columns={"region_code": "text", "places": "int64"}, key=("region_code",))
PARAMETERS = Table(kind="parameters", columns={"name": "text", "value": "text"}, key=("name",))
