"""How much memory a piece of work takes at its peak: its processes, their children and the database server together.

The proportional share (PSS) of each, so that pages they share count once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path


def sampled(work: Callable[[], None]) -> int:
    """Do the work; its peak memory in MiB, looked at four times a second."""
    peak, done = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(0.25):
            peak = max(peak, held(os.getpid(), *server()))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return peak


def held(*roots: int) -> int:
    """MiB that these processes and all below them hold."""
    return sum(map(share_kib, _families(roots))) // 1024


def _families(roots: Iterable[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended while we looked
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = set[int](), list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def server() -> list[int]:
    """The database server of this home, if it runs."""
    try:
        return [int((Path(os.environ["SALUR_HOME"]) / "pg" / "postmaster.pid").read_text().split()[0])]
    except (OSError, IndexError, ValueError):  # not started yet
        return []


def share_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
