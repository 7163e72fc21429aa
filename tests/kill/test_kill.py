"""A handful of kills. A hundred and more are run alone: `python -m kill.harness` (see the package)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_killed_and_doubled_commands_end_in_the_figures_of_an_undisturbed_journey() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(("src", "tests"))}
    done = subprocess.run(
        [sys.executable, "-m", "kill.harness", "--times", "8", "--families", "60", "--short", "--seed", "ci"],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == [], done.stderr
    assert told["kills"] >= 4, told
    assert sum(told["twice"].values()) > 10, told
