"""A register to hand files to: rows as small dicts, commands as an officer types them, answers by kind of file."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salur.foundation.vocabulary.identifier import derive_id
from support.house import ID_KEY, House

VILLAGE, OTHER_VILLAGE = "63.71.01.1001", "6301012001"
Cells = dict[str, str]


def card(number: int) -> str:
    """A No. KK."""
    return f"63710101012{number:05d}"


def nik(number: int, *, sex: str = "P", born: str = "1980-01-01") -> str:
    """A NIK that agrees with sex and birth date."""
    year, month, day = born.split("-")
    return f"637101{int(day) + (40 if sex == 'P' else 0):02d}{month}{year[2:]}{number:04d}"


def family(number: int, **cells: str) -> Cells:
    return {"no_kk": card(number), "kode_desa": VILLAGE, "desil": "1"} | cells


def person(number: int, of: int, *, sex: str = "P", born: str = "1980-01-01", **cells: str) -> Cells:
    """Somebody of family `of`; a head unless told otherwise."""
    return {
        "nik": nik(number, sex=sex, born=born),
        "no_kk": card(of),
        "nama": f"Contoh {number}",
        "tanggal_lahir": born,
        "jenis_kelamin": sex,
        "hubungan": "KEPALA",
        "status_dukcapil": "PADAN",
    } | cells


def account(number: int, **cells: str) -> Cells:
    return {
        "nik": nik(number),
        "bank": "BRI",
        "nomor_rekening": f"{number:015d}",
        "nama_rekening": f"Contoh {number}",
        "status": "AKTIF",
    } | cells


def recipient(number: int) -> int:
    """The id that a family keeps from its first card on."""
    return derive_id(bytes.fromhex(ID_KEY), card(number))


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV of these rows: every column that one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as out:
        sheet = csv.DictWriter(out, names, restval="")
        sheet.writeheader()
        sheet.writerows(rows)
    return path


PEOPLE = ("family", "card", "person", "account", "person_past", "family_past", "review", "finding")


class Register:
    """The commands of the registrar on one house."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self._calls = itertools.count(1)

    def empty(self) -> None:
        """Take out all families, persons and what speaks of them."""
        with self.house.owner() as owner:
            owner.execute("truncate " + ", ".join(f"registry_{table}" for table in PEOPLE))

    def take(
        self, *, code: int = 0, options: Sequence[str | Path] = (), **kinds: Sequence[Cells]
    ) -> dict[str, dict[str, Any]]:
        """One call with one file for each kind; the answers by kind."""
        number = next(self._calls)
        files = [write(self.folder / f"{number}-{kind}.csv", rows) for kind, rows in kinds.items()]
        return {one["kind"]: one for one in self.take_files(*files, code=code, options=options)}

    def take_files(self, *files: Path, code: int = 0, options: Sequence[str | Path] = ()) -> list[dict[str, Any]]:
        """The answers, one for each file; rows always add up."""
        answers = self.house.ok("registry", "import", *files, *options, "--as", "registrar", code=code)
        for one in answers:
            assert one["rows"] == one["accepted"] + one["rejected"] + one["unchanged"] + one["to_review"], one
        return answers

    def release(self, as_of: str = "2023-05-31") -> dict[str, Any]:
        return self.house.ok("registry", "release", "--as-of", as_of, "--decree", "SK", "--as", "registrar")

    def released(self) -> dict[int, dict[str, Any]]:
        """The families of a new release by recipient."""
        from salur.foundation.lake import read
        from salur.registry.models import Release

        made = Release.objects.get(pk=self.release()["release"])
        return {row["recipient_id"]: row for row in read.arrow(made.families).to_pylist()}

    def findings(self) -> set[tuple[int, str, str]]:
        """Recipient, reason, numbers of the newest release."""
        from salur.foundation.lake import read
        from salur.registry.models import Release

        made = Release.objects.order_by("-pk")[0]
        return {(row["recipient_id"], row["reason"], row["numbers"]) for row in read.arrow(made.findings).to_pylist()}

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.house.owner() as owner:
            return owner.execute(query, values).fetchall()

    def waiting(self) -> list[tuple[str, str]]:
        """Reason and NIK or KK of the rows that wait."""
        return self.ask("select reason, coalesce(nik, no_kk) from registry_review where state = 'OPEN' order by 1, 2")
