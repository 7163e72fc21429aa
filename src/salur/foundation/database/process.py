"""Is a server alive on this data folder? A number in a file is never believed; the process itself is looked at.

After a kill or a reboot `postmaster.pid` names a process that is gone, or another program that got the same number.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

ORPHANS_LEAVE_SECONDS = 10
ORPHANS_KILLED_SECONDS = 60


def postmaster(data: Path) -> int | None:
    """The process id of the living server on this folder."""
    pid = _written_pid(data / "postmaster.pid")
    return pid if pid is not None and _is_postmaster(pid, data) else None


def clear_remains(data: Path, socket: Path) -> None:
    """After a dead server: wait until its children have left, then drop lock files that name another program.

    A child that still writes while a new server recovers would ruin the data; that is why the file is only dropped when
    nobody holds the old shared memory. A child that stays is killed: recovery keeps what it committed, no more.
    """
    for seconds, kill in ((ORPHANS_LEAVE_SECONDS, False), (ORPHANS_KILLED_SECONDS, True)):
        if _wait_until_free(data, seconds, kill=kill):
            break
    else:
        raise Refused(
            _("Sisa proses basis data di %(data)s belum berhenti; hentikan proses postgres itu lalu ulangi.")
            % {"data": data}
        )
    # PostgreSQL takes any living number, even a zombie's, for a server; it drops the files of a dead one itself.
    for lock in (data / "postmaster.pid", socket.with_name(f"{socket.name}.lock")):
        pid = _written_pid(lock)
        if pid is not None and Path(f"/proc/{pid}").exists() and not _is_postmaster(pid, data):
            lock.unlink(missing_ok=True)


def wait_until_gone(pid: int, data: Path, seconds: float) -> bool:
    """Whether the server left within so many seconds."""
    deadline = time.monotonic() + seconds
    while _is_postmaster(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _wait_until_free(data: Path, seconds: float, *, kill: bool) -> bool:
    deadline = time.monotonic() + seconds
    while _holders(data) or _attached(data):
        if time.monotonic() > deadline:
            return False
        for pid in _holders(data) if kill else ():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)
    return True


def _lines(lock: Path) -> list[str]:
    try:
        return lock.read_text().splitlines()
    except FileNotFoundError:
        return []


def _written_pid(lock: Path) -> int | None:
    lines = _lines(lock)
    return abs(int(lines[0])) if lines and lines[0].strip().lstrip("-").isdigit() else None


def _is_postmaster(pid: int, data: Path) -> bool:
    words = _command(pid)  # empty for a process that is gone or a zombie
    if not words or Path(words[0]).name != "postgres":
        return False
    return ("-D" in words[:-1] and words[words.index("-D") + 1] == str(data)) or _works_in(pid, data)


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def _works_in(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:  # gone, or hidden from us
        return False


def _holders(data: Path) -> list[int]:
    """Children of a server that work on this folder; each names itself `postgres: <what it does>`."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if " ".join(_command(pid)).startswith("postgres:") and _works_in(pid, data)]


def _attached(data: Path) -> int:
    """How many processes hold the shared memory that the pid file names (line 7: key and id)."""
    lines = _lines(data / "postmaster.pid")
    if len(lines) < 7:
        return 0
    try:
        segments = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    except FileNotFoundError:
        return 0
    key_and_id = [str(_signed(int(lines[6].split()[0]))), lines[6].split()[1]]
    return sum(int(fields[6]) for fields in map(str.split, segments) if fields[:2] == key_and_id)


def _signed(key: int) -> int:
    """The kernel prints a key as a signed 32-bit number, PostgreSQL as an unsigned one."""
    return key - 2**32 if key >= 2**31 else key
