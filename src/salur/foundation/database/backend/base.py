"""Django finds a backend by this file's name."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from salur.foundation.database import server
from salur.foundation.database.connection import address, is_embedded
from salur.foundation.database.home import home

_OURS = ("user", "password", "host", "port")


class DatabaseWrapper(base.DatabaseWrapper):
    """USER is one of our roles: owner, app, read. NAME stays Django's, so that it can make databases for tests."""

    def get_connection_params(self) -> dict[str, Any]:
        wishes = {name: value for name, value in super().get_connection_params().items() if name not in _OURS}
        return {**address(self.settings_dict["USER"]), **wishes}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A page or a worker that outlives the embedded server starts it again, unless somebody has stopped it."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if not is_embedded() or server.was_stopped(home()):
                raise
        server.ensure_running(home())
        return super().get_new_connection(conn_params)
