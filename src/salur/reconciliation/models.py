"""Runs of reconciliation."""

from __future__ import annotations

from django.db import models

from salur.cycles.models import Cycle
from salur.foundation.lake.models import Dataset


class Reconciliation(models.Model):
    """One fold over all lines known at that moment."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    settled = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    exceptions = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    lines_digest = models.CharField(max_length=64)
    rows_changed = models.BigIntegerField()
    summary = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "settled", "exceptions"], name="reconciliation_once")]
