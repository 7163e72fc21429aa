"""Slow down whoever guesses passwords. Kept in memory of this process: it hinders, the password protects."""

from __future__ import annotations

import time
from threading import Lock

FAILURES_MAX = 5
WAIT_SECONDS = 60
NAMES_MAX = 10_000

_failures: dict[str, tuple[int, float]] = {}
_lock = Lock()


def must_wait(name: str) -> bool:
    """Whether this name failed too often within the last minute."""
    count, last = _failures.get(name, (0, 0.0))
    return count >= FAILURES_MAX and time.monotonic() - last < WAIT_SECONDS


def failed(name: str) -> None:
    with _lock:
        now = time.monotonic()
        if len(_failures) >= NAMES_MAX:
            _failures.clear()
        count, last = _failures.get(name, (0, now))
        _failures[name] = (count + 1 if now - last < WAIT_SECONDS else 1, now)


def succeeded(name: str) -> None:
    with _lock:
        _failures.pop(name, None)
