"""The record of what happened: whole under two writers, and no change of it stays unseen."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from support.house import House


def write(conn: Any, verb: str = "tested") -> None:
    conn.execute("insert into audit_line (actor, verb, subject, details) values ('x', %s, 'y', '{\"n\": 1}')", [verb])


def broken(conn: Any) -> list[tuple]:
    return conn.execute("select block, expected, found from broken_blocks()").fetchall()


def blocks(conn: Any) -> list[tuple]:
    return conn.execute("select first_line, last_line, previous, digest from audit_block order by id").fetchall()


def as_superuser(conn: Any, statement: str) -> None:
    """Behind the house's back: with the triggers switched off."""
    conn.execute("set session_replication_role = replica")
    conn.execute(statement)
    conn.execute("set session_replication_role = origin")


def test_each_block_carries_on_from_the_one_before(house: House) -> None:
    with house.owner() as conn:
        for _turn in range(3):
            write(conn)
            write(conn)
            conn.execute("select close_block()")
        chain = blocks(conn)
        assert [one[0] for one in chain] == [1, *(one[1] + 1 for one in chain[:-1])]
        assert [one[2] for one in chain] == ["", *(one[3] for one in chain[:-1])]
        assert chain[-1][1] == conn.execute("select max(id) from audit_line").fetchone()[0]
        assert broken(conn) == []


def test_closing_with_nothing_new_adds_no_block(house: House) -> None:
    with house.owner() as conn:
        write(conn)
        head = conn.execute("select close_block()").fetchone()
        count = len(blocks(conn))
        assert conn.execute("select close_block()").fetchone() == head
        assert len(blocks(conn)) == count


def test_a_long_writer_is_not_waited_for_and_its_lines_are_closed_later(house: House) -> None:
    with house.owner() as conn, house.owner() as writer:
        write(conn)
        head = conn.execute("select close_block()").fetchone()
        writer.execute("begin")
        write(writer, "slow")
        write(conn, "quick")
        conn.execute("set statement_timeout = '20s'")
        assert conn.execute("select close_block()").fetchone() == head
        writer.execute("commit")
        assert conn.execute("select close_block()").fetchone() != head
        assert blocks(conn)[-1][1] == conn.execute("select max(id) from audit_line").fetchone()[0]
        assert broken(conn) == []


def test_lines_of_a_transaction_that_was_undone_leave_a_gap_and_no_fault(house: House) -> None:
    with house.owner() as conn, house.owner() as writer:
        writer.execute("begin")
        write(writer)
        writer.execute("rollback")
        write(conn)
        conn.execute("select close_block()")
        assert broken(conn) == []


def test_many_who_write_and_close_at_once_make_one_chain(house: House) -> None:
    """No fork, no lost line, and nobody fails because another closes."""
    failed: list[Exception] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        try:
            with house.owner() as conn:
                start.wait()
                for turn in range(25):
                    conn.execute("begin")
                    write(conn, f"worker {number}")
                    conn.execute("rollback" if turn % 7 == 6 else "commit")
                    conn.execute("select close_block()")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with house.owner() as conn:
        conn.execute("select close_block()")
        chain = blocks(conn)
        assert [one[0] for one in chain] == [1, *(one[1] + 1 for one in chain[:-1])]
        assert [one[2] for one in chain] == ["", *(one[3] for one in chain[:-1])]
        assert chain[-1][1] == conn.execute("select max(id) from audit_line").fetchone()[0]
        assert conn.execute("select count(*) from audit_line where verb like 'worker%'").fetchone()[0] == 6 * (25 - 3)
        assert broken(conn) == []


