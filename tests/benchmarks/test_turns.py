"""Scripts that take turns: never two at once, and only what one was let work counts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORK = """
import json, time
began = time.perf_counter()
while time.process_time() < 0.5: pass
print(json.dumps({"steps": [{"name": "work", "stretches": [[began, time.perf_counter()]]}]}))
"""


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    yield
    for name in ("turns", "memory"):
        sys.modules.pop(name, None)


def test_of_a_step_only_what_lies_in_the_turns_of_its_script_counts() -> None:
    from turns import overlap

    assert overlap([(0, 10)], [(0, 2), (4, 6), (9, 12)]) == 5
    assert overlap([(0, 1), (5, 6), (6, 20)], [(0.5, 5.5), (8, 9)]) == 0.5 + 0.5 + 1
    assert overlap([(0, 1)], []) == 0


def test_two_scripts_never_work_at_once(tmp_path: Path) -> None:
    from turns import Script, take_turns

    file = tmp_path / "work.py"
    file.write_text(WORK)
    scripts = [Script(str(file), uses_server=False) for _each in range(2)]
    told = take_turns(scripts, seconds=0.1)
    stretches = sorted((*turn, nth) for nth, script in enumerate(scripts) for turn in script.worked)
    assert all(before[1] <= after[0] for before, after in zip(stretches, stretches[1:], strict=False))
    assert {nth for _began, _ended, nth in stretches[:2]} == {0, 1}
    for one, script in zip(told, scripts, strict=True):
        [step] = one["steps"]
        assert 0 < step["seconds"] <= sum(ended - began for began, ended in script.worked)


def test_a_script_that_fails_is_told_and_the_other_ended(tmp_path: Path) -> None:
    from turns import Script, take_turns

    wrong, endless = tmp_path / "wrong.py", tmp_path / "endless.py"
    wrong.write_text("raise SystemExit('out of order')")
    endless.write_text(WORK.replace("< 0.5", "< 60"))
    scripts = [Script(str(file), uses_server=False) for file in (wrong, endless)]
    with pytest.raises(SystemExit, match="out of order"):
        take_turns(scripts, seconds=0.1)
    assert all(script.is_done for script in scripts)
