"""Rule versions as data, and the quotas they are applied to."""

from __future__ import annotations

from django.db import models


class Programme(models.Model):
    """A programme that the catalogue knows; its number serves database constraints that cannot compare text."""

    code = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """One dated version of a programme's rules. The catalogue's YAML ships it; from then on this row is the truth."""

    programme = models.TextField()
    version = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    confidence = models.TextField()
    made_by = models.TextField()
    approved_by = models.TextField()
    approved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="rule_version_once"),
        ]


class Quota(models.Model):
    """Places of a programme and period in a region. A child may not exceed its parent (checked by the action)."""

    programme = models.TextField()
    period = models.TextField()
    region_code = models.CharField(max_length=10, db_collation="C")
    places = models.BigIntegerField()
    source = models.TextField(default="")
    at = models.DateTimeField(auto_now=True)
    by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "period", "region_code"], name="quota_once_per_region"),
            models.CheckConstraint(condition=models.Q(places__gte=0), name="quota_not_negative"),
        ]
