"""One family, one place or one secret more or less moves only those whom it concerns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.house import House
from support.journey import SEMBAKO, generated
from support.paths import Rows, write

PROVINCES = {"62": 9, "63": 16, "6371": 3, "64": 0, "65": 40}
LISTED = ("recipient_id", "outcome", "reason", "rank", "quota_region")
Family = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """A house with a register in it; every family sound, so that nobody is held."""

    house: House
    files: Path

    def quotas(self, **changed: int) -> None:
        rows = [
            {"program": "SEMBAKO", "periode": "2023-05", "kode_wilayah": region, "kuota": str(places)}
            for region, places in (PROVINCES | {name[1:]: n for name, n in changed.items()}).items()
        ]
        self.house.ok("quota", "import", write(self.files / "kuota.csv", rows), "--as", "planner")

    def release(self) -> None:
        self.house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar")

    def listed(self) -> dict[int, Family]:
        """Every family considered, as the newest determination says."""
        from salur.enrolment.models import Determination
        from salur.foundation.lake import read as lake

        self.house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
        rows = lake.arrow(Determination.objects.latest("pk").listed)
        numbers = rows["numbers"].to_pylist()
        found = rows.select(LISTED).to_pylist()
        for row, told in zip(found, numbers, strict=True):
            row["desil"] = json.loads(told).get("desil")
        return {row.pop("recipient_id"): row for row in found}


@pytest.fixture(scope="module")
def town(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Town:
    files = generated(tmp_path_factory.mktemp("town"), families=240, failures=False)
    made = Town(shared_house, files)
    shared_house.ok("draw", "commit", *SEMBAKO, "--secret", "rahasia", "--as", "approver")
    sources = [files / f"{kind}.csv" for kind in ("families", "persons", "accounts")]
    shared_house.ok("registry", "import", *sources, "--as", "registrar")
    made.release()
    made.quotas()
    return made


def changed(before: dict[int, Family], after: dict[int, Family]) -> dict[int, tuple[str, str]]:
    """Whose outcome is another one: from and to."""
    pairs = {one: (before[one]["outcome"], after[one]["outcome"]) for one in before.keys() & after.keys()}
    return {one: (was, is_now) for one, (was, is_now) in pairs.items() if was != is_now}


def one_more(number: int, decile: str) -> tuple[Rows, Rows]:
    card, nik = f"637101010120{number:04d}", f"637101410180{number:04d}"
    family = {"no_kk": card, "kode_desa": "6371011001", "desil": decile}
    person = {"nik": nik, "no_kk": card, "nama": "Ada Contoh", "tanggal_lahir": "1980-01-01", "jenis_kelamin": "P"}
    return [family], [person | {"hubungan": "KEPALA", "status_dukcapil": "PADAN"}]


def test_an_ineligible_family_more_changes_nobody_else(town: Town, tmp_path: Path) -> None:
    before = town.listed()
    for number, decile in enumerate(("10", ""), start=1):
        family, person = one_more(number, decile)
        sources = [write(tmp_path / "k.csv", family), write(tmp_path / "o.csv", person)]
        town.house.ok("registry", "import", *sources, "--as", "registrar")
    town.release()
    after = town.listed()
    new = after.keys() - before.keys()
    assert [after[one]["outcome"] for one in new] == ["not_admitted", "not_admitted"]
    assert {one: row for one, row in after.items() if one not in new} == before


@pytest.mark.parametrize("region", ["62", "6371", "64"])
def test_one_place_more_moves_exactly_one_family_from_waiting_to_admitted(town: Town, region: str) -> None:
    before = town.listed()
    parent = {"r63": PROVINCES["63"] + 1} if region == "6371" else {}  # so that the province keeps as much for the rest
    town.quotas(**{f"r{region}": PROVINCES[region] + 1}, **parent)
    after = town.listed()
    town.quotas()
    [(moved, way)] = changed(before, after).items()
    assert way == ("waiting", "admitted")
    assert (after[moved]["quota_region"], after[moved]["rank"]) == (region, PROVINCES[region] + 1)
    assert {one: row["rank"] for one, row in after.items()} == {one: row["rank"] for one, row in before.items()}


def test_a_place_more_where_nobody_waits_changes_nobody(town: Town) -> None:
    before = town.listed()
    assert "waiting" not in {row["outcome"] for row in before.values() if row["quota_region"] == "65"}
    town.quotas(r65=PROVINCES["65"] + 1)
    after = town.listed()
    town.quotas()
    assert changed(before, after) == {}


def test_another_secret_changes_only_families_at_the_tie_line(town: Town) -> None:
    """The line of a quota region runs through one decile at most: that of its last admitted family."""
    before = town.listed()
    town.house.ok("user", "add", "penyetuju-dua", "--role", "approver", "--area", "00", "--as", "admin")
    moved: set[int] = set()
    for number in range(3):
        secret = ("--secret", f"lain {number}", "--reason", "uji", "--checker", "penyetuju-dua")
        town.house.ok("draw", "commit", *SEMBAKO, *secret, "--as", "approver")
        town.release()
        after = town.listed()
        assert after.keys() == before.keys()
        assert line(after) == line(before)
        for one in changed(before, after):
            moved.add(one)
            assert before[one]["desil"] == line(before)[before[one]["quota_region"]]
            assert {before[one]["outcome"], after[one]["outcome"]} == {"waiting", "admitted"}
    assert moved, "a draw that decides nothing proves nothing"


def line(rows: dict[int, Family]) -> dict[str, int]:
    """The decile of the last admitted family of each quota region."""
    admitted = [row for row in rows.values() if row["outcome"] == "admitted"]
    last: dict[str, Family] = {}
    for row in admitted:
        last[row["quota_region"]] = max(row, last.get(row["quota_region"], row), key=lambda one: one["rank"])
    return {region: row["desil"] for region, row in last.items()}


def test_a_list_that_was_only_tried_is_not_the_one_that_is_opened(town: Town) -> None:
    """Quotas are changed to see what would be, and changed back: the list that was determined last counts."""
    first = town.house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
    town.quotas(r62=1)
    tried = town.house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
    town.quotas()
    again = town.house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
    assert again["list_digest"] == first["list_digest"] != tried["list_digest"]
    assert town.house.ok("cycle", "open", *SEMBAKO, "--as", "planner")["entitlements"] == first["admitted"]
