import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from salur.foundation.database import process, server
from salur.foundation.database.connection import connect
from salur.foundation.database.embedded import parameters
from salur.foundation.database.home import is_root
from salur.foundation.database.place import find_data, make_socket_folder, socket_folder
from salur.foundation.vocabulary.errors import Refused

START = """
import sys, pathlib
from salur.foundation.database import server
server.ensure_running(pathlib.Path(sys.argv[1]))
"""
CREATING = "select 1 from pg_stat_activity where state = 'active' and query like 'create database%'"
Processes = Callable[[Path], list[int]]


def data_of(home: Path) -> Path:
    data = find_data(home)
    assert data is not None
    return data


def pid_of(home: Path) -> int:
    pid = process.postmaster(data_of(home))
    assert pid is not None
    return pid


def modes_above(place: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in [place, *place.parents]}


def test_a_server_starts_answers_and_leaves_no_process(fresh_home: Path, processes: Processes) -> None:
    before = modes_above(fresh_home)
    assert server.status(fresh_home) == server.Status(False, None, None, server.address_of(fresh_home), None, 0)
    server.ensure_running(fresh_home)
    running = server.status(fresh_home)
    assert running.running
    assert running.version is not None
    assert running.version.startswith("18.")
    assert running.size_bytes > 10_000_000
    pid = pid_of(fresh_home)
    assert pid in processes(data_of(fresh_home))
    server.ensure_running(fresh_home)
    assert pid_of(fresh_home) == pid
    assert server.stop(fresh_home)
    assert processes(data_of(fresh_home)) == []
    assert not server.status(fresh_home).running
    assert not server.stop(fresh_home)
    assert modes_above(fresh_home) == before


def test_the_data_are_closed_and_not_root_s(fresh_home: Path) -> None:
    server.ensure_running(fresh_home)
    for place in (data_of(fresh_home), socket_folder(fresh_home)):
        assert place.stat().st_mode & 0o777 == 0o700
        assert place.stat().st_uid != 0
    assert (fresh_home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert list(socket_folder(fresh_home).glob("pw-*")) == []


def test_two_starts_at_once_give_one_server(fresh_home: Path, processes: Processes) -> None:
    starts = [subprocess.Popen([sys.executable, "-c", START, str(fresh_home)]) for _ in range(2)]
    assert [start.wait() for start in starts] == [0, 0]
    servers = [
        pid
        for pid in processes(data_of(fresh_home))
        if not Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"postgres:")
    ]
    assert servers == [pid_of(fresh_home)]


def test_two_homes_have_two_servers(fresh_home: Path, running_home: Path) -> None:
    server.ensure_running(fresh_home)
    assert pid_of(fresh_home) != pid_of(running_home)


def test_a_killed_server_comes_back_with_what_was_committed(fresh_home: Path) -> None:
    server.ensure_running(fresh_home)
    with connect() as conn:
        conn.execute("create table kept (n int)")
        conn.execute("insert into kept values (1)")
    with closing(psycopg.connect(**_owner(fresh_home))) as busy:
        busy.execute("insert into kept values (2)")
        killed = pid_of(fresh_home)
        os.kill(killed, signal.SIGKILL)
        server.ensure_running(fresh_home)
    assert pid_of(fresh_home) != killed
    with connect() as conn:
        assert conn.execute("select n from kept").fetchall() == [(1,)]


def test_a_child_that_outlives_its_server_is_gone_before_the_next_one_starts(
    fresh_home: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "ORPHANS_LEAVE_SECONDS", 0.5)
    server.ensure_running(fresh_home)
    with connect() as conn:
        child = conn.info.backend_pid
        os.kill(child, signal.SIGSTOP)
        os.kill(pid_of(fresh_home), signal.SIGKILL)
        server.ensure_running(fresh_home)
    assert child not in processes(data_of(fresh_home))
    with connect() as conn:
        assert conn.execute("select 1").fetchone() == (1,)


def test_a_pid_file_that_names_another_program_is_not_believed(fresh_home: Path) -> None:
    server.ensure_running(fresh_home)
    file = data_of(fresh_home) / "postmaster.pid"
    lines = file.read_text().splitlines()
    os.kill(pid_of(fresh_home), signal.SIGKILL)
    other = subprocess.Popen(["/bin/sleep", "600"])
    try:
        owner = data_of(fresh_home).stat()
        file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        os.chown(file, owner.st_uid, owner.st_gid)
        assert not server.status(fresh_home).running
        assert not server.stop(fresh_home)
        assert other.poll() is None
        server.ensure_running(fresh_home)
        assert pid_of(fresh_home) != other.pid
    finally:
        other.kill()
        other.wait()


