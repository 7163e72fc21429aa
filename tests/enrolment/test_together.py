"""Several programmes determined in one reading of the people: the lists are those that each would have alone."""

from __future__ import annotations

from pathlib import Path

from support.house import House
from support.journey import PKH, SEMBAKO, generated, register

LISTED = """select programme, d.digest, c.digest from enrolment_determination t
            join lake_dataset d on d.id = t.listed_id left join lake_dataset c on c.id = t.counted_id"""


def digests(house: House) -> set[tuple[str, str, str | None]]:
    with house.owner() as conn:
        return set(conn.execute(LISTED).fetchall())


def test_programmes_determined_together_have_the_lists_that_each_has_alone(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=200))
    rehearsed = [house.ok("enrolment", "determine", *one, "--dry-run", "--as", "planner") for one in (SEMBAKO, PKH)]
    told = house.ok("enrolment", "determine", *SEMBAKO, *PKH, "--as", "planner")
    assert [one["programme"] for one in told] == ["SEMBAKO", "PKH"]
    assert [one["list_digest"] for one in told] == [one["list_digest"] for one in rehearsed]
    together = digests(house)
    assert [counts is not None for _name, _list, counts in sorted(together)] == [
        True,
        False,
    ]  # SEMBAKO asks for no component
    assert [house.ok("enrolment", "determine", *one, "--as", "planner") for one in (SEMBAKO, PKH)] == told
    assert digests(house) == together


def test_programmes_come_in_pairs_and_once_each(house: House) -> None:
    for words in (["SEMBAKO", "2023-05", "PKH"], ["SEMBAKO", "2023-05", "sembako", "2023-06"]):
        done = house.run("enrolment", "determine", *words, "--as", "planner")
        assert (done.returncode, "2023-T2" in done.stderr) == (2, True)


def test_what_is_due_follows_from_the_sealed_counts_and_not_from_the_people(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=200))
    house.ok("enrolment", "determine", *PKH, "--as", "planner")
    house.ok("cycle", "open", *PKH, "--as", "planner")
    with house.owner() as conn:
        [inputs] = conn.execute("select inputs from lake_dataset where kind = 'entitlements'").fetchone()
        kinds = conn.execute("select kind from lake_dataset where id = any(%s)", [inputs]).fetchall()
    assert {kind for (kind,) in kinds} == {"enrolment", "release_families", "component_counts"}
    assert house.ok("audit", "PKH-2023-T2", "--as", "auditor")["faults"] == []


def test_an_upgrade_that_adds_a_column_leaves_older_records_as_they_were_inserted(house: House, tmp_path: Path) -> None:
    register(house, generated(tmp_path, families=60))
    house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
    house.ok("cycle", "open", *SEMBAKO, "--as", "planner")
    with house.owner() as conn:
        conn.execute("alter table enrolment_determination add column added text")
    assert house.ok("audit", "SEMBAKO-2023-05", "--as", "auditor")["faults"] == []
    with house.owner() as conn:
        conn.execute("alter table enrolment_determination disable trigger all")
        conn.execute("update enrolment_determination set rule_version = '', added = 'x'")
        conn.execute("alter table enrolment_determination enable trigger all")
    done = house.run("audit", "SEMBAKO-2023-05", "--as", "auditor", "--json")
    assert done.returncode == 1 and "enrolment_determination" in done.stdout
