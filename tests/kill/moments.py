"""When to kill: after some time, or when the disk or the database shows that a command has come to a certain point."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import psycopg

from salur.foundation.database.embedded import parameters
from salur.foundation.vocabulary.errors import Refused

DELAY_SECONDS_MAX = 0.012
NAMES = (
    "time",
    "time",
    "time",
    "file written",
    "file archived",
    "dataset listed",
    "table staged",
    "line written",
    "commit",
    "lock held",
)
_STATE = """select (select count(*) from lake_dataset), (select coalesce(max(id), 0) from audit_line),
    (select count(*) from pg_class where relkind = 'r' and not relispartition and relname like 'stage\\_%'),
    (select count(*) from pg_stat_activity where query = 'COMMIT' and state = 'active'),
    (select count(*) from pg_locks where locktype = 'advisory')"""


class Moment:
    """Becomes true once: look at it again and again while the command runs."""

    def __init__(self, name: str, home: Path, usual_seconds: float, dice: random.Random) -> None:
        self.name, self._home = name, home
        self._delay = dice.uniform(0, DELAY_SECONDS_MAX)
        self._began = time.monotonic()
        self._due = self._began + dice.uniform(0, usual_seconds * 1.05)
        self._watch: psycopg.Connection[Any] | None = None
        self._first: tuple[int, ...] | None = None
        self._here = self._files()

    def has_come(self) -> bool:
        if self.name == "time":
            return time.monotonic() >= self._due
        come = self._reached()
        if come:
            time.sleep(self._delay)
        return come

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()

    def _reached(self) -> bool:
        if self.name in ("file written", "file archived"):
            return len(self._files()) > len(self._here)
        state = self._state()
        if state is None:
            return False
        if self._first is None:
            self._first = state
        grown = {
            name: now > then
            for name, now, then in zip(("dataset listed", "line written"), state, self._first, strict=False)
        }
        return (
            grown.get(self.name, False)
            or {"table staged": state[2], "commit": state[3], "lock held": state[4]}.get(self.name, 0) > 0
        )

    def _files(self) -> set[str]:
        """What lies in the part of the home that this moment looks at."""
        part = {"file written": "lake", "file archived": "archive"}.get(self.name)
        return {str(file) for file in (self._home / part).glob("*/*")} if part else set()

    def _state(self) -> tuple[int, ...] | None:
        """None while the server does not answer."""
        try:
            if self._watch is None:
                self._watch = psycopg.connect(**parameters(self._home, "owner"), autocommit=True)
            return self._watch.execute(_STATE).fetchone()
        except (psycopg.OperationalError, Refused):
            self.close()
            self._watch = None
            return None


def any_moment(home: Path, usual_seconds: float, dice: random.Random) -> Moment:
    return Moment(dice.choice(NAMES), home, usual_seconds, dice)
