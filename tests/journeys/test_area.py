"""Nobody reads outside their area: every read path against the owner's rows of that area, for areas taken at random."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.exposure import readable
from support.house import House, Street
from support.journey import PKH, SEMBAKO, Journey, whole

# What follows no region code: the figures of the whole country, for officers whose area is the country.
OF_THE_COUNTRY = {"budget_budgetline", "budget_ceilingrevision"}
OF_FAMILIES = {
    "entitlement", "instruction", "settlement", "registry_family", "registry_family_past", "registry_person",
    "registry_person_past", "registry_account", "registry_review", "registry_finding",
}  # fmt: skip
OF_PLACES = {"monitoring_measure", "programmes_quota", "budget_posting", "cycles_control", "delivery_sentfile"}
CYCLES = ("SEMBAKO-2023-05", "PKH-2023-T2")
NOBODY = 999_999


@dataclass(frozen=True)
class World:
    """A reconciled world and the owner's view of it."""

    house: House
    journey: Journey
    areas: list[str]
    rows: dict[str, list[tuple[str, str]]]  # relation -> (region code, the row as text)

    def of(self, relation: str, area: str) -> list[str]:
        """The owner's rows of an area."""
        if relation in OF_THE_COUNTRY:
            return sorted(row for _code, row in self.rows[relation]) if area == "00" else []
        return sorted(row for code, row in self.rows[relation] if area == "00" or code.startswith(area))


@pytest.fixture(scope="module")
def world(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    house, folder = the_street.build(), tmp_path_factory.mktemp("area")
    journey = whole(house, folder, families=400, programmes=(SEMBAKO, PKH))
    _correct(house, folder)
    with house.owner() as conn:
        relations = {name for name, one in readable(conn).items() if conn.execute(
            "select 1 from pg_policy where polrelid = %s", [one["oid"]]).fetchone()}  # fmt: skip
        assert relations == OF_FAMILIES | OF_PLACES | OF_THE_COUNTRY
        rows = {name: conn.execute(
            f"select {'region_code' if name not in OF_THE_COUNTRY else chr(39) * 2}, t::text from {name} t").fetchall()
            for name in relations}  # fmt: skip
    areas = _areas(rows)
    for area in areas:
        for role in ("auditor", "monitor", "registrar"):
            house.ok("user", "add", f"{role}{area}", "--role", role, "--area", area, "--as", "admin")
    house.ok("user", "add", "bri", "--role", "channel", "--area", "00", "--channel", "BRI", "--as", "admin")
    yield World(house, journey, areas, rows)
    the_street.tear_down(house)


def _correct(house: House, folder: Path) -> None:
    """A second delivery: some addresses and names change, and one family moves to another regency."""
    for kind, column, key in (("families", "alamat", "no_kk"), ("persons", "nama", "nik")):
        with (folder / "in" / f"{kind}.csv").open(newline="") as source:
            given = list(csv.DictReader(source))
        some = list({row[key]: row for row in given}.values())[:40]
        for row in some:
            row[column] += " Baru"
        if kind == "families":
            some[0]["kode_desa"] = next(
                row["kode_desa"] for row in given if row["kode_desa"][:4] != some[0]["kode_desa"][:4]
            )
        path = folder / f"again-{kind}.csv"
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(given[0]))
            writer.writeheader()
            writer.writerows(some)
        done = house.run("registry", "import", path, "--as", "registrar")
        assert done.returncode in (0, 3), done.stderr


def _areas(rows: dict[str, list[tuple[str, str]]]) -> list[str]:
    """The country, its provinces, and some regencies, districts and villages with families; one regency without."""
    chance = random.Random("wilayah")
    villages = sorted({code for code, _row in rows["registry_family"]})
    places = ["00", *sorted({code[:2] for code in villages}), "3471"]
    for length, count in ((4, 5), (6, 4), (10, 3)):
        places += chance.sample(sorted({code[:length] for code in villages}), count)
    return places


def seen(officer_id: int | None, relation: str, *, role: str = "app") -> list[str]:
    """The rows of a relation as the database shows them to an officer."""
    from salur.foundation.database.connection import connect

    with connect(role) as conn:  # type: ignore[arg-type]
        if officer_id is not None:
            conn.execute("select set_config('salur.actor', %s, true)", [str(officer_id)])
        return sorted(row for (row,) in conn.execute(f"select t::text from {relation} t").fetchall())


def id_of(house: House, name: str) -> int:
    with house.owner() as conn:
        return conn.execute("select id from access_officer where name = %s", [name]).fetchone()[0]


def test_every_guarded_relation_has_rows_to_hide(world: World) -> None:
    assert {name for name, rows in world.rows.items() if not rows} == set()
    assert len({code[:4] for code, _row in world.rows["registry_family"]}) > 20


