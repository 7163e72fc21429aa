"""Start, stop and look at the PostgreSQL of a home."""

from __future__ import annotations

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from salur.foundation.database import process
from salur.foundation.database.embedded import OWNER, parameters
from salur.foundation.database.home import locked, secret
from salur.foundation.database.initialise import check_owner, initialise
from salur.foundation.database.installation import Server, did_not_start
from salur.foundation.database.place import (
    DATABASE,
    PORT,
    Address,
    address_of,
    choose_data,
    find_data,
    make_socket_folder,
    server_user,
)
from salur.foundation.database.programs import bin_folder
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

START_SECONDS = 600
SOCKET_MISSING_SECONDS = 10

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "50",
    "max_locks_per_transaction": "256",  # a run touches many partitions in one transaction
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    # Nobody follows this server's log: a list goes into a table of its own transaction, which is synced instead of logged (some 40 % less time).
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "off",  # the build has only pglz, which takes longer for a page than the disk
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "client_connection_check_interval": "1s",  # a statement of a killed client ends instead of holding its locks
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement carries names and NIK in its text and in its error: neither reaches the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Status:
    """What `salur db status` tells. `data` is None before the first start; `size_bytes` is the data folder on disk."""

    running: bool
    pid: int | None
    version: str | None
    address: Address
    data: Path | None
    size_bytes: int


def ensure_running(home: Path) -> Address:
    """Make the server of this home answer, whatever state it was left in; two callers at once get one server."""
    if _answer(home, DATABASE) is not None:
        return address_of(home)
    with locked(home / "server.lock"):
        server = _server(home)
        initialise(server)
        _wake(server)
        _ensure_database(server)
    return server.address


def stop(home: Path) -> bool:
    """Stop the server and see its last process leave; False when none was running."""
    with locked(home / "server.lock"):
        data = find_data(home)
        if data is None or not data.is_dir():
            return False
        pid = process.postmaster(data)
        if pid is not None:
            _stop(_server(home), pid)
        process.clear_remains(data, address_of(home).socket)
        return pid is not None


def status(home: Path) -> Status:
    """Look without changing anything."""
    data = find_data(home)
    pid = process.postmaster(data) if data is not None else None
    version = _answer(home, "postgres") if pid is not None else None
    return Status(version is not None, pid, version, address_of(home), data, _size(data) if data is not None else 0)


def was_stopped(home: Path) -> bool:
    """Whether the server was never started or left in an orderly way; one that was killed leaves its pid file."""
    data = find_data(home)
    return data is None or not (data / "postmaster.pid").exists()


def _server(home: Path) -> Server:
    user = server_user()
    data = choose_data(home, user)
    check_owner(data, user)
    make_socket_folder(home)
    return Server(home, data, user, bin_folder(user), address_of(home))


def _wake(server: Server) -> None:
    """Start the server unless it lives, then wait for its answer."""
    pid = process.postmaster(server.data)
    if pid is not None and _wait_for_answer(server, pid):
        return
    if pid is not None and process.postmaster(server.data) == pid:
        _stop(server, pid)  # alive behind a socket that somebody deleted
    process.clear_remains(server.data, server.address.socket)
    _start(server)
    # A start that another process began and died over may have won the race; then its server is the one.
    pid = process.postmaster(server.data)
    if pid is None or not _wait_for_answer(server, pid):
        raise did_not_start(server.home)


def _start(server: Server) -> None:
    settings = {**SETTINGS, "unix_socket_directories": str(server.address.folder)}
    options = ["-D", str(server.data)]
    for name, value in settings.items():
        options += ["-c", f"{name}={value}"]
    server.run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-o", shlex.join(options))


def _stop(server: Server, pid: int) -> None:
    server.run("pg_ctl", "stop", "-m", "fast", "-w", "-t", str(START_SECONDS))
    if not process.wait_until_gone(pid, server.data, 30):
        raise Refused(_("Basis data belum mau berhenti; tunggu pekerjaan yang berjalan selesai lalu ulangi."))


def _wait_for_answer(server: Server, pid: int) -> bool:
    """False when the process dies, or lives on without a socket."""
    deadline = time.monotonic() + START_SECONDS
    socket_seen = time.monotonic()
    while time.monotonic() < deadline and process.postmaster(server.data) == pid:
        if _answer(server.home, "postgres") is not None:
            return True
        if server.address.socket.exists():
            socket_seen = time.monotonic()
        elif time.monotonic() - socket_seen > SOCKET_MISSING_SECONDS:
            return False
        time.sleep(0.05)
    return False


def _answer(home: Path, database: str) -> str | None:
    """The version that a query to this database answers with, None when there is no answer."""
    if secret(OWNER, home) is None or not address_of(home).socket.exists():
        return None
    try:
        with psycopg.connect(**parameters(home, "owner", database), autocommit=True) as conn:
            row = conn.execute("select current_setting('server_version')").fetchone()
            return row[0] if row else None
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise Refused(
                _("Basis data menolak sandi di %(file)s; pulihkan berkas itu dari cadangan.")
                % {"file": home / "secrets.json"}
            ) from None
        return None


def _ensure_database(server: Server) -> None:
    """Create the database once. The file lock goes with a killed process, but its statement runs on in the server;
    the lock that is held there lasts until that statement has ended."""
    with psycopg.connect(**parameters(server.home, "owner", "postgres"), autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [f"create {DATABASE}"])
        if conn.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            conn.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _size(data: Path) -> int:
    total = 0
    for folder_name, _folders, files in os.walk(data):
        for file in files:
            try:
                total += (Path(folder_name) / file).lstat().st_size
            except FileNotFoundError:  # the server works on
                continue
    return total
