"""Keep which list of a period was approved."""

from __future__ import annotations

from salur.enrolment.models import ApprovedList, Determination


def keep(determination: Determination, *, by: str) -> None:
    """The list of this determination was approved. Once more changes nothing."""
    ApprovedList.objects.get_or_create(determination=determination, defaults={"by": by})
