"""Cycles, their payment periods and the control figures that approval and delivery compare."""

from __future__ import annotations

from django.db import models

from salur.enrolment.models import Determination
from salur.foundation.lake.models import Dataset
from salur.programmes.models import Programme


class State(models.TextChoices):
    """Where a cycle stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    SENT_BACK = "SENT_BACK"
    APPROVED = "APPROVED"
    PREPARED = "PREPARED"
    RELEASED = "RELEASED"
    RECONCILED = "RECONCILED"


class Cycle(models.Model):
    """One payment round."""

    code = models.TextField(unique=True)
    programme = models.TextField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    entitlements = models.BigIntegerField(default=0)
    entitled_rupiah = models.BigIntegerField(default=0)
    list_digest = models.CharField(max_length=64, default="")
    opened_by = models.TextField()
    opened_person = models.TextField()
    opened_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.TextField(default="")
    submitted_person = models.TextField(default="")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.TextField(default="")
    approved_person = models.TextField(default="")
    approved_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(max_length=64, default="")
    sent_back_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_person="")
                | (
                    ~models.Q(approved_person=models.F("opened_person"))
                    & ~models.Q(approved_person=models.F("submitted_person"))
                ),
                name="nobody_approves_their_own_list",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PaymentPeriod(models.Model):
    """Months of a programme that are owed once. Two periods of one programme never overlap (exclusion in SQL)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    period = models.TextField()
    first_month = models.IntegerField()
    end_month = models.IntegerField()
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="periods")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="+")
    entitled = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "period"], name="payment_period_once"),
            models.CheckConstraint(condition=models.Q(first_month__lt=models.F("end_month")), name="period_has_months"),
        ]


class Control(models.Model):
    """Count and rupiah of the list in one regency and period: what is compared before money moves."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="controls")
    period = models.ForeignKey(PaymentPeriod, on_delete=models.CASCADE, related_name="+")
    region_code = models.CharField(max_length=10, db_collation="C")
    entitlements = models.BigIntegerField()
    rupiah = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "region_code"], name="control_once_per_regency")]
