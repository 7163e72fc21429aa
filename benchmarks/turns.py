"""Scripts that take turns on one machine every few seconds, so that a machine that grows slower or faster does so for each of them.

While one works the others are stopped (SIGSTOP). Each tells the stretches of its steps on the clock that all processes of the system share
(`time.perf_counter`); of these only what it was let work counts.
"""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from memory import held, server

HERE = Path(__file__).parent
SECONDS = 5.0
LOOK = 0.25
Stretch = tuple[float, float]


class Script:
    """A script of this folder as a process, stopped at once: the stretches in which it was let work, and its peak memory in MiB."""

    def __init__(self, name: str, *words: object, uses_server: bool) -> None:
        self.name, self._uses_server = name, uses_server
        self._folder = tempfile.TemporaryDirectory()
        self._told, self._wrong = (Path(self._folder.name) / name for name in ("told", "wrong"))
        command = [sys.executable, str(HERE / name), *map(str, words)]
        with self._told.open("w") as told, self._wrong.open("w") as wrong:
            self._process = subprocess.Popen(command, stdout=told, stderr=wrong)
        self._process.send_signal(signal.SIGSTOP)
        self.worked: list[Stretch] = []
        self.peak = 0

    @property
    def is_done(self) -> bool:
        return self._process.poll() is not None

    def work(self, seconds: float) -> None:
        """Let it work for so long, or to its end."""
        began = time.perf_counter()
        self._process.send_signal(signal.SIGCONT)
        while not self.is_done and time.perf_counter() - began < seconds:
            time.sleep(LOOK)
            self.peak = max(self.peak, held(self._process.pid, *(server() if self._uses_server else ())))
        self._process.send_signal(signal.SIGSTOP)
        self.worked.append((began, time.perf_counter()))

    def check(self) -> None:
        """Raises SystemExit with the end of what it said when it ended ill."""
        if self._process.returncode:
            raise SystemExit(f"{self.name} ended with {self._process.returncode}:\n{self._wrong.read_text()[-4000:]}")

    def told(self) -> dict[str, Any]:
        """What it says, with the seconds that each step worked."""
        found: dict[str, Any] = json.loads(self._told.read_text())
        for step in found["steps"]:
            step["seconds"] = round(overlap(step.pop("stretches"), self.worked), 3)
        return found | {"peak_memory_mb": self.peak}

    def end(self) -> None:
        """Nothing of it stays behind, done or not."""
        if not self.is_done:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def take_turns(scripts: Sequence[Script], seconds: float = SECONDS) -> list[dict[str, Any]]:
    """Let each work until all are done; what they tell, in their order."""
    try:
        for script in itertools.cycle(scripts):
            if not script.is_done:
                script.work(seconds)
                continue
            script.check()
            if all(one.is_done for one in scripts):
                return [one.told() for one in scripts]
    finally:
        for script in scripts:
            script.end()
    raise AssertionError("there are scripts")


def overlap(stretches: Sequence[Sequence[float]], worked: Sequence[Stretch]) -> float:
    """How much of the stretches lies in those of work; of neither does one lie over another."""
    return sum(max(0.0, min(ended, last) - max(began, first)) for began, ended in stretches for first, last in worked)
