"""Connect as one of three roles: owner (migrations, runs), app (people), read (BI)."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from salur.foundation.database import embedded, server
from salur.foundation.database.embedded import ROLE_NAMES, Role
from salur.foundation.database.home import home
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

VERSION_MIN = 160000
PASSWORD_VARIABLES: dict[Role, str] = {"app": "SALUR_APP_PASSWORD", "read": "SALUR_READ_PASSWORD"}
BACKEND = "salur.foundation.database.backend"


class DatabaseUnreachable(Refused):
    """No connection could be made."""


def is_embedded() -> bool:
    """Whether Salur runs its own server; DATABASE_URL names another."""
    return not os.environ.get("DATABASE_URL")


def address(role: Role = "owner") -> dict[str, Any]:
    """psycopg keywords for this role, password included: never print them. Starts nothing."""
    if is_embedded():
        return embedded.parameters(home(), role)
    return _external(role)


def connect(role: Role = "owner", **options: Any) -> psycopg.Connection[Any]:
    """A connection; the embedded server is started when it does not answer. Options are psycopg's."""
    if not is_embedded():
        return _connect_external(role, options)
    try:
        return psycopg.connect(**{**address(role), **options})
    except (psycopg.OperationalError, embedded.NotInitialised):
        server.ensure_running(home())
    try:
        return psycopg.connect(**{**address(role), **options})
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(
            _("Basis data menolak sambungan sebagai %(role)s; jalankan `salur init` lalu ulangi.")
            % {"role": ROLE_NAMES[role]}
        ) from error


def django_databases() -> dict[str, dict[str, Any]]:
    """DATABASES for Django: `default` is the owner, `app` and `read` carry their own roles.

    They hold no password and no place: the backend asks `address` when it connects, so settings can be imported before
    the first `init`.
    """
    name = server.DATABASE if is_embedded() else _external_parts().get("dbname", server.DATABASE)
    roles: dict[str, Role] = {"default": "owner", "app": "app", "read": "read"}
    return {alias: {"ENGINE": BACKEND, "NAME": str(name), "USER": role} for alias, role in roles.items()}


def _connect_external(role: Role, options: dict[str, Any]) -> psycopg.Connection[Any]:
    try:
        conn = psycopg.connect(**{**_external(role), **options})
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(
            _("Basis data di DATABASE_URL menolak atau tidak menjawab; periksa alamat, pengguna dan sandinya.")
        ) from error
    if conn.info.server_version < VERSION_MIN:
        conn.close()
        raise Refused(_("Salur membutuhkan PostgreSQL 16 atau lebih baru; perbarui server di DATABASE_URL."))
    return conn


def _external(role: Role) -> dict[str, Any]:
    parts = _external_parts()
    if role in PASSWORD_VARIABLES:
        password = os.environ.get(PASSWORD_VARIABLES[role])
        if not password:
            raise Refused(
                _("Sandi untuk %(role)s belum ada; isi variabel %(variable)s.")
                % {"role": ROLE_NAMES[role], "variable": PASSWORD_VARIABLES[role]}
            )
        parts |= {"user": ROLE_NAMES[role], "password": password}
    return {"client_encoding": "utf8", "connect_timeout": str(embedded.CONNECT_SECONDS), **parts}


def _external_parts() -> dict[str, str]:
    try:
        parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    except psycopg.ProgrammingError:  # its text repeats the address, and with it the password
        raise Refused(_("DATABASE_URL tidak terbaca; tulis sebagai postgresql://pengguna:sandi@server/nama.")) from None
    return {name: str(value) for name, value in parts.items() if value is not None}
