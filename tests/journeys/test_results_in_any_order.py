"""What became of the money is a function of the set of result lines: order, files and repetitions are nothing to it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from salur.entrypoints.cli.demo import channels
from support.house import House, Street
from support.journey import SEMBAKO, approved, generated, register
from support.paths import Rows, pieces, rows_of, shuffled, write

CODE = "SEMBAKO-2023-05"
# What is told of a file and not of its lines.
OF_FILES = {"TANPA_TOTAL_KONTROL"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("world"), families=300)


def handed_out(house: House, files: Path, folder: Path) -> Path:
    """The cycle with its instructions released."""
    register(house, files)
    approved(house, *SEMBAKO)
    house.ok("instruction", "write", CODE, "--out", folder / "out", "--as", "disburser")
    house.ok("instruction", "release", CODE, "--as", "disburser")
    return folder / "out"


def answers(out: Path, folder: Path) -> list[tuple[str, Path]]:
    """Both rounds of the channels' answers."""
    told = []
    for number in (1, 2):
        given = channels.answer(out, folder / f"results-{number}", seed="salur", truth=folder / "truth", round=number)
        told += [(channel, file) for channel, some in given.items() for file in some]
    return told


def written(out: Path) -> dict[str, bytes]:
    """The instruction files; their ids and bytes depend on the home's key alone."""
    return {path.name: path.read_bytes() for path in out.iterdir()}


def take(house: House, channel: str, file: Path) -> None:
    done = house.run("result", "import", channel, file, "--as", "reconciler")
    assert done.returncode in (0, 3), done.stderr


def settled(house: House) -> dict[str, Any]:
    """The digest of the settlement, the answer of `reconcile`, and the ledger by place and account."""
    from salur.budget import ledger

    told = house.ok("reconcile", CODE, "--as", "reconciler")
    for name in ("exceptions", "exceptions_rupiah"):
        told[name] = {cause: n for cause, n in told[name].items() if cause not in OF_FILES}
    books = {
        (*place, account): rupiah
        for place, found in ledger.balances(CODE).items()
        for account, rupiah in found.items()
        if rupiah
    }
    return {"told": told, "books": books}


def told_otherwise(given: list[tuple[str, Path]], folder: Path) -> list[tuple[str, Path]]:
    """All lines of each channel shuffled, a third of them twice, in five other files without control totals."""
    lines: dict[str, Rows] = defaultdict(list)
    for channel, file in given:
        lines[channel] += rows_of(file)
    files = []
    for channel, rows in sorted(lines.items()):
        mixed = shuffled(rows + shuffled(rows, channel)[: len(rows) // 3], f"{channel} again")
        parts = enumerate(pieces(mixed, 5))
        files += [(channel, write(folder / f"{channel}-{n}.csv", part, delimiter=";")) for n, part in parts if part]
    return files[::-1]


def test_results_repeated_in_any_order_and_in_other_files_settle_the_same(
    the_street: Street, house: House, files: Path, tmp_path: Path
) -> None:
    given = answers(handed_out(house, files, tmp_path), tmp_path)
    for number, (channel, file) in enumerate(given):
        take(house, channel, file)
        if number % 3 == 0:
            house.ok("reconcile", CODE, "--as", "reconciler")
    plain = settled(house)
    assert plain["told"]["difference_rupiah"] == 0
    assert {"KREDIT_GANDA", "KURANG_BAYAR", "KONTRADIKSI", "ID_TIDAK_DIKENAL"} <= plain["told"]["exceptions"].keys()
    assert settled(house) == plain

    for channel, file in given:  # the same files once more
        take(house, channel, file)
    assert settled(house) == plain

    other = the_street.build()
    try:
        out = handed_out(other, files, tmp_path / "other")
        assert written(out) == written(tmp_path / "out")
        for channel, file in told_otherwise(given, tmp_path / "mixed"):
            take(other, channel, file)
        assert settled(other) == plain
    finally:
        the_street.tear_down(other)
