"""Where the server of a home keeps its data and its socket, and as which user of the operating system it runs.

PostgreSQL refuses to run as root. Started by root it runs as the system user `salur`, who cannot enter a home that
root keeps for itself (0700, or below such a folder). Then `home/pg` is a link into SERVER_ROOT, which only holds what
that user must reach: no permission of any other folder is changed; the lake and the archive stay root's alone.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from salur.foundation.database.home import folder, is_root, locked
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

SERVER_ROOT = Path("/var/lib/salur-server")
SERVER_USER = "salur"
PORT = 5432
DATABASE = "salur"
SOCKET_BYTES_MAX = 103
"""A socket's path fits in 104 bytes with its closing zero, on the strictest system."""
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Address:
    """Where a server answers: a socket in a folder that only its owner may enter. There is no TCP."""

    folder: Path
    port: int = PORT
    database: str = DATABASE

    @property
    def socket(self) -> Path:
        return self.folder / f".s.PGSQL.{self.port}"


def server_user() -> pwd.struct_passwd | None:
    """Who runs the server: None is this very user; for root it is `salur`, made when missing."""
    if not is_root():
        return None
    with _server_root():
        return _find_user() or _make_user()


def server_user_name() -> str | None:
    """The name that the other end of the socket must have; None when this user has none (a container's bare number)."""
    if is_root():
        return SERVER_USER
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return None


def socket_folder(home: Path) -> Path:
    """A pure function of the home, so that clients find the server without asking anyone."""
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    if is_root():
        return SERVER_ROOT / "run" / name
    near = home / "run"
    if len(os.fsencode(Address(near).socket)) <= SOCKET_BYTES_MAX and _PLAIN_PATH.fullmatch(str(near)):
        return near
    return Path("/tmp") / f"salur-{os.geteuid()}-{name}"


def address_of(home: Path) -> Address:
    return Address(socket_folder(home))


def make_socket_folder(home: Path) -> Path:
    """The socket's folder, 0700 and the server's own; one that belongs to somebody else is never trusted."""
    place = socket_folder(home)
    user = server_user()
    if user is not None:
        with _server_root():
            _make_passage(place.parent)
    owner = os.geteuid() if user is None else user.pw_uid
    try:
        place.mkdir(mode=0o700)
        if user is not None:
            os.chown(place, user.pw_uid, user.pw_gid)
    except FileExistsError:
        pass
    found = place.lstat()
    if user is not None and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
        os.chown(place, user.pw_uid, user.pw_gid, follow_symlinks=False)  # killed between mkdir and chown
        found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise Refused(
            _("Folder soket %(folder)s bukan milik Salur atau terbuka bagi orang lain; hapus folder itu lalu ulangi.")
            % {"folder": place}
        )
    return place


def find_data(home: Path) -> Path | None:
    """The data folder that was chosen for this home, initialised or not; None before the first start."""
    link = home / "pg"
    return link.resolve() if link.is_symlink() or link.exists() else None


def choose_data(home: Path, user: pwd.struct_passwd | None) -> Path:
    """The data folder of this home; the choice is written down (a folder or a link) before anything is made in it."""
    found = find_data(home)
    if found is not None:
        return found
    if user is None or _can_enter(home, user):
        return (home / "pg").resolve()
    with _server_root():
        beside = SERVER_ROOT / "data"
        _make_passage(beside)
    # A fresh name each time: a home that was deleted and made again must not meet the data of the first.
    slug = re.sub(r"[^A-Za-z0-9]+", "-", str(home)).strip("-")[-40:]
    target = beside / f"{slug}-{secrets.token_hex(4)}"
    folder("run", home)
    fresh = home / "run" / f"pg-{secrets.token_hex(4)}"
    fresh.symlink_to(target)
    fresh.rename(home / "pg")
    return target


def _can_enter(home: Path, user: pwd.struct_passwd) -> bool:
    """Ask the kernel, which knows about every parent folder and every access list."""
    asked = subprocess.run(
        ["/usr/bin/test", "-x", str(home)],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return asked.returncode == 0


def _server_root() -> AbstractContextManager[None]:
    """Hold the lock of the folder that all homes of root share, made when missing."""
    _make_passage(SERVER_ROOT)
    found = SERVER_ROOT.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Refused(
            _("Folder %(folder)s harus milik root dan hanya dapat ditulis root; perbaiki pemiliknya lalu ulangi.")
            % {"folder": SERVER_ROOT}
        )
    return locked(SERVER_ROOT / "lock")


def _make_passage(place: Path) -> None:
    """A folder of Salur's own that others may walk through, whatever the umask, but not list."""
    if not place.is_dir():
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        place.chmod(0o711)


def _find_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        return None


def _make_user() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is not None:
        subprocess.run(
            [program, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", SERVER_USER],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    made = _find_user()
    if made is None:
        raise Refused(
            _("PostgreSQL tidak boleh berjalan sebagai root dan pengguna sistem %(user)s tidak dapat dibuat; "
              "buat pengguna itu (useradd --system %(user)s) atau jalankan Salur sebagai pengguna biasa.")
            % {"user": SERVER_USER}
        )  # fmt: skip
    return made
