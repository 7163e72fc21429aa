"""Do everything and keep nothing: what a dry run is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def rehearsal(is_on: bool) -> Iterator[None]:
    """While it is on, the block runs to its end inside a transaction that is then undone; else the block is left alone.

    So a dry run passes the very checks of the deed, those of the database included, and its lines of the record are undone with
    the rest; what would leave on commit never leaves. Work on other connections is not undone: whoever writes there as well
    (stage tables) rehearses the inner part only, or two connections of one process would wait for each other.
    """
    if not is_on:
        yield
        return
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")  # what is otherwise checked at the commit that never comes
        transaction.set_rollback(True)