def test_a_killed_first_start_is_repeated_cleanly(fresh_home: Path) -> None:
    for pause in (0.3, 0.9, 1.8):
        start = subprocess.Popen([sys.executable, "-c", START, str(fresh_home)])
        time.sleep(pause)
        start.kill()
        start.wait()
    server.ensure_running(fresh_home)
    with connect() as conn:
        assert conn.execute("select current_database()").fetchone() == ("salur",)


def test_a_start_killed_while_the_server_creates_the_database_is_repeated_cleanly(fresh_home: Path) -> None:
    server.ensure_running(fresh_home)
    with psycopg.connect(**parameters(fresh_home, "owner", "postgres"), autocommit=True) as conn:
        conn.execute("drop database salur with (force)")
        start = subprocess.Popen([sys.executable, "-c", START, str(fresh_home)])
        while start.poll() is None and not conn.execute(CREATING).fetchone():
            pass
        start.kill()
        start.wait()
        assert conn.execute(CREATING).fetchone(), "the kill came too late to show anything"
        server.ensure_running(fresh_home)
        assert conn.execute("select 1 from pg_database where datname = 'salur'").fetchone()


def test_a_deleted_socket_brings_a_new_server(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SOCKET_MISSING_SECONDS", 0.3)
    before = server.ensure_running(fresh_home)
    pid = pid_of(fresh_home)
    before.socket.unlink()
    server.ensure_running(fresh_home)
    assert pid_of(fresh_home) != pid


def test_there_is_no_tcp(running_home: Path) -> None:
    with connect() as conn:
        assert conn.execute("show listen_addresses").fetchone() == ("",)
    inodes = set()
    for descriptor in Path(f"/proc/{pid_of(running_home)}/fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for table in ("tcp", "tcp6"):
        listening = {line.split()[9] for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]}
        assert not inodes & listening


def test_every_way_in_asks_for_a_password_or_is_rejected(running_home: Path) -> None:
    rules = [line.split() for line in (data_of(running_home) / "pg_hba.conf").read_text().splitlines()]
    ways = {(rule[0], rule[-1]) for rule in rules if rule and not rule[0].startswith("#")}
    assert ways == {("local", "scram-sha-256"), ("host", "reject")}


def test_a_wrong_or_missing_password_does_not_get_in(running_home: Path) -> None:
    for wrong in ({"password": "wrong"}, {"password": ""}, {"user": "postgres"}):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**{**_owner(running_home), "passfile": "/dev/null", **wrong})


@pytest.mark.skipif(not is_root(), reason="only root can become somebody else")
def test_another_user_of_the_machine_cannot_reach_the_socket(running_home: Path) -> None:
    path = str(server.address_of(running_home).socket)
    attempt = f"import socket\nsocket.socket(socket.AF_UNIX).connect({path!r})"
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(path)
    foreign = subprocess.run(
        ["/usr/bin/python3", "-c", attempt], user=65534, group=65534, extra_groups=[], capture_output=True, text=True
    )
    assert "PermissionError" in foreign.stderr


def test_a_socket_folder_that_others_may_enter_is_refused(fresh_home: Path) -> None:
    place = make_socket_folder(fresh_home)
    place.chmod(0o755)
    with pytest.raises(Refused):
        server.ensure_running(fresh_home)
    shutil.rmtree(place)
    place.symlink_to(fresh_home)
    with pytest.raises(Refused):
        server.ensure_running(fresh_home)
    place.unlink()


def test_a_home_with_a_long_or_odd_path_gets_a_short_socket(fresh_home: Path) -> None:
    odd = fresh_home / ("rumah 'panjang' $(x) " + "n" * 120)
    odd.mkdir(mode=0o700)
    try:
        address = server.ensure_running(odd)
        assert len(str(address.socket)) < 104
        assert server.status(odd).running
    finally:
        server.stop(odd)
        shutil.rmtree(data_of(odd), ignore_errors=True)
        shutil.rmtree(socket_folder(odd), ignore_errors=True)


def test_a_failing_statement_leaves_nothing_personal_in_the_log(running_home: Path) -> None:
    with connect(autocommit=True) as conn, pytest.raises(psycopg.Error):
        conn.execute("select '6371010101900001 Siti Rahayu'::int")
    log = (running_home / "log" / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "6371010101900001" not in log


def _owner(home: Path) -> dict[str, str]:
    from salur.foundation.database.embedded import parameters

    return parameters(home, "owner")
