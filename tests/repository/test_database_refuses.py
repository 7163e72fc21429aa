"""What must never happen is refused by the database itself, the owner's own session included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from support.house import House, Street
from support.journey import PKH, SEMBAKO, approved, generated, paid, register

CODE = "SEMBAKO-2023-05"
DRAFT = "PKH-2023-T2"
NEVER = psycopg.errors.IntegrityConstraintViolation


@pytest.fixture(scope="module")
def house(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One reconciled cycle and one that is still a draft."""
    made, folder = the_street.build(), tmp_path_factory.mktemp("refuses")
    register(made, generated(folder, families=150))
    approved(made, *SEMBAKO)
    paid(made, CODE, folder, rounds=(1,))
    made.ok("enrolment", "determine", *PKH, "--as", "planner")
    made.ok("cycle", "open", *PKH, "--as", "planner")
    yield made
    the_street.tear_down(made)


@pytest.fixture
def owner(house: House) -> Iterator[Any]:
    """The owner inside a transaction that is undone."""
    with house.owner() as conn:
        conn.execute("begin")
        yield conn
        conn.execute("rollback")


def changed(owner: Any, statement: str) -> int:
    """How many rows the statement touches: one that touches none proves nothing."""
    count = owner.execute(statement).rowcount
    assert count != 0, statement
    return count


def test_a_second_entitlement_of_a_family_in_a_period_is_refused(owner: Any) -> None:
    other_cycle = f"(select id from cycles_cycle where code = '{DRAFT}')"
    columns = "period_id, recipient_id, region_code, component_rupiah, amount_rupiah"
    with pytest.raises(psycopg.errors.UniqueViolation):
        changed(
            owner,
            f"insert into entitlement ({columns}, cycle_id) select {columns}, {other_cycle} from entitlement"
            f" where cycle_id = {other_cycle} limit 1",
        )


def test_a_further_family_on_an_approved_list_is_refused(owner: Any) -> None:
    with pytest.raises(NEVER, match="never changed"):
        changed(owner, """insert into entitlement
            (period_id, recipient_id, cycle_id, region_code, component_rupiah, amount_rupiah)
            select period_id, 1, cycle_id, region_code, component_rupiah, amount_rupiah from entitlement
            where cycle_id = (select id from cycles_cycle where code = 'SEMBAKO-2023-05') limit 1""")  # fmt: skip


@pytest.mark.parametrize("statement", [
    "update entitlement set amount_rupiah = amount_rupiah + 1 where cycle_id = {cycle}",
    "delete from entitlement where cycle_id = {cycle}",
    "truncate entitlement",
    "update cycles_cycle set entitled_rupiah = entitled_rupiah + 1 where id = {cycle}",
    "update cycles_cycle set list_digest = 'x' where id = {cycle}",
    "update cycles_cycle set state = 'DRAFT' where id = {cycle}",
    "update cycles_cycle set approved_digest = '' where id = {cycle}",
])  # fmt: skip
def test_an_approved_list_is_not_changed(owner: Any, statement: str) -> None:
    (cycle,) = owner.execute("select id from cycles_cycle where code = %s", [CODE]).fetchone()
    with pytest.raises(NEVER):
        changed(owner, statement.format(cycle=cycle))


def test_a_draft_may_still_be_changed(owner: Any) -> None:
    assert changed(
        owner, f"delete from entitlement where cycle_id = (select id from cycles_cycle where code = '{DRAFT}')"
    )


@pytest.mark.parametrize(("first", "end"), [(0, 1), (-1, 1), (0, 2), (-3, 3)])
def test_periods_of_one_programme_never_overlap(owner: Any, first: int, end: int) -> None:
    with pytest.raises(psycopg.errors.ExclusionViolation):
        changed(owner, f"""insert into cycles_paymentperiod
            (programme_id, period, first_month, end_month, cycle_id, determination_id, entitled_id)
            select programme_id, 'lain', first_month + {first}, first_month + {end}, cycle_id, determination_id,
                entitled_id
            from cycles_paymentperiod where period = '2023-05'""")  # fmt: skip


def test_the_next_month_and_another_programme_do_not_overlap(owner: Any) -> None:
    changed(owner, """insert into cycles_paymentperiod
        (programme_id, period, first_month, end_month, cycle_id, determination_id, entitled_id)
        select programme_id, '2023-06', first_month + 1, end_month + 1, cycle_id, determination_id, entitled_id
        from cycles_paymentperiod where period = '2023-05'""")  # fmt: skip
    overlap = owner.execute("""select count(*) from cycles_paymentperiod a join cycles_paymentperiod b
        on a.programme_id <> b.programme_id and a.first_month < b.end_month
        and b.first_month < a.end_month""").fetchone()[0]  # fmt: skip
    assert overlap > 0


def posting(rupiah: str, debit: str = "committed", credit: str = "ceiling") -> str:
    return f"""insert into budget_posting
                   (day, debit, credit, rupiah, programme, year, cycle, region_code, channel, step, by, at)
               select current_date, '{debit}', '{credit}', {rupiah}, programme, year, 'x', '63', '', 'x', 'x', now()
               from budget_budgetline where programme = 'SEMBAKO'"""


def test_a_commitment_above_the_ceiling_is_refused_to_the_rupiah(owner: Any) -> None:
    changed(owner, posting("ceiling - committed"))
    with pytest.raises(psycopg.errors.CheckViolation, match="commitments_within_ceiling"):
        changed(owner, posting("1"))


