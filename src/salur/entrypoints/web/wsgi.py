"""What a server runs: `waitress-serve salur.entrypoints.web.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.settings")

application = get_wsgi_application()
