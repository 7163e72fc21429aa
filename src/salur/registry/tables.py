"""The sealed tables that other contexts read: ids and features, never names, NIK, KK, addresses or account numbers."""

from __future__ import annotations

from salur.foundation.vocabulary.tables import Table

FAMILIES = Table(
    kind="release_families",
    columns={
        "recipient_id": "int64",
        "village_code": "text",
        "decile": "int16?",
        "holder_id": "int64?",
        "holder_status": "text",
    },
    key=("village_code", "recipient_id"),
    is_placed=True,
)

PERSONS = Table(
    kind="release_persons",
    columns={
        "village_code": "text",
        "recipient_id": "int64",
        "person_id": "int64",
        "birth_date": "date",
        "sex": "text",
        "relation": "text",
        "civil_status": "text",
        "school": "text",
        "is_pregnant": "boolean",
        "is_severely_disabled": "boolean",
        "occupation": "text",
    },
    key=("village_code", "recipient_id", "person_id"),
    is_placed=True,
)
