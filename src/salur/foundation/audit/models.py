"""Lines of what happened and the chain of blocks that closes them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Line(models.Model):
    """One event written by an action, or one changed record written by a trigger. Never changed."""

    at = models.DateTimeField(db_default=Now())
    actor = models.TextField()
    verb = models.TextField()
    subject = models.TextField()
    details = models.JSONField(default=dict)


class Block(models.Model):
    """Lines first_line..last_line, closed under sha256(previous || lines)."""

    first_line = models.BigIntegerField(unique=True)
    last_line = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    closed_at = models.DateTimeField(db_default=Now())
