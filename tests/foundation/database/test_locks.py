from pathlib import Path

import psycopg
import pytest

from salur.foundation.database.connection import connect
from salur.foundation.database.locks import AlreadyRunning, run_lock


def is_free(name: str) -> bool:
    with connect() as conn:
        try:
            with run_lock(conn, name):
                return True
        except AlreadyRunning:
            return False


@pytest.mark.parametrize("autocommit", [True, False])
def test_a_second_worker_is_told_plainly(running_home: Path, autocommit: bool) -> None:
    with connect(autocommit=autocommit) as conn:
        with run_lock(conn, "SEMBAKO-2023-05"):
            assert conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            refused = pytest.raises(AlreadyRunning, match="SEMBAKO-2023-05 sedang dikerjakan")
            with connect() as other, refused, run_lock(other, "SEMBAKO-2023-05"):
                pass
            assert is_free("PKH-2023-T2")
        assert is_free("SEMBAKO-2023-05")


def test_a_failed_run_gives_its_lock_back_and_keeps_its_error(running_home: Path) -> None:
    with connect() as conn:
        with pytest.raises(psycopg.errors.DivisionByZero), run_lock(conn, "run"):
            conn.execute("select 1/0")
        assert is_free("run")


def test_a_session_that_ends_gives_its_lock_back(running_home: Path) -> None:
    with connect(autocommit=True) as killer, connect() as conn, pytest.raises(psycopg.OperationalError):  # noqa: SIM117
        with run_lock(conn, "run"):
            killer.execute("select pg_terminate_backend(%s, 5000)", [conn.info.backend_pid])
            conn.execute("select 1")
    assert is_free("run")


def test_work_that_was_not_committed_stays_the_caller_s(running_home: Path) -> None:
    with connect() as conn:
        conn.execute("create table if not exists worked (n int)")
        conn.execute("truncate worked")
        conn.commit()
        with run_lock(conn, "run"):
            conn.execute("insert into worked values (1)")
        conn.commit()
        assert conn.execute("select count(*) from worked").fetchone() == (1,)
