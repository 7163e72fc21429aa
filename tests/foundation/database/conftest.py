"""Real servers in homes of their own, and nothing left of them afterwards."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from salur.foundation.database import server
from salur.foundation.database.connection import connect
from salur.foundation.database.home import home
from salur.foundation.database.place import find_data, socket_folder
from salur.foundation.database.roles import ensure_roles


def forget(place: Path) -> None:
    """Stop the server and take away what it keeps outside its home."""
    server.stop(place)
    data = find_data(place)
    for leftover in (data, socket_folder(place)):
        if leftover is not None and leftover.exists():
            shutil.rmtree(leftover)


@pytest.fixture
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without a database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SALUR_HOME", str(tmp_path / "home"))
    place = home()
    yield place
    forget(place)


@pytest.fixture(scope="session")
def _running_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("shared") / "home"
    place.mkdir(mode=0o700)
    server.ensure_running(place)
    yield place
    forget(place)


@pytest.fixture
def running_home(_running_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose server runs and has its roles; shared, so tests use tables of their own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SALUR_HOME", str(_running_home))
    server.ensure_running(_running_home)
    with connect() as conn:
        ensure_roles(conn)
    return _running_home


@pytest.fixture
def owner(running_home: Path) -> Iterator[psycopg.Connection]:
    with connect() as conn:
        yield conn
        conn.rollback()


@pytest.fixture
def processes() -> Callable[[Path], list[int]]:
    """The processes that work in a data folder."""

    def found(data: Path) -> list[int]:
        pids = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and (entry / "cwd").readlink() == data and (entry / "cmdline").read_bytes():
                    pids.append(int(entry.name))
            except OSError:
                continue
        return [pid for pid in pids if pid != os.getpid()]

    return found
