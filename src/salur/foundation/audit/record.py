"""Write an event into the record, inside the transaction of the change it speaks of."""

from __future__ import annotations

from typing import Any

from django.db import connection

from salur.foundation.audit.models import Line


def record(verb: str, subject: str, *, by: str, **details: Any) -> None:
    """One line: who, what, about which thing, with which figures. Never a NIK, KK, name or account number."""
    Line.objects.create(actor=by, verb=verb, subject=subject, details=details)


def act_as(name: str) -> None:
    """Tell the database on whose behalf this session writes, for the history that triggers keep."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('salur.officer', %s, false)", [name])


def close_block() -> str:
    """Close the lines written so far into the chain; the chain's head ('' before the first line)."""
    with connection.cursor() as cursor:
        cursor.execute("select close_block()")
        return cursor.fetchone()[0] or ""


def head() -> str:
    """The digest of the newest closed block."""
    with connection.cursor() as cursor:
        cursor.execute("select digest from audit_block order by id desc limit 1")
        row = cursor.fetchone()
        return row[0] if row else ""


def broken_blocks() -> list[tuple[int, str, str]]:
    """(block, expected, found) of each block that no longer agrees with its lines; empty when the chain is whole."""
    with connection.cursor() as cursor:
        cursor.execute("select block, expected, found from broken_blocks()")
        return cursor.fetchall()


def lost_heads() -> list[str]:
    """Heads that sealed datasets carry and the chain no longer has: its end was cut off, which it cannot tell itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct audit_head from lake_dataset
               where audit_head <> '' and audit_head not in (select digest from audit_block) order by 1"""
        )
        return [head for (head,) in cursor.fetchall()]
