"""What a killed run leaves behind goes, what is listed or in use stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from salur.foundation.database import home as homes
from salur.foundation.database.connection import connect
from salur.foundation.database.home import clear_workplaces, workplace
from salur.foundation.database.locks import run_lock
from support.house import House

FAMILIES = "no_kk,kode_desa,desil\n6371010101200001,63.71.01.1001,1\n"
PERSONS = (
    "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
    "6371014101800001,6371010101200001,Siti Contoh,1980-01-01,P,KEPALA,PADAN\n"
)
KILLED_AT_WORK = """
import os, signal
from salur.foundation.database.home import workplace
with workplace("import") as place:
    (place / "rows").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def filled(house: House, tmp_path: Path) -> House:
    """A house with a release, so that its lake and its archive hold something listed."""
    for name, content in (("families", FAMILIES), ("persons", PERSONS)):
        (tmp_path / f"{name}.csv").write_text(content)
        house.ok("registry", "import", tmp_path / f"{name}.csv", "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK 1", "--as", "registrar")
    return house


def leave_behind(house: House) -> tuple[Path, Path]:
    """What a run has when it is killed between writing and listing."""
    folder = house.home / "lake" / "entitlements" / "0f0f"
    folder.mkdir(parents=True)
    (folder / "part-0.parquet").write_bytes(b"half")
    copied = house.home / "archive" / "received" / "0f0f"
    copied.write_bytes(b"half")
    with house.owner() as conn:
        conn.execute("create table stage_entitlement_4711 (n int)")
    return folder, copied


def stages(house: House) -> int:
    with house.owner() as conn:
        return conn.execute(
            "select count(*) from pg_class where relkind = 'r' and relname like 'stage\\_%'"
        ).fetchone()[0]


def files(house: House) -> set[Path]:
    return {file for part in ("lake", "archive") for file in (house.home / part).rglob("*") if file.is_file()}


def test_left_overs_go_with_the_next_command_and_what_is_listed_stays(filled: House) -> None:
    listed = files(filled)
    assert listed
    folder, copied = leave_behind(filled)
    filled.ok("monitor", "--as", "monitor")
    assert not folder.exists()
    assert not copied.exists()
    assert stages(filled) == 0
    assert files(filled) == listed


def test_nothing_goes_while_a_run_is_under_way(filled: House) -> None:
    folder, copied = leave_behind(filled)
    with connect("owner") as owner, run_lock(owner, "cycle SEMBAKO-2023-05"):
        assert filled.ok("doctor")["swept"] is None
        assert folder.exists()
        assert copied.exists()
        assert stages(filled) == 1
    assert filled.ok("doctor")["swept"] == {"stages": 1, "datasets": 1, "archived": 1, "workplaces": 0}


def test_a_catalogue_that_lists_nothing_of_the_lake_takes_nothing_away(house: House) -> None:
    folder = house.home / "lake" / "entitlements" / "0f0f"
    folder.mkdir(parents=True)
    (folder / "part-0.parquet").write_bytes(b"another database's")
    assert house.ok("doctor")["swept"]["datasets"] == 0
    assert folder.exists()


def test_a_killed_process_s_workplace_goes_and_a_living_one_s_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "DESERTED_SECONDS", -1)
    subprocess.run([sys.executable, "-c", KILLED_AT_WORK], env={**os.environ, "PYTHONPATH": "src"}, check=False)
    assert len(list((house.home / "tmp").iterdir())) == 1
    with workplace("export") as place:
        assert clear_workplaces() == 1
        assert list((house.home / "tmp").iterdir()) == [place]
    assert not place.exists()


def test_a_workplace_as_young_as_its_lock_is_spared(house: House) -> None:
    place = house.home / "tmp" / "import-just-made"
    place.mkdir(parents=True)
    assert clear_workplaces() == 0
    assert place.exists()
