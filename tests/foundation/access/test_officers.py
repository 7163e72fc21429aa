"""Who is who: proof outside a demo home, roles that check each other, and the admin's own area."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import combinations

import psycopg
import pytest

from support.house import House

TOGETHER = {
    frozenset({"planner", "approver"}),
    frozenset({"approver", "disburser"}),
    frozenset({"disburser", "reconciler"}),
}


def add(house: House, name: str, role: str, *more: str, area: str = "00", by: str = "admin") -> str:
    """A new account; its token."""
    return house.ok("user", "add", name, "--role", role, "--area", area, *more, "--as", by)["token"] or ""


@pytest.fixture
def real(house: House) -> Iterator[House]:
    """A house without the demo mark: a name proves nothing."""
    file = house.home / "secrets.json"
    marked = file.read_text()
    known = json.loads(marked)
    assert known.pop("demo") == "yes"
    token = add(house, "bendahara", "monitor")
    file.write_text(json.dumps(known))
    os.environ["SALUR_TOKEN"] = token
    yield house
    os.environ.pop("SALUR_TOKEN", None)
    file.write_text(marked)


def test_the_right_token_proves_who_it_is(real: House) -> None:
    done = real.run("monitor", "--as", "bendahara", "--json")
    assert done.returncode == 0 and "CONTOH" not in done.stderr


@pytest.mark.parametrize("token", ["", "salah", "x" * 32])
def test_without_the_right_token_a_name_is_refused(real: House, token: str) -> None:
    os.environ["SALUR_TOKEN"] = token
    sentence = real.refused("monitor", "--as", "bendahara")
    assert "SALUR_TOKEN" in sentence and "salah" not in sentence


def test_a_token_proves_its_own_account_only(real: House) -> None:
    assert "SALUR_TOKEN" in real.refused(
        "registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar"
    )


def test_a_token_of_a_disabled_account_proves_nothing(real: House) -> None:
    with real.owner() as conn:
        conn.execute("update access_officer set is_active = false where name = 'bendahara'")
    real.refused("monitor", "--as", "bendahara")


def test_the_database_keeps_no_token(real: House) -> None:
    with real.owner() as conn:
        kept = (
            conn.execute("select a::text from access_officer a").fetchall()
            + conn.execute("select l::text from audit_line l").fetchall()
        )
    assert not [row for (row,) in kept if os.environ["SALUR_TOKEN"] in row]


def test_naming_a_colleague_as_checker_does_not_replace_a_draw(real: House, monkeypatch: pytest.MonkeyPatch) -> None:
    file = real.home / "secrets.json"
    bare = json.loads(file.read_text())
    file.write_text(json.dumps(bare | {"demo": "yes"}))
    budi, ani = (add(real, name, "approver") for name in ("budi", "ani"))
    file.write_text(json.dumps(bare))
    monkeypatch.setenv("SALUR_TOKEN", budi)
    commit = ("draw", "commit", "SEMBAKO", "2024-01", "--as", "budi")
    real.ok(*commit, "--secret", "satu")
    again = (*commit, "--secret", "dua", "--reason", "uji", "--checker", "ani")
    for token in ("", budi, "salah"):
        monkeypatch.setenv("SALUR_CHECKER_TOKEN", token)
        assert "SALUR_CHECKER_TOKEN" in real.refused(*again)
    monkeypatch.setenv("SALUR_CHECKER_TOKEN", ani)
    real.ok(*again)


def typed(home: House, arguments: list[str], lines: list[str], token: str = "") -> tuple[int, str]:
    """Run a command on a terminal of its own and answer its questions; exit code and what the terminal showed."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"SALUR_TOKEN": token}
    process = subprocess.Popen(
        [sys.executable, "-m", "salur.entrypoints.cli.main", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
        start_new_session=True, preexec_fn=_own_terminal,
    )  # fmt: skip
    os.close(theirs)
    shown, waiting = b"", list(lines)
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
        if waiting and shown.rstrip(b" ").endswith(b":"):
            os.write(ours, waiting.pop(0).encode() + b"\n")
            shown += b"\n"
    os.close(ours)
    return process.wait(), shown.decode(errors="replace")


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_password_typed_twice_opens_the_terminal_and_is_never_shown(real: House) -> None:
    token = os.environ["SALUR_TOKEN"]
    word = "rumput laut biru pagi"
    code, shown = typed(real, ["user", "password", "bendahara", "--dry-run", "--as", "bendahara"], [word, word], token)
    assert code == 0 and "tidak ada yang disimpan" in shown, shown
    assert typed(real, ["monitor", "--as", "bendahara"], [word])[0] == 1
    code, shown = typed(real, ["user", "password", "bendahara", "--as", "bendahara"], [word, word], token)
    assert code == 0 and word not in shown, shown
    code, shown = typed(real, ["monitor", "--as", "bendahara"], [word])
    assert code == 0 and word not in shown, shown
    code, shown = typed(real, ["monitor", "--as", "bendahara"], ["rumput laut biru sore"])
    assert code == 1 and "SALUR_TOKEN" in shown
    with real.owner() as conn:
        stored = conn.execute("select password from access_officer where name = 'bendahara'").fetchone()[0]
        assert stored.startswith("pbkdf2_sha256$") and word not in stored
        assert (
            conn.execute(
                "select count(*) from audit_line where verb = 'user.password' and details::text !~ 'rumput|pbkdf2'"
            ).fetchone()[0]
            == 1
        )


def test_two_different_passwords_and_weak_ones_are_refused(real: House) -> None:
    token = os.environ["SALUR_TOKEN"]
    for first, second in (("rumput laut biru", "rumput laut hijau"), ("pendek", "pendek"),
                          ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"),
                          ("bendahara 2023 baik", "bendahara 2023 baik")):  # fmt: skip
        code, shown = typed(real, ["user", "password", "bendahara", "--as", "bendahara"], [first, second], token)
        assert code == 1, shown
    with real.owner() as conn:
        assert conn.execute("select password from access_officer where name = 'bendahara'").fetchone()[0] == ""


def test_a_password_is_not_taken_from_a_pipe_or_set_for_somebody_else(house: House) -> None:
    from salur.foundation.access.actions import officers

    assert "terminal" in house.refused("user", "password", "monitor", "--as", "monitor")
    add(house, "kepala63", "admin", area="63")
    with pytest.raises(officers.NotPermitted):
        officers.set_password("planner", "rumput laut biru pagi", by=officers.actor("monitor"))
    with pytest.raises(officers.NotPermitted):
        officers.set_password("planner", "rumput laut biru pagi", by=officers.actor("kepala63"))
    officers.set_password("planner", "rumput laut biru pagi", by=officers.actor("admin"))
    assert officers.prove("planner", password="rumput laut biru pagi")
    assert not officers.prove("planner", password="rumput laut biru sore")
    assert not officers.prove("nobody", password="rumput laut biru pagi")


def test_the_contract_and_the_program_name_the_same_pairs(house: House) -> None:
    from salur.foundation.access.permissions import INCOMPATIBLE

    assert {frozenset(pair) for pair in INCOMPATIBLE} == TOGETHER


def test_one_person_never_holds_two_roles_that_check_each_other(house: House) -> None:
    """Every pair of roles, in one account and in two accounts of one person, by the program and by the database."""
    from salur.foundation.access.models import Role

    roles = [role for role in Role.values if role != "channel"]
    for number, (one, other) in enumerate(combinations(roles, 2)):
        is_refused = frozenset({one, other}) in TOGETHER
        person = f"orang{number}"
        add(house, f"{person}a", one, "--person", person)
        for account in (f"{person}a", f"{person}b"):
            done = house.run(
                "user", "add", account, "--role", other, "--area", "00", "--person", person.upper(), "--as", "admin"
            )
            assert (done.returncode, one in done.stderr and other in done.stderr) == (
                (1, True) if is_refused else (0, False)
            ), (one, other)
    with house.owner() as conn:
        for pair in TOGETHER:
            for role in pair:
                (other,) = pair - {role}
                with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                    conn.execute(
                        """insert into access_grant (officer_id, role, granted_at, granted_by)
                           select id, %s, now(), 'x' from access_officer where name = %s""",
                        [other, role],
                    )
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            conn.execute(
                """update access_grant g set role = 'approver' where role = 'monitor' and exists (
                     select 1 from access_grant h where h.officer_id = g.officer_id and h.role = 'planner')"""
            )
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            conn.execute("update access_officer set person = 'approver' where name = 'planner'")


@pytest.mark.parametrize("turn", range(5))
def test_two_grants_at_once_do_not_overlook_each_other(house: House, turn: int) -> None:
    """Two sessions insert incompatible roles of one person at the same moment; one is refused, whoever comes first."""
    for account in ("kiri", "kanan"):
        add(house, account, "monitor", "--person", "satu orang")
    ready, told = threading.Barrier(2), []

    def grant(account: str, role: str) -> None:
        with house.owner() as conn:
            (number,) = conn.execute("select id from access_officer where name = %s", [account]).fetchone()
            ready.wait()
            try:
                conn.execute(
                    "insert into access_grant (officer_id, role, granted_at, granted_by) values (%s, %s, now(), 'x')",
                    [number, role],
                )
                told.append(role)
            except psycopg.errors.IntegrityConstraintViolation:
                told.append("")

    threads = [threading.Thread(target=grant, args=pair) for pair in (("kiri", "planner"), ("kanan", "approver"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told)[0] == "" and sorted(told)[1] in ("planner", "approver")


def test_two_commands_that_grant_at_once_leave_one_role(house: House) -> None:
    """The same through the action, as two officers would at two desks."""
    from django.db import connections

    from salur.foundation.access.actions import officers

    for account in ("kiri", "kanan"):
        add(house, account, "monitor", "--person", "satu orang")
    ready, refused = threading.Barrier(2), []

    def grant(account: str, role: str) -> None:
        ready.wait()
        try:
            officers.add(account, role=role, area="00", by="admin", person="satu orang")
        except officers.RolesIncompatible:
            refused.append(role)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=grant, args=pair) for pair in (("kiri", "planner"), ("kanan", "approver"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_an_account_gets_a_second_role_without_naming_the_person_again(house: House) -> None:
    add(house, "ani", "registrar", "--person", "19800101 200501 2 001")
    house.ok("user", "add", "ani", "--role", "planner", "--area", "00", "--as", "admin")
    with house.owner() as conn:
        assert (
            conn.execute("select person from access_officer where name = 'ani'").fetchone()[0]
            == "19800101 200501 2 001"
        )
    house.refused(
        "user",
        "add",
        "ani2",
        "--role",
        "approver",
        "--area",
        "00",
        "--person",
        "19800101 200501 2 001",
        "--as",
        "admin",
    )


def test_an_admin_adds_users_of_the_own_area_only(house: House) -> None:
    add(house, "kepala63", "admin", area="63")
    for area in ("63", "6371", "63.71.01", "6371011001"):
        add(house, f"petugas{area}", "monitor", area=area, by="kepala63")
    for area in ("00", "62", "6471", "64.71.01", "6"):
        house.refused("user", "add", "asing", "--role", "monitor", "--area", area, "--as", "kepala63")
    for name in ("planner", "petugas63"):
        house.refused("user", "add", "lagi", "--role", "monitor", "--area", "63", "--as", name)
    house.refused("user", "add", "planner", "--role", "monitor", "--area", "63", "--as", "kepala63")


def test_strange_roles_areas_and_channels_are_refused(house: House) -> None:
    for role, area, channel in (
        ("raja", "00", ""),
        ("monitor", "9999", ""),
        ("channel", "00", ""),
        ("channel", "00", "BCA"),
        ("monitor", "00", "BRI"),
    ):
        house.refused(
            "user",
            "add",
            "baru",
            "--role",
            role,
            "--area",
            area,
            *(("--channel", channel) if channel else ()),
            "--as",
            "admin",
        )
    house.refused("user", "add", "...", "--role", "monitor", "--area", "00", "--as", "admin")
