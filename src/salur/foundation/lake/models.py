"""The catalogue of sealed datasets and of archived files."""

from __future__ import annotations

from django.db import models


class Dataset(models.Model):
    """One sealed dataset. Its files are on disk; this row is what makes them exist."""

    kind = models.TextField()
    columns = models.JSONField()
    key = models.JSONField()
    rows = models.BigIntegerField()
    sums = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    step = models.TextField()
    parameters = models.JSONField(default=dict)
    request = models.CharField(max_length=64)
    inputs = models.JSONField(default=list)  # ids of the datasets it was made of, in the order in which they were given
    audit_head = models.CharField(max_length=64, default="")
    sealed_at = models.DateTimeField(auto_now_add=True)
    sealed_by = models.TextField()

    class Meta:
        constraints = [
            # The same step on the same inputs is the same dataset: a run called again finds its result.
            models.UniqueConstraint(fields=["kind", "request"], name="dataset_once_per_request"),
            models.CheckConstraint(condition=models.Q(rows__gte=0), name="dataset_rows_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}#{self.pk}"


class ArchivedFile(models.Model):
    """A file as it was received or sent, kept with owner-only rights outside the lake."""

    class Purpose(models.TextChoices):
        RECEIVED = "received"
        REJECTED = "rejected"
        SENT = "sent"

    purpose = models.TextField(choices=Purpose.choices)
    name = models.TextField()
    path = models.TextField(unique=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    partner = models.TextField(default="")
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()
    keep_until = models.DateField()

    def __str__(self) -> str:
        return f"{self.purpose}#{self.pk}"
