"""The one place where data lie, and the secrets kept in it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

HOME_OF_ROOT = Path("/var/lib/salur")
FOLDERS = ("lake", "archive", "tmp", "run", "log")
DESERTED_SECONDS = 30


def is_root() -> bool:
    return os.geteuid() == 0


def home() -> Path:
    """SALUR_HOME, else /var/lib/salur for root, else the user's data folder; made 0700 when missing, never changed."""
    place = _wished().resolve()
    try:
        if not place.is_dir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.stat()
    except OSError:
        raise Refused(
            _("Folder data %(home)s tidak dapat dibuat atau dibuka; arahkan SALUR_HOME ke folder milik Anda.")
            % {"home": place}
        ) from None
    if found.st_mode & stat.S_IWOTH or (found.st_uid != os.geteuid() and not is_root()):
        raise Refused(
            _("Folder data %(home)s milik atau dapat ditulis pengguna lain; arahkan SALUR_HOME ke folder Anda sendiri.")
            % {"home": place}
        )
    return place


def folder(name: str, under: Path | None = None) -> Path:
    """One of the known folders of the home, made 0700 when missing."""
    assert name in FOLDERS, name
    place = (under or home()) / name
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def outgoing(out: Path) -> Path:
    """The folder that an officer names for files that leave the house, made 0700 when missing."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(out, os.W_OK | os.X_OK):
            return out
    except OSError:
        pass
    raise Refused(_("Folder %(out)s tidak dapat dibuat atau ditulis; pilih folder lain dengan --out.") % {"out": out})


@contextmanager
def workplace(purpose: str) -> Iterator[Path]:
    """A private folder below `tmp` for what a run holds while it works, gone afterwards.

    The folder is locked for as long as this process lives, so that whoever clears up sees that it is in use.
    """
    place = folder("tmp") / f"{purpose}-{secrets.token_hex(16)}"
    place.mkdir(mode=0o700)
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(handle)


def clear_workplaces() -> int:
    """Take away what killed processes left below `tmp`: often files of personal data. Gives how many."""
    cleared = 0
    for place in folder("tmp").iterdir():
        if _is_deserted(place):
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink(missing_ok=True)
            cleared += 1
    return cleared


def _is_deserted(place: Path) -> bool:
    """Nobody holds its lock, and it is no newer than a process needs to take the lock."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # gone meanwhile, or a link that nobody of ours has made
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return time.time() - os.fstat(handle).st_ctime > DESERTED_SECONDS
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def secret(name: str, under: Path | None = None) -> str | None:
    """A secret of this home, or None when `init` has not made it yet."""
    return _read(under or home()).get(name)


def ensure_secret(name: str, value: str | None = None, under: Path | None = None) -> str:
    """The secret; when missing it becomes `value` or 32 random bytes in hex. One that exists is never changed."""
    place = under or home()
    with locked(place / "secrets.lock"):
        known = _read(place)
        if name not in known:
            known[name] = value if value is not None else secrets.token_hex(32)
            _write(place, known)
        return known[name]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Wait for the lock file and hold it; the kernel gives it back when this process dies."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_folder(place: Path) -> None:
    """Make a rename inside this folder survive a power cut."""
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wished() -> Path:
    if wish := os.environ.get("SALUR_HOME"):
        return Path(wish).expanduser()
    if is_root():
        return HOME_OF_ROOT
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local/share") / "salur"


def _read(place: Path) -> dict[str, str]:
    try:
        return json.loads((place / "secrets.json").read_text())
    except FileNotFoundError:
        return {}


def _write(place: Path, known: dict[str, str]) -> None:
    fresh = place / "secrets.json.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(known, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(place / "secrets.json")
    sync_folder(place)
