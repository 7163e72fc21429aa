"""One server with its programs, data, user and log."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from salur.foundation.database.home import folder
from salur.foundation.database.place import Address
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

LOG_BYTES_MAX = 16_000_000


class DatabaseDidNotStart(Refused):
    """The server could not be brought to answer."""


@dataclass(frozen=True)
class Server:
    """What is needed to run a program of PostgreSQL for one home. `user` None means this very user."""

    home: Path
    data: Path
    user: pwd.struct_passwd | None
    programs: Path
    address: Address

    def run(self, program: str, *arguments: str) -> int:
        """Run it apart from our terminal, folder, environment and open files; gives its exit code.

        The data folder travels as PGDATA, because pg_ctl would hand its own argument to a shell.
        """
        with _log(self.home) as log:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", umask=0o077, start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGDATA": str(self.data)},
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )  # fmt: skip
        return done.returncode

    def give(self, place: Path) -> None:
        """Hand a file that we made to the user who runs the server."""
        if self.user is not None:
            os.chown(place, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)


def did_not_start(home: Path) -> DatabaseDidNotStart:
    return DatabaseDidNotStart(
        _("Basis data tidak mau berjalan; lihat sebabnya di %(log)s, perbaiki, lalu ulangi.")
        % {"log": home / "log" / "postgres.log"}
    )


@contextmanager
def _log(home: Path) -> Iterator[IO[bytes]]:
    file = folder("log", home) / "postgres.log"
    if file.exists() and file.stat().st_size > LOG_BYTES_MAX:
        file.rename(file.with_suffix(".log.1"))
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as out:
        yield out