def test_a_ceiling_below_what_is_committed_is_refused(owner: Any) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="commitments_within_ceiling"):
        changed(owner, "update budget_budgetline set ceiling = committed - 1 where programme = 'SEMBAKO'")


@pytest.mark.parametrize(("rupiah", "credit"), [("0", "ceiling"), ("-1", "ceiling"), ("1", "committed")])
def test_a_posting_moves_more_than_nothing_to_another_account(owner: Any, rupiah: str, credit: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        changed(owner, posting(rupiah, credit=credit))


@pytest.mark.parametrize("relation", [
    "budget_posting", "budget_ceilingrevision", "audit_line", "audit_block", "lake_dataset", "lake_archivedfile",
    "delivery_resultfile",
    "enrolment_determination", "enrolment_approvedlist", "programmes_ruleversion", "registry_registryfile", "registry_release", "instruction",
])  # fmt: skip
@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_what_is_written_for_good_is_neither_changed_nor_deleted(owner: Any, relation: str, verb: str) -> None:
    (column,) = owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum = 1", [relation]
    ).fetchone()
    statement = {
        "update": f"update {relation} set {column} = {column}",
        "delete": f"delete from {relation}",
        "truncate": f"truncate {relation} cascade",
    }
    assert owner.execute(f"select count(*) from {relation}").fetchone()[0] > 0
    with pytest.raises(NEVER, match="never changed"):
        owner.execute(statement[verb])


@pytest.mark.parametrize("maker", ["opened_person", "submitted_person"])
def test_nobody_approves_their_own_list(owner: Any, maker: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="nobody_approves_their_own_list"):
        changed(owner, f"""update cycles_cycle set {maker} = 'satu orang', approved_person = 'satu orang'
                           where code = '{DRAFT}'""")  # fmt: skip


def test_nobody_approves_their_own_list_under_a_second_account(house: House) -> None:
    """The person who made the list stands behind another account that may approve."""
    from salur.cycles.actions import approval
    from salur.foundation.access.actions.officers import actor

    house.ok("cycle", "submit", DRAFT, "--as", "planner")
    second_account = replace(actor("approver"), person=actor("planner").person)
    with pytest.raises(approval.SameOfficer):
        approval.approve(DRAFT, by=second_account)
    house.ok("cycle", "send-back", DRAFT, "--reason", "periksa lagi", "--as", "approver")


@pytest.mark.parametrize(
    "change",
    ["state = 'APPROVED'", "state = 'RELEASED'", "approved_digest = 'x'", "state = 'APPROVED', approved_digest = 'x'"],
)
def test_a_list_is_approved_with_the_digest_that_was_seen_or_not_at_all(owner: Any, change: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="approved_as_seen"):
        changed(owner, f"update cycles_cycle set {change} where code = '{DRAFT}'")


def test_only_an_approved_list_is_instructed(owner: Any) -> None:
    columns = (
        "attempt, instructed_id, fallen_out_id, instructions, rupiah, prepared_by, prepared_person, prepared_at,"
        " released_by, released_person"
    )
    with pytest.raises(NEVER, match="only an approved list"):
        changed(owner, f"""insert into delivery_batch (cycle_id, {columns})
            select (select id from cycles_cycle where code = '{DRAFT}'), {columns} from delivery_batch""")  # fmt: skip


@pytest.mark.parametrize("hand", ["opened_person", "submitted_person", "approved_person"])
def test_instructions_are_released_by_a_third_person(owner: Any, hand: str) -> None:
    with pytest.raises(NEVER, match="third person"):
        changed(owner, f"""update delivery_batch b set released_person = c.{hand} from cycles_cycle c
                           where c.id = b.cycle_id and c.code = '{CODE}'""")  # fmt: skip


def test_the_maker_of_a_list_does_not_release_its_instructions(house: House) -> None:
    """Planner and disburser may be one person; but not for one list."""
    from salur.delivery.actions import instructions
    from salur.foundation.access.actions.officers import actor
    from salur.foundation.vocabulary.errors import Refused

    with house.owner() as conn:
        conn.execute("begin")
        conn.execute("update delivery_batch set released_by = '', released_person = '', released_at = null")
        conn.execute("commit")
        before = conn.execute("select count(*) from budget_posting").fetchone()
        for name in ("planner", "approver"):
            with pytest.raises(Refused, match="orang ketiga"):
                instructions.release(CODE, by=replace(actor("disburser"), person=actor(name).person))
        assert conn.execute("select count(*) from budget_posting").fetchone() == before
        conn.execute(
            "update delivery_batch set released_by = 'disburser', released_person = 'disburser', released_at = now()"
        )


def test_who_committed_the_draw_does_not_determine(house: House) -> None:
    from salur.enrolment.determine import determine
    from salur.foundation.access.actions.officers import actor
    from salur.foundation.vocabulary.errors import Refused
    from salur.foundation.vocabulary.period import Period

    with pytest.raises(Refused, match="orang yang sama"):
        determine("SEMBAKO", Period.parse("2023-05"), by=replace(actor("planner"), person=actor("approver").person))


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_entitlement_is_more_than_nothing(owner: Any, amount: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        changed(
            owner,
            f"update entitlement set amount_rupiah = {amount}"
            f" where cycle_id = (select id from cycles_cycle where code = '{DRAFT}')",
        )


@pytest.mark.parametrize(
    "change",
    [
        "open_rupiah = open_rupiah + 1",
        "collected_rupiah = credited_rupiah + 1",
        "credited_rupiah = -1, open_rupiah = instructed_rupiah + 1",
    ],
)
def test_a_settlement_adds_up(owner: Any, change: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        changed(owner, f"update settlement set {change}")
