"""Records of what came in. The big tables of families, persons and accounts stand in migrations (SQL), written by runs only."""

from __future__ import annotations

from django.db import models

from salur.foundation.lake.models import ArchivedFile, Dataset


class RegistryFile(models.Model):
    """One file of one delivery (all files of one call), with every row accounted for."""

    delivery = models.CharField(max_length=32)
    kind = models.TextField()
    archived = models.ForeignKey(ArchivedFile, on_delete=models.PROTECT, related_name="+")
    rejected_file = models.ForeignKey(ArchivedFile, on_delete=models.PROTECT, null=True, related_name="+")
    rows = models.BigIntegerField()
    accepted = models.BigIntegerField()
    rejected = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    to_review = models.BigIntegerField()
    notes = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("accepted") + models.F("rejected") + models.F("unchanged") + models.F("to_review")
                ),
                name="every_row_accounted_for",
            )
        ]


class Release(models.Model):
    """The register as it speaks for a date, sealed under a decree."""

    as_of = models.DateField()
    decree = models.TextField()
    families = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    persons = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    findings = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    summary = models.JSONField(default=dict)
    sealed_at = models.DateTimeField(auto_now_add=True)
    sealed_by = models.TextField()

    def __str__(self) -> str:
        return f"release {self.pk} ({self.as_of})"
