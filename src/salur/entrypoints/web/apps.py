"""The web as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    name = "salur.entrypoints.web"
    label = "web"
