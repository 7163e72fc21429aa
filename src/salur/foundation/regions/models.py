"""Regions as pages and commands look them up."""

from __future__ import annotations

from django.db import models


class Region(models.Model):
    """One Kemendagri region; `code` without dots, the country is 00."""

    code = models.CharField(max_length=10, primary_key=True, db_collation="C")
    parent = models.CharField(max_length=10, db_collation="C", db_index=True)
    level = models.TextField()
    name = models.TextField()
