"""Channels, batches of instructions, files sent and results received."""

from __future__ import annotations

from django.db import models

from salur.cycles.models import Cycle
from salur.foundation.lake.models import ArchivedFile, Dataset


class Channel(models.Model):
    """A bank or post. One file layout serves all; POS needs no account."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    needs_account = models.BooleanField()
    account_digits = models.SmallIntegerField(null=True)
    source = models.TextField(default="")


class ChannelAssignment(models.Model):
    """Exactly one channel for a region and period; the most detailed row on a family's path counts."""

    programme = models.TextField()
    period = models.TextField()
    region_code = models.CharField(max_length=10, db_collation="C")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "period", "region_code"], name="one_channel_per_region")
        ]


class Batch(models.Model):
    """Instructions of one attempt: prepared, then released by a third person (neither planner nor approver of the list)."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    attempt = models.SmallIntegerField()
    instructed = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    fallen_out = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    instructions = models.BigIntegerField()
    rupiah = models.BigIntegerField()
    prepared_by = models.TextField()
    prepared_person = models.TextField()
    prepared_at = models.DateTimeField(auto_now_add=True)
    released_by = models.TextField(default="")
    released_person = models.TextField(default="")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "attempt"], name="one_batch_per_attempt"),
        ]


class SentFile(models.Model):
    """One instruction file: a channel and a regency."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=10, db_collation="C")
    name = models.TextField()
    rows = models.BigIntegerField()
    rupiah = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    archived = models.ForeignKey(ArchivedFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "channel", "region_code"], name="one_file_per_regency")]


class ResultFile(models.Model):
    """One file of a channel's report; its lines are sealed, also those that name a problem."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    archived = models.ForeignKey(ArchivedFile, on_delete=models.PROTECT, related_name="+")
    rejected_file = models.ForeignKey(ArchivedFile, on_delete=models.PROTECT, null=True, related_name="+")
    lines = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    cycles = models.JSONField(default=list)
    has_totals = models.BooleanField()
    rows = models.BigIntegerField()
    accepted = models.BigIntegerField()
    rejected = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    to_review = models.BigIntegerField()
    unknown = models.BigIntegerField(default=0)  # lines about instructions that nobody had released
    # The reading of the same bytes that this one takes the place of.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "sha256"], condition=models.Q(replaces=None), name="result_file_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("accepted") + models.F("rejected") + models.F("unchanged") + models.F("to_review")
                ),
                name="every_line_accounted_for",
            ),
        ]