@pytest.mark.parametrize("role", ["app", "read"])
def test_each_area_sees_exactly_the_owners_rows_of_that_area(world: World, role: str) -> None:
    for area in world.areas:
        officer = id_of(world.house, f"auditor{area}")
        for relation in world.rows:
            assert seen(officer, relation, role=role) == world.of(relation, area), (area, relation)


def test_who_watches_figures_sees_those_of_the_area_and_no_family(world: World) -> None:
    for area in world.areas:
        officer = id_of(world.house, f"monitor{area}")
        for relation in OF_PLACES:
            assert seen(officer, relation) == world.of(relation, area), (area, relation)
        for relation in OF_FAMILIES:
            assert seen(officer, relation) == [], (area, relation)


@pytest.mark.parametrize("name", ["bri", "admin", "monitor"])
def test_a_role_that_does_not_work_with_families_sees_none(world: World, name: str) -> None:
    assert all(seen(id_of(world.house, name), relation) == [] for relation in OF_FAMILIES)


@pytest.mark.parametrize("officer", [None, NOBODY, -1])
def test_without_an_officer_there_are_no_rows(world: World, officer: int | None) -> None:
    for role in ("app", "read"):
        assert all(seen(officer, relation, role=role) == [] for relation in world.rows)


def test_the_officer_is_forgotten_with_the_transaction(world: World) -> None:
    from salur.foundation.database.connection import connect

    with connect("app") as conn:
        conn.execute("select set_config('salur.actor', %s, true)", [str(id_of(world.house, "auditor"))])
        assert conn.execute("select count(*) from registry_family").fetchall()[0][0] > 0
        conn.commit()
        assert conn.execute("select count(*) from registry_family").fetchall()[0][0] == 0


def test_a_disabled_officer_sees_nothing_and_may_do_nothing(world: World) -> None:
    world.house.ok("user", "add", "pergi", "--role", "auditor", "--area", world.areas[1], "--as", "admin")
    officer = id_of(world.house, "pergi")
    assert any(seen(officer, relation) for relation in world.rows)
    world.house.ok("user", "disable", "pergi", "--reason", "pindah tugas", "--as", "admin")
    assert all(seen(officer, relation) == [] for relation in world.rows)
    assert "pergi" in world.house.refused("monitor", "--as", "pergi")


def test_counting_does_not_tell_more_than_reading(world: World) -> None:
    """Errors and plans of a query are no window: a condition that fails on foreign rows is never tried on them."""
    from salur.foundation.database.connection import connect

    area = next(area for area in world.areas if len(area) == 4 and world.of("registry_person", area))
    with connect("app") as conn:
        conn.execute("select set_config('salur.actor', %s, true)", [str(id_of(world.house, f"auditor{area}"))])
        count = conn.execute(
            "select count(*) from registry_person where 1 / (case when region_code like %s then 1 else 0 end) = 1",
            [f"{area}%"],
        ).fetchall()[0][0]
    assert count == len(world.of("registry_person", area))


def test_a_family_that_moved_is_seen_where_it_lives_now(world: World) -> None:
    with world.house.owner() as conn:
        family, old = conn.execute(
            """select p.family_id, p.region_code from registry_family_past p join registry_family f using (family_id)
               where left(p.region_code, 4) <> left(f.region_code, 4) limit 1"""
        ).fetchone()
        wrong = conn.execute(
            """select count(*) from registry_family f join registry_person p using (family_id)
               left join registry_account a on a.person_id = p.person_id
               where f.family_id = %s and (p.region_code <> f.region_code or a.region_code <> f.region_code)""",
            [family],
        ).fetchone()[0]
    assert old and wrong == 0


def test_monitor_tells_the_figures_of_the_area_and_of_the_places_inside(world: World) -> None:
    with world.house.owner() as conn:
        stored = conn.execute(
            "select programme, period, region_code, indicator, numerator, denominator from monitoring_measure"
        ).fetchall()
    lengths = (2, 4, 6, 10)
    for area in world.areas:
        told = world.house.ok("monitor", "--as", f"monitor{area}")
        below = next((n for n in lengths if n > (0 if area == "00" else len(area))), 10)
        inside = {row for row in stored if row[2] != "00" and (area == "00" or row[2].startswith(area))}
        expected = {row for row in stored if row[2] == area} | {row for row in inside if len(row[2]) == below}
        found = {
            (r["programme"], r["period"], r["region"], r["indicator"], r["numerator"], r["denominator"]) for r in told
        }
        assert found == expected, area


def test_monitor_refuses_a_programme_or_period_that_cannot_be(world: World) -> None:
    """An empty answer would say that nothing was measured."""
    assert "SEMBAKO" in world.house.refused("monitor", "--programme", "XYZ", "--as", "monitor")
    assert "2023-05" in world.house.refused("monitor", "--period", "mei", "--as", "monitor")


