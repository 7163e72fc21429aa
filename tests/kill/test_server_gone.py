"""A page or a worker lives longer than the database server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, signal
from django.db import OperationalError, connection
from salur.foundation.database import process, server
from salur.foundation.database.home import home
from salur.foundation.database.place import find_data
from salur.foundation.database.ready import ready_django

def answers() -> bool:
    connection.close()  # as between two requests
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return cursor.fetchone() == (1,)
    except OperationalError:
        return False

from kill.harness import forget
try:
    server.ensure_running(home())
    ready_django()
    assert answers()
    first = process.postmaster(find_data(home()))
    os.kill(first, signal.SIGKILL)
    assert process.wait_until_gone(first, find_data(home()), 30)
    assert answers(), "a killed server is started again"
    server.stop(home())
    assert not answers(), "a stopped server stays stopped"
finally:
    forget(home())
"""


def test_a_page_starts_a_killed_server_again_and_leaves_a_stopped_one_alone(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"SALUR_HOME": str(tmp_path / "home"), "PYTHONPATH": os.pathsep.join(("src", "tests"))}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
