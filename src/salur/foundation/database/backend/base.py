"""Django finds a backend by this file's name."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from salur.foundation.database.connection import address

_OURS = ("user", "password", "host", "port")


class DatabaseWrapper(base.DatabaseWrapper):
    """USER is one of our roles: owner, app, read. NAME stays Django's, so that it can make databases for tests."""

    def get_connection_params(self) -> dict[str, Any]:
        wishes = {name: value for name, value in super().get_connection_params().items() if name not in _OURS}
        return {**address(self.settings_dict["USER"]), **wishes}
