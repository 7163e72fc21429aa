"""A NIK, a card, a name, an address or an account number stands where it must, and nowhere else."""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.house import House, Street
from support.journey import PKH, SEMBAKO, whole

PERSONAL = {"no_kk", "no_kk_lama", "nik", "nama", "alamat", "nomor_rekening", "nama_rekening"}
# Tables that hold people, guarded by the area; every other table must be free of them.
OF_PEOPLE = (
    "registry_family",
    "registry_card",
    "registry_person",
    "registry_account",
    "registry_review",
    "registry_finding",
)


@dataclass(frozen=True)
class Listening(House):
    """A house that remembers what its commands said."""

    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str | Path) -> CompletedProcess[str]:
        done = super().run(*arguments)
        self.said.append(done.stdout + done.stderr)
        return done


@dataclass(frozen=True)
class Secrets:
    """What the files say about people: numbers as whole tokens, words as they are written."""

    numbers: frozenset[str]
    words: frozenset[str]

    def among(self, text: str) -> set[str]:
        """What of it a text gives away."""
        return set(self.numbers.intersection(re.findall(r"\d{8,}", text))) | {
            word for word in self.words if word in text
        }


@dataclass(frozen=True)
class World:
    house: Listening
    secrets: Secrets
    logs: Path


@pytest.fixture(scope="module")
def world(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("personal")
    built = the_street.build()
    house = Listening(built.home, built.database)
    whole(house, folder, families=300, programmes=(SEMBAKO, PKH))
    secrets = _secrets(folder)
    _stumble(house, folder, secrets)
    yield World(house, secrets, the_street.home / "log")
    the_street.tear_down(built)


def _secrets(folder: Path) -> Secrets:
    numbers, words = set(), set()
    for path in [*(folder / "in").glob("*.csv"), *folder.glob("instructions-*/*.csv")]:
        with path.open(newline="") as source:
            for row in csv.DictReader(source):
                for column in PERSONAL & set(row):
                    value = (row[column] or "").strip()
                    if value.isdigit() and len(value) >= 8:
                        numbers.add(value)
                    elif " " in value and len(value) > 8:
                        words.add(value)
    return Secrets(frozenset(numbers), frozenset(words))


def _stumble(house: Listening, folder: Path, secrets: Secrets) -> None:
    """What goes wrong with people's data in hand: refused files, rejected rows, a misplaced number, a server's error."""
    card = max(number for number in secrets.numbers if len(number) == 16)
    people = (folder / "in" / "persons.csv").read_text().splitlines()
    broken = {
        "short.csv": "\n".join([people[0], *people[1:4], '"' + people[5]]),
        "rows.csv": "\n".join([people[0], *(line.replace(",", ",9", 1) for line in people[1:20])]),
        "title.csv": "\n".join(["DAFTAR " + people[1], *people[:5]]),
        "latin.csv": None,
    }
    for name, text in broken.items():
        path = folder / name
        path.write_bytes("\n".join(people[:9]).replace("a", "é").encode("latin-1") if text is None else text.encode())
        assert house.run("registry", "import", path, "--as", "registrar").returncode in (1, 3)
    house.run("explain", card, "--as", "auditor")
    with house.owner() as conn:
        for statement in ("insert into registry_person select * from registry_person limit 1",
                          "insert into registry_family select * from registry_family limit 1",
                          "select nik::int from registry_person", "select name::int from registry_person"):  # fmt: skip
            with pytest.raises(psycopg.Error):
                conn.execute(statement)


def test_the_world_has_secrets_to_find(world: World) -> None:
    assert len(world.secrets.numbers) > 1000 and len(world.secrets.words) > 500
    number, word = next(iter(world.secrets.numbers)), next(iter(world.secrets.words))
    assert world.secrets.among(f"x {number}, {word}") == {number, word}


def test_no_record_outside_the_register_holds_them(world: World) -> None:
    """The audit trail before all; and every other table, files' names and notes included."""
    with world.house.owner() as conn:
        names = [name for (name,) in conn.execute(
            """select c.oid::regclass::text from pg_class c
               where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not starts_with(c.relname, 'regions_')""")]  # fmt: skip
        assert "audit_line" in names and len(names) > 25
        for name in names:
            if not name.startswith(OF_PEOPLE):
                text = "\n".join(row for (row,) in conn.execute(f"select t::text from {name} t"))
                assert world.secrets.among(text) == set(), name


def test_no_file_of_the_lake_holds_them(world: World) -> None:
    """Column by column, so that a number that was packed into an integer is found too."""
    files = sorted((world.house.home / "lake").rglob("*.parquet"))
    kinds = {file.relative_to(world.house.home / "lake").parts[0] for file in files}
    assert {
        "release_families",
        "release_persons",
        "enrolment",
        "entitlements",
        "instructions",
        "result_lines",
        "settlement",
    } <= kinds
    for file in files:
        table = pq.read_table(file)
        for column in table.column_names:
            values = table[column].cast(pa.string()).unique().to_pylist()
            assert world.secrets.among("\n".join(value for value in values if value)) == set(), (file, column)
        assert world.secrets.among(str(pq.read_schema(file).metadata)) == set()


def test_no_command_said_them(world: World) -> None:
    assert len(world.house.said) > 30
    for said in world.house.said:
        assert world.secrets.among(said) == set(), said


def test_no_log_and_no_work_file_holds_them(world: World) -> None:
    """The server's log too, after errors whose detail would repeat the row."""
    logs = [file for place in (world.logs, world.house.home / "log") for file in place.rglob("*") if file.is_file()]
    assert any(file.stat().st_size for file in logs)
    for file in logs:
        assert world.secrets.among(file.read_text(errors="replace")) == set(), file
    for place in ("tmp", "run"):
        assert [file for file in (world.house.home / place).rglob("*") if file.is_file()] == []


def test_no_file_name_holds_them(world: World) -> None:
    assert world.secrets.among("\n".join(str(file) for file in world.house.home.rglob("*"))) == set()


def test_what_lies_in_the_home_is_the_owners_alone(world: World) -> None:
    loose = [
        file
        for file in world.house.home.rglob("*")
        if not file.is_symlink() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    assert loose == []
