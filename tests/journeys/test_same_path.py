"""The same world gives the same lists, whatever the path; and a small change moves only those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from support.house import Street
from support.journey import PKH, SEMBAKO, generated
from support.paths import pieces, rows_of, shuffled, write

KINDS = ("families", "persons", "accounts")
Calls = Sequence[Sequence[Path]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register in which much is wrong."""
    return generated(tmp_path_factory.mktemp("world"), families=200)


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without a conflict: across calls the newer of two rows wins, so that there the path may matter."""
    return generated(tmp_path_factory.mktemp("sound"), families=200, failures=False)


def as_given(files: Path, out: Path) -> Calls:
    return [[files / f"{kind}.csv" for kind in KINDS]]


def rows_shuffled(files: Path, out: Path) -> Calls:
    return [[write(out / f"{kind}.csv", shuffled(rows_of(files / f"{kind}.csv"), kind)) for kind in reversed(KINDS)]]


def seven_pieces_in_one_call(files: Path, out: Path) -> Calls:
    return [[piece for call in seven_calls(files, out) for piece in call]]


def seven_calls(files: Path, out: Path) -> Calls:
    """Persons come before their family, accounts before their person."""
    cut = {kind: pieces(shuffled(rows_of(files / f"{kind}.csv"), kind), 7) for kind in KINDS}
    return [[write(out / f"{kind}-{number}.csv", cut[kind][number]) for kind in KINDS] for number in range(7)]


def accounts_first_families_last(files: Path, out: Path) -> Calls:
    return [[files / f"{kind}.csv"] for kind in reversed(KINDS)]


def everything_twice(files: Path, out: Path) -> Calls:
    return [[files / f"{kind}.csv" for kind in KINDS], [*rows_shuffled(files, out)[0]]]


def columns_reordered(files: Path, out: Path) -> Calls:
    rows = {kind: rows_of(files / f"{kind}.csv") for kind in KINDS}
    return [[write(out / f"{kind}.csv", rows[kind], columns=sorted(rows[kind][0], reverse=True)) for kind in KINDS]]


def semicolons(files: Path, out: Path) -> Calls:
    return [[write(out / f"{kind}.csv", rows_of(files / f"{kind}.csv"), delimiter=";", foreign=True) for kind in KINDS]]


def digests(street: Street, files: Path, path: Callable[[Path, Path], Calls], out: Path) -> dict[str, Any]:
    """Release and lists of a house of its own after taking the files on this path."""
    house = street.build()
    try:
        for programme, period in (SEMBAKO, PKH):
            house.ok("draw", "commit", programme, period, "--secret", "rahasia", "--as", "approver")
        for call in path(files, out):
            done = house.run("registry", "import", *call, "--rejected", out / "rejected", "--as", "registrar")
            assert done.returncode in (0, 3), done.stderr
        release = house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK 1", "--as", "registrar")
        house.ok("quota", "import", files / "quotas.csv", "--as", "planner")
        told = {name: release[name] for name in ("families", "persons", "families_digest", "persons_digest")}
        with house.owner() as conn:
            query = "select d.digest from registry_release r join lake_dataset d on d.id = r.findings_id"
            told["findings_digest"] = conn.execute(query).fetchone()[0]
        for programme, period in (SEMBAKO, PKH):
            told[programme] = house.ok("enrolment", "determine", programme, period, "--as", "planner")["list_digest"]
        return told
    finally:
        street.tear_down(house)


@pytest.fixture(scope="module")
def straight(the_street: Street, files: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return digests(the_street, files, as_given, tmp_path_factory.mktemp("straight"))


@pytest.mark.parametrize(
    "path", [rows_shuffled, seven_pieces_in_one_call, columns_reordered, semicolons, everything_twice]
)
def test_a_register_in_one_call_is_the_same_whatever_its_files_look_like(
    the_street: Street, files: Path, straight: dict[str, Any], tmp_path: Path, path: Callable[[Path, Path], Calls]
) -> None:
    assert digests(the_street, files, path, tmp_path) == straight


def test_a_register_in_many_calls_is_the_same_as_in_one(the_street: Street, sound_files: Path, tmp_path: Path) -> None:
    once = digests(the_street, sound_files, as_given, tmp_path / "1")
    assert once["families"] == 200
    assert digests(the_street, sound_files, seven_calls, tmp_path / "7") == once
    assert digests(the_street, sound_files, accounts_first_families_last, tmp_path / "3") == once
