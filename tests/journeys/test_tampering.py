"""What a superuser changes behind Salur's back is found and named, and no instruction leaves on top of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.house import House, Street
from support.journey import SEMBAKO, approved, generated, paid, register

CODE = "SEMBAKO-2023-05"


@pytest.fixture(scope="module")
def reconciled(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Path]]:
    house, folder = the_street.build(), tmp_path_factory.mktemp("tampering")
    register(house, generated(folder, families=250))
    approved(house, *SEMBAKO)
    paid(house, CODE, folder)
    yield house, folder
    the_street.tear_down(house)


def audit(house: House) -> tuple[int, list[dict]]:
    done = house.run("audit", CODE, "--as", "auditor", "--json")
    return done.returncode, json.loads(done.stdout)["faults"]


def as_superuser(house: House, *statements: str) -> list[tuple]:
    """Change rows as somebody can who owns the server: triggers switched off."""
    with house.owner() as conn:
        conn.execute("set session_replication_role = replica")
        found: list[tuple] = []
        for statement in statements:
            cursor = conn.execute(statement)
            found = cursor.fetchall() if cursor.description else []
        return found


def test_an_untouched_cycle_is_whole(reconciled: tuple[House, Path]) -> None:
    assert audit(reconciled[0]) == (0, [])


@pytest.mark.parametrize(
    ("change", "undo", "kind"),
    [
        ("update entitlement set amount_rupiah = amount_rupiah + 1 where recipient_id = {family}",
         "update entitlement set amount_rupiah = amount_rupiah - 1 where recipient_id = {family}", "entitlement"),
        ("update instruction set channel = 'POS' where recipient_id = {family}",
         "update instruction set channel = '{channel}' where recipient_id = {family}", "instruction"),
        ("update budget_posting set rupiah = rupiah + 1 where id = {posting}",
         "update budget_posting set rupiah = rupiah - 1 where id = {posting}", "ledger"),
        ("update budget_posting set by = 'orang lain' where id = {posting}",
         "update budget_posting set by = 'approver' where id = {posting}", "history"),
        ("update audit_line set actor = 'orang lain' where id = {line}",
         "update audit_line set actor = '{actor}' where id = {line}", "audit"),
        ("update settlement set reason = 'PINDAH' where recipient_id = {family}",
         "update settlement set reason = '{reason}' where recipient_id = {family}", "settlement"),
    ],
)  # fmt: skip
def test_each_change_is_named(reconciled: tuple[House, Path], change: str, undo: str, kind: str) -> None:
    house, _folder = reconciled
    with house.owner() as conn:
        family, channel = conn.execute(
            "select recipient_id, channel from instruction order by recipient_id limit 1"
        ).fetchone()
        (reason,) = conn.execute("select reason from settlement where recipient_id = %s", [family]).fetchone()
        (posting,) = conn.execute("select min(id) from budget_posting").fetchone()
        line, actor = conn.execute("select id, actor from audit_line order by id limit 1").fetchone()
    values = {"family": family, "channel": channel, "posting": posting, "line": line, "actor": actor, "reason": reason}
    as_superuser(house, change.format(**values))
    code, faults = audit(house)
    as_superuser(house, undo.format(**values))
    assert code == 1
    named = [fault for fault in faults if fault["kind"] == kind]
    assert named, faults
    if kind in ("entitlement", "instruction", "settlement"):
        assert str(family) in named[0]["where"]
    assert audit(house) == (0, [])


def test_a_deleted_result_file_is_named(reconciled: tuple[House, Path]) -> None:
    house, _folder = reconciled
    as_superuser(house, "create table kept_row as select * from delivery_resultfile order by id limit 1",
                 "delete from delivery_resultfile where id in (select id from kept_row)")  # fmt: skip
    code, faults = audit(house)
    as_superuser(house, "insert into delivery_resultfile select * from kept_row", "drop table kept_row")
    assert code == 1
    assert {"history", "result_file"} <= {fault["kind"] for fault in faults}
    assert audit(house) == (0, [])


def sealed_file(house: House, kind: str) -> Path:
    return next((house.home / "lake" / kind).glob("*/part-*.parquet"))


@pytest.mark.parametrize("kind", ["result_lines", "entitlements", "release_persons", "enrolment"])
def test_a_swapped_file_is_named_and_stops_instructions(
    reconciled: tuple[House, Path], kind: str, tmp_path: Path
) -> None:
    house, _folder = reconciled
    file = sealed_file(house, kind)
    before = file.read_bytes()
    file.write_bytes(sealed_file(house, "quotas").read_bytes())
    try:
        code, faults = audit(house)
        assert code == 1
        assert any(fault["kind"] == "lake" and fault["where"].startswith(kind) for fault in faults), faults
        if kind == "entitlements":
            assert "audit" in house.refused("instruction", "write", CODE, "--out", tmp_path, "--as", "disburser")
    finally:
        file.write_bytes(before)
    assert audit(house) == (0, [])


def test_one_line_less_in_a_sealed_result_file_is_named(reconciled: tuple[House, Path]) -> None:
    import pyarrow.parquet as pq

    house, _folder = reconciled
    file = sealed_file(house, "result_lines")
    before = file.read_bytes()
    rows = pq.read_table(file)
    pq.write_table(rows.slice(0, rows.num_rows - 1), file)
    code, faults = audit(house)
    file.write_bytes(before)
    assert code == 1 and any(fault["where"].startswith("result_lines") for fault in faults)


def test_instructions_do_not_leave_on_top_of_a_changed_rupiah(reconciled: tuple[House, Path], tmp_path: Path) -> None:
    house, _folder = reconciled
    as_superuser(
        house,
        "update entitlement set amount_rupiah = amount_rupiah + 1 where recipient_id = (select min(recipient_id) from entitlement)",
    )
    sentence = house.refused("instruction", "write", CODE, "--out", tmp_path, "--as", "disburser")
    as_superuser(
        house,
        "update entitlement set amount_rupiah = amount_rupiah - 1 where recipient_id = (select min(recipient_id) from entitlement)",
    )
    assert "salur audit" in sentence
    assert not list(tmp_path.iterdir())


def test_a_changed_archived_instruction_file_is_not_handed_out(reconciled: tuple[House, Path], tmp_path: Path) -> None:
    house, _folder = reconciled
    file = sorted((house.home / "archive" / "sent").iterdir())[0]
    before = file.read_bytes()
    file.write_bytes(before.replace(b"BRI", b"BNI", 1) + b"\n")
    try:
        house.refused("instruction", "write", CODE, "--out", tmp_path, "--as", "disburser")
        assert any(fault["kind"] == "archive" for fault in audit(house)[1])
    finally:
        file.write_bytes(before)


def test_written_again_the_files_are_the_same_bytes(reconciled: tuple[House, Path], tmp_path: Path) -> None:
    house, folder = reconciled
    house.ok("instruction", "write", CODE, "--out", tmp_path / "again", "--as", "disburser")
    first = {file.name: file.read_bytes() for file in (folder / f"instructions-{CODE}").iterdir()}
    second = {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()}
    assert first == second and len(first) > 2
