"""A command in a process of its own that can be killed: a fork of an interpreter that has loaded everything already."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import salur

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Ended:
    """How a command ended. `code` is negative when a signal ended it."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def is_done(self) -> bool:
        return self.code in (0, 3)

    @property
    def is_refused_as_second(self) -> bool:
        """Told that another process does this very thing."""
        return self.code == 1 and any(
            words in self.err for words in ("dikerjakan proses lain", "dicocokkan proses lain")
        )

    def answer(self) -> Any:
        return json.loads(self.out)


class Command:
    """A started command. It leads a process group of its own, like a command in a terminal."""

    def __init__(self, home: Path, arguments: tuple[str, ...]) -> None:
        self.out, self.err = (
            home.parent / f"{home.name}-{name}-{time.monotonic_ns()}" for name in ("stdout", "stderr")
        )
        self.began = time.monotonic()
        self._status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _become(home, arguments, self.out, self.err)

    def has_ended(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status is not None

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)

    def wait_for(self, moment: Callable[[], bool]) -> bool:
        """True at the moment, False when the command ended before it."""
        while not self.has_ended():
            if moment():
                return True
            time.sleep(0.0005)
        return False

    def wait(self, seconds: float = 300) -> Ended:
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"hangs for {seconds} s: {self.err.read_text()[-400:]}")
            time.sleep(0.001)
        assert self._status is not None
        seconds = time.monotonic() - self.began
        out, err = self.out.read_text(), self.err.read_text()
        self.out.unlink()
        self.err.unlink()
        return Ended(self._status, out, err, seconds)


def load() -> None:
    """Import once what every command needs, so that a fork starts where a command's work starts. Opens no connection."""
    from salur.foundation.database.ready import ready_django

    ready_django()
    for name in (
        "numpy.ma",
        "pandas",
        "pydantic",
        "pyarrow.dataset",
        "ibis.backends.duckdb",
    ):  # what others import when first used
        importlib.import_module(name)
    for module in pkgutil.walk_packages(salur.__path__, "salur."):
        if ".migrations" not in module.name and not module.name.endswith(".wsgi"):
            importlib.import_module(module.name)
    from salur.foundation.regions import codes

    for level in (2, 4, 6, 10):
        codes.codes_of(level)


def _become(home: Path, arguments: tuple[str, ...], out: Path, err: Path) -> None:
    """The child: the command line as an officer would call it."""
    code = 70
    try:
        os.setpgid(0, 0)
        os.environ["SALUR_HOME"] = str(home)
        for number, file in ((1, out), (2, err)):
            handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            os.dup2(handle, number)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        try:
            _call(arguments)
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _call(arguments: tuple[str, ...]) -> None:
    """`salur ARGUMENTS`, or `salur-worker ARGUMENTS` when the first word is worker."""
    from salur.entrypoints.cli import main
    from salur.entrypoints.jobs import worker

    sys.argv = list(arguments) if arguments[0] == "worker" else ["salur", *arguments]
    (worker.main if arguments[0] == "worker" else main.main)()


def apart(work: Callable[[], object]) -> None:
    """Do something in a process of its own: an engine's threads must not be there when a command is forked."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0, "the work in a process of its own failed"
