"""Make the database of a home, once."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salur.foundation.database.embedded import OWNER, ROLE_NAMES
from salur.foundation.database.home import ensure_secret, secret, sync_folder
from salur.foundation.database.installation import Server, did_not_start
from salur.foundation.database.programs import MAJOR
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _


def initialise(server: Server) -> None:
    """initdb into a folder of its own, then one rename: a killed attempt leaves nothing that looks like a database."""
    if (server.data / "PG_VERSION").is_file():
        _check_initialised(server)
        return
    for name in ROLE_NAMES.values():
        ensure_secret(name, under=server.home)
    password = ensure_secret(OWNER, under=server.home)
    for remains in server.data.parent.glob(f"{server.data.name}.new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    fresh = server.data.with_name(f"{server.data.name}.new-{secrets.token_hex(4)}")
    fresh.mkdir(mode=0o700)
    server.give(fresh)
    with _password_file(server, password) as file:
        code = server.run(
            "initdb", "-D", str(fresh), "-U", OWNER, f"--pwfile={file}",
            "--auth-local=scram-sha-256", "--auth-host=reject", "--encoding=UTF8", "--locale-provider=builtin",
            "--locale=C.UTF-8", "--builtin-locale=C.UTF-8", "--lc-messages=C", "--data-checksums",
        )  # fmt: skip
    if code != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise did_not_start(server.home)
    fresh.rename(server.data)
    sync_folder(server.data.parent)


def _check_initialised(server: Server) -> None:
    found = (server.data / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise Refused(
            _("Data di %(data)s dibuat oleh PostgreSQL %(found)s, program ini versi %(ours)s; "
              "gunakan versi Salur yang membuatnya.") % {"data": server.data, "found": found, "ours": MAJOR}
        )  # fmt: skip
    if secret(OWNER, server.home) is None:
        raise Refused(
            _("Berkas %(file)s hilang; pulihkan dari cadangan karena sandi basis data ada di dalamnya.")
            % {"file": server.home / "secrets.json"}
        )


def check_owner(data: Path, user: pwd.struct_passwd | None) -> None:
    """Refuse data that another user of the operating system made: PostgreSQL would, with less helpful words."""
    if data.is_dir() and data.stat().st_uid != (os.geteuid() if user is None else user.pw_uid):
        raise Refused(
            _("Data basis data %(data)s milik pengguna lain; jalankan Salur sebagai pengguna yang membuatnya.")
            % {"data": data}
        )


@contextmanager
def _password_file(server: Server, password: str) -> Iterator[Path]:
    """The owner's password for initdb, in the folder that only the server's user may enter."""
    for remains in server.address.folder.glob("pw-*"):
        remains.unlink(missing_ok=True)
    file = server.address.folder / f"pw-{secrets.token_hex(4)}"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password + "\n")
    server.give(file)
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)
