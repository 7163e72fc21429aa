"""The addresses of the pages. A place is named by its code; no address holds anything about a person."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from salur.entrypoints.web import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="pantau"), name="start"),
    path("masuk/", views.sign_in, name="sign_in"),
    path("keluar/", views.sign_out, name="sign_out"),
    path("pantau/", views.pantau, name="pantau"),
    path("pantau/<str:code>/", views.pantau, name="pantau_region"),
]
