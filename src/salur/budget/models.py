"""Budget lines and the double-entry ledger."""

from __future__ import annotations

from django.db import models


class BudgetLine(models.Model):
    """The money of a programme in a year. `committed` moves only when postings are inserted (trigger)."""

    programme = models.TextField()
    year = models.SmallIntegerField()
    ceiling = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_line_per_programme_year"),
            models.CheckConstraint(
                condition=models.Q(committed__lte=models.F("ceiling")), name="commitments_within_ceiling"
            ),
            models.CheckConstraint(condition=models.Q(committed__gte=0), name="commitments_not_negative"),
        ]


class CeilingRevision(models.Model):
    """A decree that set the ceiling; earlier ones stay readable (a percentage falls when the ceiling rises)."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="revisions")
    rupiah = models.BigIntegerField()
    decree = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.TextField()


class Account(models.TextChoices):
    """Where a rupiah can be."""

    CEILING = "ceiling"
    COMMITTED = "committed"
    AT_CHANNEL = "at_channel"
    CREDITED = "credited"
    COLLECTED = "collected"
    RETURNED = "returned"
    EXCESS = "excess"


class Posting(models.Model):
    """Rupiah that moved from `credit` to `debit`. Balanced by its form; never changed, a correction is a new posting."""

    day = models.DateField()
    debit = models.TextField(choices=Account.choices)
    credit = models.TextField(choices=Account.choices)
    rupiah = models.BigIntegerField()
    programme = models.TextField()
    year = models.SmallIntegerField()
    cycle = models.TextField()
    region_code = models.CharField(max_length=10, db_collation="C")
    channel = models.TextField(default="")
    step = models.TextField()
    by = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rupiah__gt=0), name="posting_positive"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="posting_moves"),
        ]
        indexes = [models.Index(fields=["cycle", "region_code", "channel"], name="posting_of_cycle")]
