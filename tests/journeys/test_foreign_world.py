"""Files made without Salur go through the commands; a checker that knows only the written rules finds no difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.run_world import run_world
from support.house import ID_KEY, House, run_here


@pytest.mark.parametrize("seed", ["asing", "lain", "jauh"])
def test_a_checker_built_on_the_written_rules_finds_no_difference(house: House, tmp_path: Path, seed: str) -> None:
    said = run_world(run_here, tmp_path, families=500, seed=seed, admin="admin", key=bytes.fromhex(ID_KEY))
    assert said == []
