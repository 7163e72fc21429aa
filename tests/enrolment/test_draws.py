"""Two officers who commit one draw in the same moment."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from salur.foundation.database.locks import lock_key
from support.house import House

SALUR = Path(sys.executable).with_name("salur")
MINE = "insert into enrolment_draw (programme, period, secret, commitment, committed_at, committed_by, person, reason, checked_by, is_current)"


def wait_until_somebody_waits(owner: Any) -> None:
    for _second in range(300):
        if owner.execute("select 1 from pg_locks where not granted").fetchone():
            return
        time.sleep(0.1)
    raise AssertionError("the second commit does not wait for the first")


@pytest.mark.parametrize(("secret", "is_same"), [("rahasia", True), ("lain", False)])
def test_the_second_of_two_commits_waits_and_learns_of_the_first(house: House, secret: str, is_same: bool) -> None:
    words = ["draw", "commit", "SEMBAKO", "2023-05", "--secret", secret, "--as", "approver"]
    with house.owner() as first, house.owner() as watching:
        with first.transaction():
            first.execute("select pg_advisory_xact_lock(%s)", [lock_key("draw SEMBAKO 2023-05")])
            first.execute(
                MINE
                + " values ('SEMBAKO', '2023-05', 'rahasia', encode(sha256('rahasia'), 'hex'), now(), 'approver', 'x', '', '', true)"
            )
            second = subprocess.Popen([SALUR, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            wait_until_somebody_waits(watching)
        _told, refusal = second.communicate(timeout=60)
    assert (second.returncode == 0) == is_same, refusal
    assert is_same or "--reason" in refusal
