import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from salur.foundation.database.connection import connect, django_databases
from salur.foundation.database.embedded import NotInitialised, Role, parameters
from salur.foundation.database.roles import ensure_roles
from salur.foundation.vocabulary.errors import Refused

GUESTS: list[Role] = ["app", "read"]


@pytest.mark.parametrize("role", GUESTS)
def test_a_guest_has_no_power_of_its_own(running_home: Path, role: Role) -> None:
    with connect(role) as conn:
        assert conn.execute(
            "select current_user::text, rolsuper, rolcreatedb, rolcreaterole, rolinherit, rolbypassrls from pg_roles"
            " where rolname = current_user"
        ).fetchone() == (f"salur_{role}", False, False, False, False, False)


@pytest.mark.parametrize("role", GUESTS)
@pytest.mark.parametrize("deed", ["create table t (n int)", "create temp table t (n int)", "select * from owned"])
def test_a_guest_may_not_make_or_read_what_was_not_granted(running_home: Path, role: Role, deed: str) -> None:
    with connect() as conn:
        conn.execute("create table if not exists owned (n int)")
    with connect(role) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(deed)


def test_a_granted_table_can_be_read_by_the_named_role_only(running_home: Path) -> None:
    with connect() as conn:
        conn.execute("create table if not exists shown (n int)")
        conn.execute("grant select on shown to salur_app")
    with connect("app") as conn:
        assert conn.execute("select * from shown").fetchall() == []
    with connect("read") as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("select * from shown")


def test_making_the_roles_again_takes_back_what_somebody_added(owner: psycopg.Connection) -> None:
    owner.execute("alter role salur_read superuser bypassrls")
    owner.execute("grant pg_read_all_data to salur_read")
    ensure_roles(owner)
    assert owner.execute(
        "select rolsuper, rolbypassrls, pg_has_role('salur_read', 'pg_read_all_data', 'set') from pg_roles"
        " where rolname = 'salur_read'"
    ).fetchone() == (False, False, False)


def test_passwords_are_kept_as_scram_verifiers(owner: psycopg.Connection) -> None:
    kept = owner.execute("select rolpassword from pg_authid where rolcanlogin").fetchall()
    assert len(kept) == 3
    assert all(password.startswith("SCRAM-SHA-256$") for (password,) in kept)


def test_an_address_of_a_home_without_database_says_to_run_init(fresh_home: Path) -> None:
    with pytest.raises(NotInitialised, match="salur init"):
        parameters(fresh_home, "owner")
    assert not (fresh_home / "pg").exists()


DJANGO = """
from django.conf import settings
from salur.foundation.database.connection import django_databases
settings.configure(DATABASES=django_databases())
from django.db import connections
with connections["app"].cursor() as cursor:
    cursor.execute("select current_user::text, current_database()::text")
    print(*cursor.fetchone())
"""


def test_django_s_settings_hold_no_password_and_reach_the_role(running_home: Path) -> None:
    assert all("PASSWORD" not in one for one in django_databases().values())
    asked = subprocess.run([sys.executable, "-c", DJANGO], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["salur_app", "salur"]


def test_a_database_url_is_used_instead(running_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {role: parameters(running_home, role) for role in ("owner", *GUESTS)}
    host = known["owner"]["host"].replace("/", "%2F")
    monkeypatch.setenv("SALUR_HOME", "/nowhere")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://salur_owner:{known['owner']['password']}@{host}/salur")
    with connect() as conn:
        assert conn.execute("select current_user::text").fetchone() == ("salur_owner",)
    monkeypatch.delenv("SALUR_APP_PASSWORD", raising=False)
    with pytest.raises(Refused, match="SALUR_APP_PASSWORD"):
        connect("app")
    monkeypatch.setenv("SALUR_APP_PASSWORD", known["app"]["password"])
    with connect("app") as conn:
        assert conn.execute("select current_user::text").fetchone() == ("salur_app",)


@pytest.mark.parametrize("url", ["postgresql://u:rahasia@[::1/x", "postgresql://u:rahasia@/x?host=/nowhere"])
def test_a_database_url_that_fails_is_refused_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Refused, match="DATABASE_URL") as refused:
        connect()
    assert "rahasia" not in str(refused.value)
