"""`salur demo` from an empty house to two reconciled cycles, again in seconds, and on from where it was killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.house import House, Street

SIZE = ("--families", "300", "--seed", "uji")
DEMO = ("demo", *SIZE, "--no-serve")


@pytest.fixture(scope="module")
def played(the_street: Street) -> Iterator[tuple[House, dict[str, Any]]]:
    """A house in which the demo has run once, and what it told."""
    house = the_street.build()
    yield house, house.ok(*DEMO)
    the_street.tear_down(house)


def outcome(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What must not depend on kills and repetitions."""
    return [(c["cycle"], c["list_digest"], c["settlement_digest"], c["exceptions"]) for c in told["cycles"]]


def test_both_cycles_are_reconciled_to_the_rupiah(played: tuple[House, dict[str, Any]]) -> None:
    _house, told = played
    assert [cycle["cycle"] for cycle in told["cycles"]] == ["SEMBAKO-2023-05", "PKH-2023-T2"]
    for cycle in told["cycles"]:
        parts = ("admitted", "held", "waiting", "not_admitted")
        assert cycle["considered"] == sum(cycle[part] for part in parts) > 250
        assert cycle["credited_rupiah"] > 0
        assert cycle["exceptions"]
        assert cycle["difference_rupiah"] == 0


def test_every_role_has_an_account_of_another_person(played: tuple[House, dict[str, Any]]) -> None:
    house, told = played
    roles = {one["role"] for one in told["users"]}
    assert roles == {
        "registrar", "planner", "approver", "disburser", "channel", "reconciler", "monitor", "auditor", "admin"
    }  # fmt: skip
    with house.owner() as connection:
        people = [person for (person,) in connection.execute("select person from access_officer").fetchall()]
        hands = connection.execute(
            "select opened_person, approved_person, prepared_person, released_person"
            " from cycles_cycle c join delivery_batch b on b.cycle_id = c.id"
        ).fetchall()
    assert len(set(people)) == len(people)
    assert all(len(set(four)) == 4 for four in hands)


def test_called_again_it_does_nothing_and_tells_the_same(played: tuple[House, dict[str, Any]]) -> None:
    house, told = played
    before = lines_of_audit(house)
    again = house.run("demo", "--no-serve", "--json")
    assert json.loads(again.stdout) == told
    assert lines_of_audit(house) == before


def lines_of_audit(house: House) -> int:
    with house.owner() as connection:
        return connection.execute("select count(*) from audit_line").fetchone()[0]


def test_the_truth_lies_apart_and_the_work_files_are_gone(played: tuple[House, dict[str, Any]]) -> None:
    house, _told = played
    assert (house.home / "demo-truth" / "truth.csv").is_file()
    assert (house.home / "demo-truth").stat().st_mode & 0o077 == 0
    assert not (house.home / "demo-work").exists()


def test_the_summary_for_people_names_both_cycles_and_the_accounts(played: tuple[House, dict[str, Any]]) -> None:
    house, _told = played
    shown = house.run("demo", "--no-serve").stdout
    assert "DATA CONTOH" in shown
    assert "SEMBAKO-2023-05" in shown and "PKH-2023-T2" in shown
    assert "disburser2" in shown


def test_another_size_or_seed_is_refused(played: tuple[House, dict[str, Any]]) -> None:
    house, _told = played
    assert "300 keluarga" in house.refused("demo", "--families", "301", "--no-serve")
    assert "benih uji" in house.refused("demo", "--seed", "lain", "--no-serve")


def test_a_home_with_real_data_is_refused(house: House) -> None:
    secrets = json.loads((house.home / "secrets.json").read_text())
    del secrets["demo"]
    (house.home / "secrets.json").write_text(json.dumps(secrets))
    assert "data sungguhan" in house.refused(*DEMO)


def test_a_home_with_another_register_is_refused(house: House, tmp_path: Path) -> None:
    families = tmp_path / "families.csv"
    families.write_text("no_kk,kode_desa,desil\n6371010101200001,63.71.01.1001,1\n")
    house.ok("registry", "import", families, "--as", "registrar")
    assert "registri lain" in house.refused(*DEMO)


@pytest.mark.slow
def test_a_killed_demo_goes_on_and_ends_the_same(house: House, played: tuple[House, dict[str, Any]]) -> None:
    for step in ("import", "write-SEMBAKO-2023-05", "results-PKH-2023-T2-1"):
        kill_after(house, step)
    assert outcome(house.ok(*DEMO)) == outcome(played[1])


def kill_after(house: House, step: str) -> None:
    """Start the demo as a process of its own and kill it in the middle of what follows the step."""
    process = subprocess.Popen(
        [sys.executable, "-m", "salur.entrypoints.cli.main", *DEMO],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    marks = house.home / "demo.json"
    while process.poll() is None and not (marks.is_file() and step in json.loads(marks.read_text())["seconds"]):
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
