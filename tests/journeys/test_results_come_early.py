"""A channel may answer before we have said that its instructions are out: what nobody could know then counts later."""

from __future__ import annotations

from pathlib import Path

import pytest

from salur.entrypoints.cli.demo import channels
from support.house import House
from support.journey import PKH, SEMBAKO, approved, generated, register


@pytest.fixture
def two_cycles(house: House, tmp_path: Path) -> House:
    """SEMBAKO's instructions are released, those of PKH written only."""
    register(house, generated(tmp_path, families=80, failures=False))
    for programme, period in (SEMBAKO, PKH):
        code = approved(house, programme, period)
        house.ok("instruction", "write", code, "--out", tmp_path / code, "--as", "disburser")
    house.ok("instruction", "release", "SEMBAKO-2023-05", "--as", "disburser")
    return house


def test_the_same_file_is_read_again_once_its_instructions_are_released(two_cycles: House, tmp_path: Path) -> None:
    house = two_cycles
    given = channels.answer(
        tmp_path / "PKH-2023-T2", tmp_path / "answers", seed="salur", truth=tmp_path / "truth", round=1, failures=False
    )
    channel, files = next(iter(sorted(given.items())))
    (early,) = house.ok("result", "import", channel, files[0], "--as", "reconciler", code=3)
    assert early["accepted"] == 0 and early["rejected"] == early["rows"]
    (again,) = house.ok("result", "import", channel, files[0], "--as", "reconciler", code=3)
    assert (again["accepted"], again["rejected"]) == (0, early["rows"])

    house.ok("instruction", "release", "PKH-2023-T2", "--as", "disburser")
    (known,) = house.ok("result", "import", channel, files[0], "--as", "reconciler")
    assert (known["accepted"], known["rejected"]) == (early["rows"], 0)
    (repeated,) = house.ok("result", "import", channel, files[0], "--as", "reconciler")
    assert (repeated["accepted"], repeated["unchanged"]) == (0, early["rows"])

    told = house.ok("reconcile", "PKH-2023-T2", "--as", "reconciler")
    assert told["difference_rupiah"] == 0 and told["credited_rupiah"] > 0
    assert "ID_TIDAK_DIKENAL" not in told["exceptions"]
    assert house.ok("audit", "PKH-2023-T2", "--as", "auditor")["faults"] == []
    with house.owner() as conn:
        assert conn.execute("select count(*) from delivery_resultfile").fetchone()[0] == 2
