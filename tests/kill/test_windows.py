"""Moments that chance seldom hits, brought about one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import OperationalError

from salur.entrypoints.cli.demo import channels
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import run_lock
from salur.foundation.engine.session import engine
from salur.foundation.vocabulary.tables import Table
from support.house import House
from support.journey import SEMBAKO, approved, generated, register

NUMBERS = Table(kind="numbers", columns={"n": "int64"}, key=("n",))


def test_files_stay_when_the_server_died_before_it_could_say_that_they_are_listed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salur.foundation.lake import read, seal

    really = seal._list_once

    def answer_is_lost(*given: Any) -> None:
        really(*given)
        raise OperationalError("server closed the connection unexpectedly")

    with engine() as run:
        rows = pa.table({"n": [1, 2, 3]})
        with monkeypatch.context() as patch:
            patch.setattr(seal, "_list_once", answer_is_lost)
            with pytest.raises(OperationalError):
                seal.seal(run, NUMBERS, rows, step="test/1", by="test")
        sealed = seal.seal(run, NUMBERS, rows, step="test/1", by="test")
        assert read.verify(sealed) is None
        assert read.arrow(sealed).to_pydict() == {"n": [1, 2, 3]}


def test_two_runs_that_seal_the_same_at_once_share_one_dataset(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from salur.foundation.lake import seal

    really = seal._list_once

    def another_was_quicker(kind: str, request: str, fields: dict[str, Any]) -> Any:
        first = really(kind, request, fields)
        assert really(kind, request, fields) == first
        return first

    with engine() as run:
        monkeypatch.setattr(seal, "_list_once", another_was_quicker)
        assert seal.seal(run, NUMBERS, pa.table({"n": [1]}), step="test/1", by="test").rows == 1


@pytest.fixture(scope="module")
def registered(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Path]:
    folder = tmp_path_factory.mktemp("windows")
    register(shared_house, generated(folder, families=60))
    return shared_house, folder


def test_a_run_leaves_the_stage_tables_of_another_alone(registered: tuple[House, Path]) -> None:
    house, _folder = registered
    house.ok("enrolment", "determine", *SEMBAKO, "--as", "planner")
    with connect("owner") as another, run_lock(another, "cycle PKH-2023-T2"):
        another.execute("create table stage_entitlement_4711 (n int)")
        another.commit()
        house.ok("cycle", "open", *SEMBAKO, "--as", "planner")
        assert another.execute("select to_regclass('stage_entitlement_4711') is not null").fetchone() == (True,)


def test_settlement_ledger_and_record_stand_or_fall_together(
    registered: tuple[House, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from salur.reconciliation import match

    house, folder = registered
    code = approved(house, *SEMBAKO)
    house.ok("instruction", "write", code, "--out", folder / "out", "--as", "disburser")
    house.ok("instruction", "release", code, "--as", "disburser")
    first, second = (
        channels.answer(folder / "out", folder / f"in-{n}", seed="salur", truth=folder / "truth", round=n)
        for n in (1, 2)
    )
    for files, expected in ((first, 0), (second, 1)):
        for channel, some in sorted(files.items())[:2]:
            assert house.run("result", "import", channel, *some, "--as", "reconciler").returncode in (0, 3)
        before = standing(house)
        assert before[1] == expected
        with monkeypatch.context() as patch:
            patch.setattr(match, "_post", server_dies)
            house.refused("reconcile", code, "--as", "reconciler")
        assert standing(house) == before
        assert house.ok("reconcile", code, "--as", "reconciler")["difference_rupiah"] == 0
    assert house.ok("audit", code, "--as", "auditor")["ok"]


def server_dies(*_given: object, **_named: object) -> None:
    raise OperationalError("server closed the connection unexpectedly")


def standing(house: House) -> tuple[Any, ...]:
    """Settlement, records of reconciliation and postings."""
    with house.owner() as conn:
        return conn.execute(
            "select (select md5(string_agg(s::text, ' ' order by s::text)) from settlement s),"
            " (select count(*) from reconciliation_reconciliation), (select count(*) from budget_posting)"
        ).fetchone()
