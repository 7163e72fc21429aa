"""A ready house for tests: one real PostgreSQL for the whole run, a fresh copy of its database and a fresh home for each test."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

OFFICERS = ("registrar", "planner", "approver", "disburser", "reconciler", "monitor", "auditor")
ID_KEY = "00112233445566778899aabbccddeeff" * 2


@dataclass(frozen=True)
class House:
    """Where a test's data lie. Commands run in this process, as the command line runs them."""

    home: Path
    database: str

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """`salur ARGUMENTS`: exit code, stdout, stderr."""
        return run_here([str(one) for one in arguments])

    def ok(self, *arguments: str | Path, code: int = 0) -> Any:
        """The JSON answer of a command that must end with this exit code."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{done.stderr}"
        return json.loads(done.stdout)

    def refused(self, *arguments: str | Path) -> str:
        """The sentence of a command that must be refused."""
        done = self.run(*arguments)
        assert done.returncode == 1, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stderr.strip().splitlines()[-1]

    def owner(self) -> Any:
        """A connection as the owner of the database."""
        from salur.foundation.database.connection import connect

        return connect("owner", autocommit=True)


def run_here(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """The command line in this process: everything but the start of a new Python."""
    from django.db import connections

    from salur.entrypoints.cli import main as entry

    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            import sys

            before, sys.argv = sys.argv, ["salur", *arguments]
            try:
                entry.main()
            finally:
                sys.argv = before
    except SystemExit as stop:
        code = stop.code
    connections.close_all()
    return subprocess.CompletedProcess(
        arguments, code if isinstance(code, int) else int(bool(code)), out.getvalue(), err.getvalue()
    )


class Street:
    """One server with a template database, from which houses are copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "template"
        self.home.mkdir(mode=0o700)
        os.environ.pop("DATABASE_URL", None)
        os.environ["SALUR_HOME"] = str(self.home)
        os.environ["SALUR_ID_KEY"] = ID_KEY
        from salur.entrypoints.cli.keeping import make_house

        make_house(admin="admin", demo=True)
        for name in OFFICERS:
            done = run_here(["user", "add", name, "--role", name, "--area", "00", "--as", "admin"])
            assert done.returncode == 0, done.stderr
        from django.db import connections

        from salur.foundation.database.connection import address

        connections.close_all()
        self.owner = dict(address("owner"))
        secrets = json.loads((self.home / "secrets.json").read_text())
        self.secrets = secrets
        self.app, self.read = dict(address("app")), dict(address("read"))

    def maintenance(self) -> Any:
        import psycopg

        return psycopg.connect(**{**self.owner, "dbname": "postgres"}, autocommit=True)

    def build(self) -> House:
        """A fresh copy: its own database, its own home."""
        name = f"house_{uuid.uuid4().hex[:12]}"
        with self.maintenance() as conn:
            conn.execute(f"create database {name} template {self.owner['dbname']} strategy file_copy")
            # A copy takes everything but the rights on the database itself.
            conn.execute(f"revoke all on database {name} from public")
            conn.execute(f"grant connect on database {name} to salur_app, salur_read")
        home = self.folder / name
        home.mkdir(mode=0o700)
        (home / "secrets.json").write_text(json.dumps(self.secrets))
        (home / "secrets.json").chmod(0o600)
        self.enter(home, name)
        return House(home, name)

    def enter(self, home: Path, name: str) -> None:
        """Point this process at a house."""
        from django.db import connections

        connections.close_all()
        password = quote(self.owner["password"], safe="")
        host = quote(self.owner["host"], safe="")
        port = self.owner.get("port", "5432")
        os.environ["DATABASE_URL"] = f"postgresql://{self.owner['user']}:{password}@/{name}?host={host}&port={port}"
        os.environ["SALUR_APP_PASSWORD"] = self.app["password"]
        os.environ["SALUR_READ_PASSWORD"] = self.read["password"]
        os.environ["SALUR_HOME"] = str(home)
        for alias in ("default", "app", "read"):
            connections.databases[alias]["NAME"] = name
            connections[alias].settings_dict["NAME"] = name

    def tear_down(self, house: House) -> None:
        from django.db import connections

        connections.close_all()
        with self.maintenance() as conn:
            conn.execute(f"drop database if exists {house.database} with (force)")
        shutil.rmtree(house.home, ignore_errors=True)

    def close(self) -> None:
        from django.db import connections

        from salur.foundation.database import server

        connections.close_all()
        os.environ.pop("DATABASE_URL", None)
        os.environ["SALUR_HOME"] = str(self.home)
        server.stop(self.home)


@contextlib.contextmanager
def street(folder: Path) -> Iterator[Street]:
    """A server for as long as the block lasts."""
    made = Street(folder)
    try:
        yield made
    finally:
        made.close()
