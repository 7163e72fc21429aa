"""What every page knows about the house it stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from salur.entrypoints.web.signing import is_demo


def house(request: HttpRequest) -> dict[str, Any]:
    """`is_demo` raises the banner; `officer` is None before signing in, also on error pages."""
    return {"is_demo": is_demo(), "officer": getattr(request, "officer", None)}
