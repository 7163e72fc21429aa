"""Measured indicators per programme, period and region."""

from __future__ import annotations

from django.db import models


class Measure(models.Model):
    """One indicator in one region: a value is numerator / denominator, and nothing when the denominator is 0 or unknown."""

    programme = models.TextField()
    period = models.TextField()
    cycle = models.TextField()
    region_code = models.CharField(max_length=10, db_collation="C")
    level = models.TextField()
    indicator = models.TextField()
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    data_as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "period", "region_code", "indicator"], name="measure_once"),
        ]
        indexes = [models.Index(fields=["level", "programme", "period"], name="measure_level")]
