"""The three roles of design: owner, app and read. The last two hold no right that a migration did not grant by name."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from salur.foundation.database.connection import address
from salur.foundation.database.embedded import ROLE_NAMES, Role
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

GUESTS: tuple[Role, ...] = ("app", "read")
_PLAIN = "login nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls"
_LOCK = "salur roles"


class RolesNotAllowed(Refused):
    """The owner may not make roles on this server."""


def ensure_roles(conn: psycopg.Connection[Any]) -> None:
    """Make or repair salur_app and salur_read and take the public's rights; again does no harm. Runs as owner."""
    try:
        with conn.transaction():
            conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
            for role in GUESTS:
                _ensure_guest(conn, ROLE_NAMES[role], address(role)["password"])
            _close_to_public(conn)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesNotAllowed(
            _("Pengguna di DATABASE_URL tidak boleh membuat peran; beri CREATEROLE dan kepemilikan basis data itu.")
        ) from error


def _ensure_guest(conn: psycopg.Connection[Any], name: str, password: str) -> None:
    role = sql.Identifier(name)
    found = conn.execute(
        "select rolcanlogin and not"
        " (rolsuper or rolcreatedb or rolcreaterole or rolinherit or rolreplication or rolbypassrls)"
        " from pg_roles where rolname = %s",
        [name],
    ).fetchone()
    if found is None:
        conn.execute(sql.SQL("create role {} " + _PLAIN).format(role))
    elif not found[0]:
        conn.execute(sql.SQL("alter role {} " + _PLAIN).format(role))
    # The verifier is worked out here: the password itself never travels and can stand in no server log.
    verifier = conn.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    conn.execute(sql.SQL("alter role {} password {}").format(role, sql.Literal(verifier)))
    for (group,) in conn.execute(
        "select roleid::regrole::text from pg_auth_members where member = to_regrole(%s)", [name]
    ).fetchall():
        conn.execute(sql.SQL("revoke {} from {}").format(sql.SQL(group), role))


def _close_to_public(conn: psycopg.Connection[Any]) -> None:
    database = sql.Identifier(conn.info.dbname)
    guests = sql.SQL(", ").join(sql.Identifier(ROLE_NAMES[role]) for role in GUESTS)
    conn.execute(sql.SQL("revoke all on database {} from public").format(database))
    conn.execute(sql.SQL("grant connect on database {} to {}").format(database, guests))
    conn.execute("revoke all on schema public from public")
    conn.execute(sql.SQL("grant usage on schema public to {}").format(guests))
