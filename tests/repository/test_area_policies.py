"""The database's catalogue itself: whatever people can read follows their area, or is public for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from support.exposure import GUESTS, faults, readable
from support.house import House, Street
from support.journey import SEMBAKO, whole

# The only relations that follow no area, each with its reason.
PUBLIC = {
    "regions_region": "codes and names of regions are published by the ministry",
    "programmes_programme": "which programmes there are is law",
    "programmes_ruleversion": "conditions and amounts are law",
    "delivery_channel": "the names of banks and the post",
    "cycles_cycle": "code and state of a cycle; the columns with counts and rupiah are not granted",
    "cycles_paymentperiod": "which months a cycle pays",
}


@pytest.fixture(scope="module")
def lived_in(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house after a whole journey, with all partitions that runs attach."""
    house = the_street.build()
    whole(house, tmp_path_factory.mktemp("policies"), families=120, programmes=(SEMBAKO,))
    yield house
    the_street.tear_down(house)


@pytest.fixture
def owner(lived_in: House) -> Iterator[Any]:
    """The owner inside a transaction that is undone."""
    with lived_in.owner() as conn:
        conn.execute("begin")
        yield conn
        conn.execute("rollback")


def test_everything_people_can_read_follows_their_area_or_is_public(owner: Any) -> None:
    assert faults(owner, PUBLIC) == []


def test_the_journey_attached_partitions_for_this_test_to_look_at(owner: Any) -> None:
    parents = {name for (name,) in owner.execute(
        "select distinct inhparent::regclass::text from pg_inherits join pg_class on oid = inhparent"
        " where relkind = 'p'")}  # fmt: skip
    assert parents == {"entitlement", "instruction", "settlement"}
    assert len(readable(owner)) > len(PUBLIC) + 10


def test_columns_with_national_figures_of_a_cycle_are_not_granted(owner: Any) -> None:
    columns = {name for (name,) in owner.execute(
        "select attname from pg_attribute where attrelid = 'cycles_cycle'::regclass and attnum > 0"
        " and has_column_privilege('salur_app', attrelid, attnum, 'select')")}  # fmt: skip
    assert columns == {"id", "code", "programme", "state", "opened_at", "submitted_at", "approved_at"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("create table bare (region_code text); grant select on bare to salur_app",
         "bare: can be read without a policy"),
        ("create table bare (region_code text); grant select (region_code) on bare to salur_read",
         "bare: can be read without a policy"),
        ("create table bare (region_code text); grant select on bare to public", "bare: can be read without a policy"),
        ("create table bare (id int); alter table bare enable row level security; grant select on bare to salur_app",
         "bare: can be read without a policy"),
        ("create policy open_door on registry_family for select to salur_app using (true)",
         "registry_family: policy open_door does not ask for the area"),
        ("alter table registry_person disable row level security", "registry_person: can be read without a policy"),
        ("create view wide as select * from registry_family; grant select on wide to salur_app",
         "wide: is a view that works with its owner's rights"),
        ("create materialized view frozen as select count(*) from registry_family",
         "frozen: is a materialised view, which no policy guards"),
        ("grant update on registry_family to salur_app", "registry_family: salur_app may update"),
        ("grant insert (details) on audit_line to salur_app", "audit_line: salur_app may insert"),
        ("grant usage on schema public to salur_app; grant create on schema public to salur_app",
         "public: salur_app may create"),
        ("grant execute on function close_block() to salur_read", "close_block(): salur_read may call it"),
        ("create function fresh() returns int language sql as 'select 1'; grant execute on function fresh() to public",
         "fresh(): salur_app may call it"),
        ("create function mine() returns int language sql security definer as 'select 1'",
         "mine(): runs as its owner on the caller's path"),
        ("revoke select on regions_region from salur_app, salur_read",
         "regions_region: stands on the public list, yet nobody can read it"),
        ("alter default privileges grant select on tables to salur_app", "future tables: are granted to salur_app"),
        ("grant salur_owner to salur_read", "salur_read: belongs to salur_owner"),
    ],
)  # fmt: skip
def test_a_door_left_open_is_named(owner: Any, change: str, named: str) -> None:
    for statement in change.split(";"):
        owner.execute(statement)
    assert named in faults(owner, PUBLIC)


@pytest.mark.parametrize("parent", ["entitlement", "instruction", "settlement"])
def test_a_granted_partition_is_named(owner: Any, parent: str) -> None:
    (name,) = owner.execute(
        "select inhrelid::regclass::text from pg_inherits where inhparent = %s::regclass limit 1", [parent]
    ).fetchone()
    owner.execute(f"grant select on {name} to salur_app")
    assert f"{name}: is a partition that can be read past its parent's policy" in faults(owner, PUBLIC)


def test_a_function_made_later_is_nobodys(owner: Any) -> None:
    owner.execute("create function later() returns int language sql as 'select 1'")
    assert faults(owner, PUBLIC) == []


@pytest.mark.parametrize("role", GUESTS)
def test_a_guest_is_refused_at_every_door_but_the_granted_ones(lived_in: House, owner: Any, role: str) -> None:
    """Not by the catalogue's word but by trying: each relation of ours, read and written as the guest."""
    from salur.foundation.database.connection import connect

    relations = [name for (name,) in owner.execute(
        "select c.oid::regclass::text from pg_class c"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')")]  # fmt: skip
    open_to_guest = set(readable(owner))
    with connect("app" if role == "salur_app" else "read", autocommit=True) as guest:
        assert guest.execute("select current_user").fetchone() == (role,)
        for name in relations:
            if name not in open_to_guest:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    guest.execute(f"select 1 from {name} limit 1")
            for statement in (f"delete from {name}", f"truncate {name}", f"insert into {name} default values"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    guest.execute(statement)
        for statement in ("create table mine (id int)", "create temp table access_officer (id int)",
                          "set role salur_owner", "select close_block()", "set session_replication_role = replica"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                guest.execute(statement)


def test_every_public_relation_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in PUBLIC.values())
