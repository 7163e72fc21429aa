"""The admin's own area: who has an account, who no longer has one, and whose token was replaced."""

from __future__ import annotations

import psycopg
import pytest

from support.house import House


def add(house: House, name: str, role: str, area: str = "00", *more: str) -> str:
    return house.ok("user", "add", name, "--role", role, "--area", area, *more, "--as", "admin")["token"]


def disable(house: House, name: str, by: str = "admin") -> dict:
    return house.ok("user", "disable", name, "--reason", "pindah tugas", "--as", by)


def lines(house: House, verb: str) -> list[tuple]:
    with house.owner() as conn:
        return conn.execute("select actor, details from audit_line where verb = %s order by id", [verb]).fetchall()


def test_an_admin_sees_the_accounts_of_the_own_area_only(house: House) -> None:
    add(house, "kepala63", "admin", "63")
    add(house, "tina", "registrar", "6371", "--person", "19800101 200501 2 001")
    house.ok("user", "add", "tina", "--role", "planner", "--area", "6371", "--as", "admin")
    add(house, "utara", "registrar", "64")
    disable(house, "tina")
    found = house.ok("user", "list", "--as", "kepala63")
    assert [row["user"] for row in found] == ["kepala63", "tina"]
    tina = found[1]
    assert (tina["roles"], tina["active"], tina["created_by"]) == (["planner", "registrar"], False, "admin")
    assert tina["person"] == "19800101 200501 2 001"
    assert {"planner", "utara", "admin"} < {row["user"] for row in house.ok("user", "list", "--as", "admin")}
    assert "nonaktif" in house.run("user", "list", "--as", "kepala63").stdout
    for name in ("auditor", "monitor", "utara"):
        assert "admin" in house.refused("user", "list", "--as", name)


def test_the_database_itself_shows_accounts_to_an_admin_of_the_area_only(house: House) -> None:
    from salur.foundation.database.connection import connect

    add(house, "kepala63", "admin", "63")
    add(house, "utara", "registrar", "64")
    with house.owner() as conn:
        ids = dict(conn.execute("select name, id from access_officer").fetchall())

    def seen(name: str) -> set[str]:
        with connect("app") as guest:
            guest.execute("select set_config('salur.actor', %s, true)", [str(ids[name])])
            return {row[0] for row in guest.execute("select name from accounts_of_area()").fetchall()}

    assert seen("kepala63") == {"kepala63"}
    assert seen("admin") == set(ids)
    assert seen("utara") == seen("auditor") == set()
    disable(house, "kepala63")
    assert seen("kepala63") == set()
    with connect("read") as guest, pytest.raises(psycopg.errors.InsufficientPrivilege):
        guest.execute("select * from accounts_of_area()")


def test_a_disabled_account_does_nothing_more_and_stays_on_record(house: House) -> None:
    token = add(house, "tono", "monitor")
    house.ok("monitor", "--as", "tono")
    assert disable(house, "tono") == {"user": "tono", "active": False}
    assert "tono" in house.refused("monitor", "--as", "tono")
    from salur.foundation.access.actions import officers

    assert not officers.prove("tono", token=token)
    assert lines(house, "user.disabled") == [("admin", {"reason": "pindah tugas"})]
    with house.owner() as conn:
        kept = conn.execute(
            "select o.is_active, o.token_sha256, o.password, g.role from access_officer o"
            " join access_grant g on g.officer_id = o.id where name = 'tono'"
        ).fetchall()
        assert kept == [(False, "", "", "monitor")]
        for change in ("is_active = true", "token_sha256 = 'x'", "area = '63'"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                conn.execute(f"update access_officer set {change} where name = 'tono'")
    assert "tono" in house.refused("user", "disable", "tono", "--reason", "x", "--as", "admin")
    assert "tono" in house.refused("user", "renew", "tono", "--as", "admin")
    sentence = house.refused("user", "add", "tono", "--role", "monitor", "--area", "00", "--as", "admin")
    assert "--person" in sentence


def test_disabling_and_adding_anew_gets_nobody_round_the_second_pair_of_eyes(house: House) -> None:
    """What the planner made must be approved by somebody else, although the planner's account is gone."""
    add(house, "ani", "planner", "00", "--person", "ani")
    disable(house, "ani")
    told = house.refused(
        "user", "add", "ani2", "--role", "approver", "--area", "00", "--person", "Ani", "--as", "admin"
    )
    assert "planner" in told and "approver" in told
    assert add(house, "ani3", "planner", "00", "--person", "ani")
    with house.owner() as conn, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        conn.execute(
            """insert into access_grant (officer_id, role, granted_at, granted_by)
               select id, 'approver', now(), 'x' from access_officer where name = 'ani3'"""
        )


def test_a_renewed_token_replaces_the_old_one_at_once(house: House) -> None:
    from salur.foundation.access.actions import officers

    old = add(house, "tono", "monitor")
    new = house.ok("user", "renew", "tono", "--as", "admin")["token"]
    assert new != old and not officers.prove("tono", token=old) and officers.prove("tono", token=new)
    assert lines(house, "user.renewed") == [("admin", {})]
    with house.owner() as conn:
        told = conn.execute("select string_agg(l::text, ' ') from audit_line l").fetchone()[0]
    assert new not in told and old not in told


def test_an_admin_of_a_part_reaches_neither_other_areas_nor_the_countrys_accounts(house: House) -> None:
    add(house, "kepala63", "admin", "63")
    add(house, "kota", "registrar", "6371")
    add(house, "utara", "registrar", "64")
    for name in ("utara", "admin", "planner"):
        assert "63" in house.refused("user", "disable", name, "--reason", "x", "--as", "kepala63")
        assert "63" in house.refused("user", "renew", name, "--as", "kepala63")
    house.ok("user", "renew", "kota", "--as", "kepala63")
    disable(house, "kota", by="kepala63")


def test_an_admin_does_not_disable_the_own_account(house: House) -> None:
    assert "admin lain" in house.refused("user", "disable", "admin", "--reason", "x", "--as", "admin")
    house.refused("user", "disable", "monitor", "--reason", "  ", "--as", "admin")
