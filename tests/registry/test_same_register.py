"""The same rows make the same register, however they are cut, ordered or written."""

import csv
import random
from pathlib import Path

import pytest

from registry.given import Register
from salur.entrypoints.cli.demo import population

KINDS = ("families", "persons", "accounts")


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="") as lines:
        head, *rows = csv.reader(lines)
    return head, rows


def written(path: Path, head: list[str], rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    population.generate(folder / "in", families=400, seed="salur", truth=folder / "truth")
    return folder / "in"


def as_given(world: Path, folder: Path, rng: random.Random) -> list[Path]:
    return [world / f"{kind}.csv" for kind in KINDS]


def other_order(world: Path, folder: Path, rng: random.Random) -> list[Path]:
    """Files and rows in another order, columns reversed, another delimiter, a stranger's column."""
    files = []
    for kind in reversed(KINDS):
        head, rows = rows_of(world / f"{kind}.csv")
        rng.shuffle(rows)
        turned = [[*row[::-1], "catatan"] for row in rows]
        files.append(written(folder / f"{kind}.csv", [*head[::-1], "keterangan"], turned, ";"))
    return files


def in_seven(world: Path, folder: Path, rng: random.Random) -> list[Path]:
    """Each file cut in seven, all in one call."""
    files = []
    for kind in KINDS:
        head, rows = rows_of(world / f"{kind}.csv")
        rng.shuffle(rows)
        files += [written(folder / f"{kind}-{part}.csv", head, rows[part::7]) for part in range(7)]
    rng.shuffle(files)
    return files


def digests(register: Register, files: list[Path]) -> list[str]:
    from salur.registry.models import Release

    register.take_files(*files, code=3)
    made = Release.objects.get(pk=register.release()["release"])
    return [made.families.digest, made.persons.digest, made.findings.digest]


def test_rows_in_any_order_cut_anyhow_make_the_same_release(register: Register, world: Path) -> None:
    found = []
    for cut in (as_given, other_order, in_seven):
        register.empty()
        folder = register.folder / cut.__name__
        folder.mkdir()
        found.append(digests(register, cut(world, folder, random.Random(7))))
    assert found[0] == found[1] == found[2]


def test_kinds_that_come_in_calls_of_their_own_make_the_same_release(register: Register, world: Path) -> None:
    together = digests(register, as_given(world, register.folder, random.Random(7)))
    register.empty()
    for kind in ("accounts", "persons"):
        register.house.run("registry", "import", world / f"{kind}.csv", "--as", "registrar")
    assert digests(register, [world / "families.csv"]) == together
