"""Sign in, sign out, look."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salur.entrypoints.web import page, signing, throttle
from salur.entrypoints.web.security import open_to_all


@open_to_all
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is. One sentence answers every wrong attempt, whether the name exists or not."""
    given = request.POST if request.method == "POST" else request.GET
    wished = _inside(request, given.get("next", ""))
    if request.officer is not None:  # type: ignore[attr-defined]
        return redirect(wished)
    name, problem = request.POST.get("name", "").strip(), ""
    if request.method == "POST":
        problem = _problem(name, request.POST.get("password", ""))
        if not problem:
            signing.open_for(request, name)
            return redirect(wished)
    shown = {"name": name, "next": wished, "problem": problem, "invitations": signing.invitations()}
    return render(request, "sign_in.html", shown, status=422 if problem else 200)


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    signing.close(request)
    return redirect("sign_in")


@require_safe
def pantau(request: HttpRequest, code: str = "") -> HttpResponse:
    """The figures of one region. What is unknown and what is outside one's area look alike."""
    request.officer.require("monitor")  # type: ignore[attr-defined]
    shown = page.prepare(
        request.officer,  # type: ignore[attr-defined]
        region=code,
        cycle=request.GET.get("tahap", ""),
        order=request.GET.get("urut", ""),
    )
    if shown is None:
        raise Http404
    return render(request, "pantau.html", {"page": shown})


def _problem(name: str, password: str) -> str:
    """Why this attempt fails, or nothing."""
    if throttle.must_wait(name):
        return _("Terlalu banyak percobaan untuk nama ini. Tunggu satu menit, lalu coba lagi.")
    if signing.is_proven(name, password):
        throttle.succeeded(name)
        return ""
    throttle.failed(name)
    return _("Nama atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")


def _inside(request: HttpRequest, wished: str) -> str:
    """Where to go after signing in: an address of this house, else the start."""
    is_ours = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wished if is_ours else reverse("pantau")
