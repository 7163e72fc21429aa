"""Nothing is loaded from elsewhere, nothing runs inline, and nobody looks without having signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from salur.entrypoints.web.signing import officer_of
from salur.foundation.access.actions.officers import NotPermitted
from salur.foundation.vocabulary import language
from salur.foundation.vocabulary.errors import Refused

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
Answer = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponse])


def open_to_all(view: View) -> View:
    """Mark a view that may be seen before signing in; every other one may not."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


class SecurityHeaders:
    """The same strict headers on every answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["X-Frame-Options"] = "DENY"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"  # figures of an area stay out of shared computers' caches
        return response


class SignedIn:
    """Puts the officer on the request, sends strangers to the sign-in page, answers refusals as plain pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language.use((get_language() or language.INDONESIAN).partition("-")[0])
        request.officer = officer_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.officer is not None or getattr(view, "open_to_all", False):  # type: ignore[attr-defined]
            return None
        wished = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('sign_in')}?{wished}")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        status = 403 if isinstance(error, NotPermitted) else 409
        return render(request, "refused.html", {"sentence": error.sentence}, status=status)