def test_monitor_refuses_another_area_and_an_unknown_one(world: World) -> None:
    inside = next(area for area in world.areas if len(area) == 4 and area != "3471")
    foreign = next(area for area in world.areas if len(area) == 4 and area not in (inside, "3471"))
    for wished in (foreign, "00", inside[:2]):
        assert wished in world.house.refused("monitor", "--region", wished, "--as", f"monitor{inside}")
    world.house.refused("monitor", "--region", "9999", "--as", f"monitor{inside}")


def _lists(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(newline="") as source:
            found[path.stem] = list(csv.DictReader(source))
    return found


@pytest.mark.parametrize("cycle", CYCLES)
def test_exported_lists_hold_the_rows_of_the_area_and_no_other(world: World, cycle: str, tmp_path: Path) -> None:
    world.house.ok("export", cycle, "--out", tmp_path / "all", "--as", "auditor")
    everything = _lists(tmp_path / "all")
    home = {row["recipient_id"]: row["kode_desa"] for row in everything["enrolment"]}
    assert set(everything) == {"enrolment", "entitlements", "instructions", "settlement", "findings", "ledger"}
    for area in world.areas:
        out = tmp_path / area
        world.house.ok("export", cycle, "--out", out, "--as", f"auditor{area}")
        for name, rows in _lists(out).items():
            places = [
                row["regency"] if name == "ledger" else home.get(row["recipient_id"], "-") for row in everything[name]
            ]
            expected = [row for row, place in zip(everything[name], places) if area == "00" or place.startswith(area)]
            assert rows == expected, (area, name)


def test_cards_are_exported_with_their_own_permission_only(world: World, tmp_path: Path) -> None:
    assert "auditor" in world.house.refused(
        "export", CYCLES[0], "--out", tmp_path / "x", "--identity", "--as", "planner"
    )
    area = next(area for area in world.areas if len(area) == 4 and world.of("entitlement", area))
    world.house.ok("export", CYCLES[0], "--out", tmp_path / "y", "--identity", "--as", f"auditor{area}")
    rows = _lists(tmp_path / "y")["entitlements"]
    assert rows and all(len(row["no_kk"]) == 16 for row in rows)


def test_explain_speaks_of_families_of_the_area_only(world: World) -> None:
    inside = next(area for area in world.areas if len(area) == 4 and world.of("registry_family", area))
    families: dict[bool, int] = {}
    with world.house.owner() as conn:
        for family, code in conn.execute(
            "select family_id, region_code from registry_family order by family_id"
        ).fetchall():
            families.setdefault(code.startswith(inside), family)
    officer = f"auditor{inside}"
    told = world.house.ok("explain", str(families[True]), "--as", officer)
    assert str(families[True]) in json.dumps(told)
    foreign = world.house.refused("explain", str(families[False]), "--as", officer)
    unknown = world.house.refused("explain", "1234567", "--as", officer)
    assert foreign.replace(str(families[False]), "?") == unknown.replace("1234567", "?")
    world.house.refused("explain", str(families[True]), "--as", f"monitor{inside}")


def test_rows_under_review_are_counted_and_listed_in_the_area_only(world: World) -> None:
    with world.house.owner() as conn:
        waiting = conn.execute("select id, region_code from registry_review where state = 'OPEN'").fetchall()
    for area in world.areas:
        mine = {number for number, code in waiting if area == "00" or code.startswith(area)}
        told = world.house.ok("registry", "review", "list", "--limit", "10000", "--as", f"registrar{area}")
        assert (told["open"], {row["id"] for row in told["rows"]}) == (len(mine), mine), area
        foreign = next((number for number, _code in waiting if number not in mine), None)
        if foreign is not None:
            command = ("registry", "review", "decide", "--drop", "--reason", "coba", "--as", f"registrar{area}")
            told_foreign = world.house.refused(*command, str(foreign))
            assert told_foreign.replace(str(foreign), "?") == world.house.refused(*command, "987654321").replace(
                "987654321", "?"
            )


def test_a_channel_brings_in_its_own_results_only(world: World) -> None:
    files: dict[str, Path] = {}
    for path in sorted((world.journey.folder / f"results-{CYCLES[0]}-1").glob("*.csv")):
        files.setdefault(path.name.split("-")[0], path)
    other = next(name for name in files if name != "BRI")
    assert "BRI" in world.house.refused("result", "import", other, files[other], "--as", "bri")
    assert world.house.run("result", "import", "BRI", files["BRI"], "--as", "bri").returncode in (0, 3)
    for command in (
        ("reconcile", CYCLES[0]),
        ("export", CYCLES[0], "--out", world.journey.folder / "none"),
        ("audit", CYCLES[0]),
    ):
        world.house.refused(*command, "--as", "bri")
