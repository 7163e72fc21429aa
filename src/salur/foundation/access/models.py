"""Officers and their roles."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """The roles of contract: what each may do is written in permissions.py."""

    REGISTRAR = "registrar"
    PLANNER = "planner"
    APPROVER = "approver"
    DISBURSER = "disburser"
    CHANNEL = "channel"
    RECONCILER = "reconciler"
    MONITOR = "monitor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Officer(models.Model):
    """One account. `person` tells who sits behind it: two accounts of one person count as one."""

    name = models.TextField(unique=True)
    person = models.TextField()
    area = models.CharField(max_length=10, db_collation="C")
    channel = models.TextField(default="")
    password = models.TextField(default="")
    token_sha256 = models.CharField(max_length=64, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.TextField()

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role that an officer holds."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="grants")
    role = models.TextField(choices=Role.choices)
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "role"], name="role_once_per_officer")]
