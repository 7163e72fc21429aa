"""The benchmark of the bulk work still runs, and Salur and the plain script still give the same lists."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_salur_and_the_plain_script_give_the_same_lists(tmp_path: Path) -> None:
    command = [
        sys.executable,
        ROOT / "benchmarks/national.py",
        "--families",
        "20000",
        "--runs",
        "1",
        "--place",
        tmp_path,
        "--settings",
        "--json",
    ]
    # A home of its own: other tests of this process speak to a house of theirs.
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SALUR_", "DATABASE_URL"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=bare)
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout)
    assert told["digests_equal"] is True
    assert [step["name"] for step in told["steps"]][0] == "determinations" and len(told["steps"]) == 6
    assert all(
        told[name] > 0
        for name in ("ratio_to_floor", "ratio_to_floor_with_settings", "ratio_without_sealing", "peak_memory_mb")
    )
    assert told["rows"]["enrolment_SEMBAKO"] == 20_000 and told["rows"]["settlement"] > 3_000
    assert [json.loads(file.read_text()) for file in tmp_path.glob("*.json") if file.name[0].isdigit()] == [told]
