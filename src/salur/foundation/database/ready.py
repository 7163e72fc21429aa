"""Make the house ready for a program that starts: the server up, Django loaded."""

from __future__ import annotations

import os

from salur.foundation.database import server
from salur.foundation.database.connection import is_embedded
from salur.foundation.database.home import home, secret
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _


class NotInitialised(Refused):
    """There is no house yet."""


def prepare() -> None:
    """Start the database when it is down and make Django ready. Raises NotInitialised before `salur init`."""
    if is_embedded() and secret("django") is None:
        raise NotInitialised(_("Salur belum disiapkan di %(home)s; jalankan salur init.") % {"home": home()})
    if is_embedded():
        server.ensure_running(home())
    ready_django()


def ready_django() -> None:
    """Load Django's applications; needs no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.settings")
    import django

    django.setup()
