"""How a role reaches the embedded server of a home."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from salur.foundation.database.home import secret
from salur.foundation.database.place import DATABASE, address_of, server_user_name
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

Role = Literal["owner", "app", "read"]
OWNER = "salur_owner"
ROLE_NAMES: dict[Role, str] = {"owner": OWNER, "app": "salur_app", "read": "salur_read"}
CONNECT_SECONDS = 10


class NotInitialised(Refused):
    """This home has no database yet."""


def parameters(home: Path, role: Role, database: str = DATABASE) -> dict[str, Any]:
    """psycopg keywords. The client checks the server too: its user must be ours, and it must prove that it knows the
    password, so a stranger's socket in the same place learns nothing."""
    password = secret(ROLE_NAMES[role], home)
    if password is None:
        raise NotInitialised(_("Salur belum disiapkan di %(home)s; jalankan `salur init`.") % {"home": home})
    address = address_of(home)
    peer = server_user_name()
    return {
        "host": str(address.folder),
        "port": str(address.port),
        "dbname": database,
        "user": ROLE_NAMES[role],
        "password": password,
        "client_encoding": "utf8",
        "connect_timeout": str(CONNECT_SECONDS),
        "require_auth": "scram-sha-256",
        **({"requirepeer": peer} if peer else {}),
    }
