"""Load the packaged list of regions where pages look it up."""

from __future__ import annotations

from django.db import transaction

from salur.foundation.regions import codes
from salur.foundation.regions.models import Region


@transaction.atomic
def load_regions() -> int:
    """Bring the table to the packaged list; how many regions there are. Regions no longer listed stay: old data name them."""
    packaged = codes.table()
    rows = list(zip(*(packaged[name].to_pylist() for name in ("code", "parent", "level", "name")), strict=True))
    known = set(Region.objects.values_list("code", "parent", "level", "name"))
    changed = [
        Region(code=c, parent=p or "", level=level, name=n)
        for c, p, level, n in rows
        if (c, p or "", level, n) not in known
    ]
    Region.objects.bulk_create(
        changed,
        batch_size=10_000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["parent", "level", "name"],
    )
    return len(rows)
