"""Draws and determinations."""

from __future__ import annotations

from django.db import models

from salur.foundation.lake.models import Dataset
from salur.registry.models import Release


class Draw(models.Model):
    """The secret that breaks ties, committed before the release it ranks is sealed."""

    programme = models.TextField()
    period = models.TextField()
    secret = models.TextField()
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField(auto_now_add=True)
    committed_by = models.TextField()
    person = models.TextField()
    reason = models.TextField(default="")
    checked_by = models.TextField(default="")
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "period"], condition=models.Q(is_current=True), name="one_current_draw"
            ),
        ]


class Determination(models.Model):
    """One sealed list: the outcome and reason of every family considered."""

    programme = models.TextField()
    period = models.TextField()
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    rule_version = models.TextField()
    listed = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    # What the members of the admitted bring; none where the rule knows no components.
    counted = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, related_name="+")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    summary = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()
    person = models.TextField()


class ApprovedList(models.Model):
    """A determination whose cycle was approved: what the next period looks back at, whatever is determined for its period afterwards."""

    determination = models.OneToOneField(Determination, on_delete=models.PROTECT, related_name="approved")
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()
