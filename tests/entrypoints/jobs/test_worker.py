"""The worker does what a command would have done, and takes up what a killed worker left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from support.house import House
from support.journey import SEMBAKO, approved, generated, register

CODE = "SEMBAKO-2023-05"


def worker(*, once: bool = True) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "salur.entrypoints.jobs.worker", *(["--once"] if once else [])]
    return subprocess.Popen(arguments, env=dict(os.environ), stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> None:
    _out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()


def state(house: House) -> str:
    with house.owner() as conn:
        return conn.execute("select state from cycles_cycle where code = %s", [CODE]).fetchone()[0]


def test_an_approved_list_is_prepared_and_waits_for_a_person(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=120))
    approved(house, *SEMBAKO)
    finish(worker())
    assert state(house) == "PREPARED"
    told = house.ok("instruction", "write", CODE, "--out", tmp_path / "out", "--as", "disburser")
    assert told["instructions"] > 0


def test_what_a_killed_worker_left_is_taken_up_again(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=120))
    approved(house, *SEMBAKO)
    killed = worker(once=False)
    with house.owner() as conn:
        for _turn in range(600):
            doing = conn.execute(
                "select count(*) from procrastinate_jobs where status = 'doing' and task_name = 'prepare_instructions'"
            )
            if doing.fetchone()[0] or state(house) == "PREPARED":
                break
            time.sleep(0.1)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        # As if the half minute without a heartbeat had passed already.
        conn.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 hour'")
    finish(worker())
    assert state(house) == "PREPARED"
    with house.owner() as conn:
        assert conn.execute("select count(*) from delivery_batch").fetchone()[0] == 1
        assert conn.execute("select count(*) from procrastinate_jobs where status = 'doing'").fetchone()[0] == 0


def test_a_stalled_job_does_not_stop_the_workers_when_the_same_waits_again(house: House) -> None:
    with house.owner() as conn:
        for status in ("doing", "todo"):  # a killed worker's, and the one that the next minute has queued
            conn.execute(
                "insert into procrastinate_jobs (task_name, queueing_lock, args, status, queue_name, attempts)"
                " values ('look', 'look', '{}', %s, 'default', 0)",
                [status],
            )
    finish(worker())
    with house.owner() as conn:
        states = conn.execute("select status::text from procrastinate_jobs order by id limit 2").fetchall()
    assert states == [("failed",), ("succeeded",)]
