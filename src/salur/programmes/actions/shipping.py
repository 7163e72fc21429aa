"""Load the catalogue that ships with Salur. What is on record stays: a changed amount comes as a new version."""

from __future__ import annotations

from django.db import transaction

from salur.programmes import catalogue
from salur.programmes.models import Programme, RuleVersion


@transaction.atomic
def load(*, by: str) -> int:
    """Add programmes and versions that are not on record yet; how many versions were added."""
    added = 0
    for rule in catalogue.shipped():
        Programme.objects.get_or_create(code=rule.programme)
        _made, is_new = RuleVersion.objects.get_or_create(
            programme=rule.programme, version=rule.version,
            defaults={"valid_from": rule.valid_from, "valid_to": rule.valid_to, "body": rule.to_json(), "digest": rule.digest,
                      "confidence": rule.confidence, "made_by": by, "approved_by": "catalogue"},
        )  # fmt: skip
        added += is_new
    return added
