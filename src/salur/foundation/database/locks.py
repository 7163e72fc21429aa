"""One worker at a time for one thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

RUNS = "runs"


class AlreadyRunning(Refused):
    """Another process works on this."""


@contextmanager
def run_lock(conn: psycopg.Connection[Any], name: str, *, wait: bool = False) -> Iterator[None]:
    """Hold an advisory lock of this session, outside any transaction; the server frees it when the session ends.

    Taken by another: waits, or refuses at once. The name may be shown to people, so it holds no personal data. Whoever
    holds a run lock also keeps the sweeper out.
    """
    assert conn.info.transaction_status == TransactionStatus.IDLE, "a run lock is taken outside a transaction"
    key = lock_key(name)
    if wait:
        conn.execute("select pg_advisory_lock(%s)", [key])
    elif not conn.execute("select pg_try_advisory_lock(%s)", [key]).fetchone()[0]:  # type: ignore[index]
        _leave_transaction(conn)
        raise AlreadyRunning(
            _("%(name)s sedang dikerjakan proses lain; tunggu sampai selesai lalu ulangi.") % {"name": name}
        )
    conn.execute("select pg_advisory_lock_shared(%s)", [lock_key(RUNS)])
    _leave_transaction(conn)
    try:
        yield
    finally:
        _release(conn, key)


def one_at_a_time(cursor: Any, name: str) -> None:
    """Until the end of the caller's transaction nobody else passes here under this name; who comes meanwhile waits, and then sees what was
    committed."""
    cursor.execute("select pg_advisory_xact_lock(%s)", [lock_key(name)])


def keep_sweeper_out(cursor: Any) -> None:
    """Until the end of the caller's transaction nothing is swept: what it lists is seen by the next sweep, also when its
    process was killed while the commit was on its way."""
    cursor.execute("select pg_advisory_xact_lock_shared(%s)", [lock_key(RUNS)])


def try_to_be_alone(cursor: Any) -> bool:
    """Whether no run is under way; then none begins before the end of the caller's transaction."""
    cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock_key(RUNS)])
    return bool(cursor.fetchone()[0])


def lock_key(name: str) -> int:
    """The lock's number: the first 64 bits of SHA-256, signed, the same in every process."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _release(conn: psycopg.Connection[Any], key: int) -> None:
    if conn.closed:
        return
    try:
        if conn.info.transaction_status == TransactionStatus.INERROR:
            conn.rollback()
        was_idle = conn.info.transaction_status == TransactionStatus.IDLE
        conn.execute("select pg_advisory_unlock_shared(%s), pg_advisory_unlock(%s)", [lock_key(RUNS), key])
        if was_idle:
            _leave_transaction(conn)
    except psycopg.OperationalError:  # the session is gone and the lock with it; the first error tells more
        conn.close()


def _leave_transaction(conn: psycopg.Connection[Any]) -> None:
    """A long run must not stand idle inside the transaction that asking for the lock has opened."""
    if not conn.autocommit:
        conn.commit()