@pytest.mark.parametrize("change", [
    "update audit_line set actor = 'z' where id = {line}",
    "update audit_line set details = '{{\"n\": 2}}' where id = {line}",
    "update audit_line set at = at + interval '1 microsecond' where id = {line}",
    "update audit_line set actor = 'x|tested', verb = 'y' where id = {line}",
    "delete from audit_line where id = {line}",
    "insert into audit_line (id, actor, verb, subject, details) overriding system value"
    " select {line} - 1, 'x', 'y', 'z', '{{}}'",
    "update audit_line set id = id + 1000000 where id = {line}",
    "update audit_block set digest = repeat('0', 64) where first_line <= {line} and last_line >= {line}",
    "update audit_block set previous = repeat('0', 64) where first_line <= {line} and last_line >= {line}",
    "update audit_block set last_line = last_line - 1 where first_line <= {line} and last_line >= {line}",
    "delete from audit_block where first_line <= {line} and last_line >= {line}",
])  # fmt: skip
def test_a_changed_record_is_found(house: House, change: str) -> None:
    """In the middle of the chain; the gap before the line comes from a transaction that was undone."""
    with house.owner() as conn:
        for turn in range(3):
            conn.execute("begin")
            write(conn)
            conn.execute("rollback")
            write(conn)
            conn.execute("select close_block()")
            if turn == 1:
                (line,) = conn.execute("select max(id) from audit_line").fetchone()
        assert broken(conn) == []
        as_superuser(conn, change.format(line=line))
        found = broken(conn)
        assert found and all(expected != seen for _block, expected, seen in found)


def test_a_chain_cut_off_at_its_end_is_missed_by_the_seals(house: House) -> None:
    """Whoever deletes the newest blocks leaves a chain that agrees with itself, but not with the seals."""
    from salur.foundation.audit import record

    with house.owner() as conn:
        (head,) = conn.execute("select digest from audit_block order by id desc limit 1").fetchone()
        conn.execute(
            """insert into lake_dataset (kind, columns, key, rows, sums, digest, files, step, parameters, inputs, request, audit_head,
                sealed_at, sealed_by)
               values ('test', '[]', '[]', 0, '{}', repeat('1', 64), '[]', 'test/1', '{}', '[]', repeat('2', 64), %s, now(), 'x')""",
            [head],
        )
        assert record.lost_heads() == []
        as_superuser(conn, f"delete from audit_block where digest = '{head}'")
        assert record.lost_heads() == [head]


def test_rows_of_a_watched_record_are_told_with_who_changed_them(house: House) -> None:
    with house.owner() as conn:
        conn.execute("select set_config('salur.officer', 'ani', false)")
        conn.execute(
            """insert into budget_budgetline (programme, year, ceiling, committed)
               values ('SEMBAKO', 2031, 5, 0), ('PKH', 2031, 6, 0)"""
        )
        conn.execute("update budget_budgetline set ceiling = ceiling + 1 where year = 2031")
        conn.execute("update budget_budgetline set ceiling = ceiling where year = 2031")
        conn.execute("delete from budget_budgetline where year = 2031 and programme = 'PKH'")
        told = conn.execute(
            """select actor, verb, (details -> 'before' ->> 'ceiling')::int, (details -> 'after' ->> 'ceiling')::int
               from audit_line where subject = 'budget_budgetline' order by id"""
        ).fetchall()
    assert told == [("ani", "inserted", None, 5), ("ani", "inserted", None, 6),
                    ("ani", "updated", 5, 6), ("ani", "updated", 6, 7),
                    ("ani", "deleted", 7, None)]  # fmt: skip


def test_a_change_made_without_an_officer_names_the_session(house: House) -> None:
    with house.owner() as conn:
        conn.execute(
            "insert into budget_budgetline (programme, year, ceiling, committed) values ('SEMBAKO', 2032, 5, 0)"
        )
        told = conn.execute("select actor from audit_line order by id desc limit 1").fetchone()
    assert told == ("system:salur_owner",)


def test_a_line_is_not_written_without_its_change(house: House) -> None:
    """The event and the change share the transaction."""
    before = house.owner().execute("select count(*) from audit_line").fetchone()
    assert house.run("budget", "ceiling", "SEMBAKO", "2023", "100", "--decree", "D", "--as", "auditor").returncode == 1
    assert house.owner().execute("select count(*) from audit_line").fetchone() == before
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "100", "--decree", "D", "--as", "planner")
    with house.owner() as conn:
        assert conn.execute("select actor from audit_line where verb = 'budget.ceiling'").fetchall() == [("planner",)]
        assert {
            actor for (actor,) in conn.execute("select actor from audit_line where subject = 'budget_budgetline'")
        } == {"planner"}
        assert (
            conn.execute("select max(last_line) from audit_block").fetchone()
            == conn.execute("select max(id) from audit_line").fetchone()
        )
