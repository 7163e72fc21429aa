"""State, reason and exceptions of a settlement: contract §6."""

from __future__ import annotations

import pytest

from agreement.given import Row, answers
from reconciliation import slow
from reconciliation.worlds import World, folded, instruction, line, random_world
from salur.reconciliation.steps import settle
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT


def told(*lines: Row, channel: str = "BRI", is_replaced: bool = False) -> tuple[str, str, dict[str, int]]:
    """state, reason, and rupiah by cause of one instruction of 200."""
    made = folded(World([instruction(channel=channel, is_replaced=is_replaced)], list(lines), []))
    (row,) = answers(made.settled)
    return row["state"], row["reason"], {one["cause"]: one["rupiah"] for one in answers(made.exceptions)}


def test_without_a_line_there_is_no_result() -> None:
    assert told() == ("SI_SENT", "TANPA_HASIL", {"TANPA_HASIL": 200})


def test_a_plain_credit_and_a_plain_collection_leave_nothing_to_look_at() -> None:
    assert told(line("KREDIT")) == ("CREDITED", "", {})
    assert told(line("KREDIT"), line("AMBIL", at=1)) == ("COLLECTED", "", {})
    assert told(line("AMBIL"), channel="POS") == ("COLLECTED", "", {})


def test_the_last_failure_explains_what_stays_open() -> None:
    lines = line("GAGAL", at=2, reason="MENINGGAL"), line("GAGAL", at=1, reason="PINDAH")
    assert told(*lines) == ("FAILED", "MENINGGAL", {"MENINGGAL": 200})


def test_a_failure_without_reason_is_another_reason() -> None:
    assert told(line("GAGAL")) == ("FAILED", "LAIN", {"LAIN": 200})


def test_a_bank_that_reports_only_the_collection_leaves_a_missing_credit() -> None:
    assert told(line("AMBIL")) == ("COLLECTED", "", {"KREDIT_TIDAK_ADA": 200})


def test_a_failure_after_the_credit_stays_credited_and_is_named() -> None:
    assert told(line("KREDIT"), line("GAGAL", at=1)) == ("CREDITED", "", {"GAGAL_SETELAH_KREDIT": 200})
    assert told(line("KREDIT"), line("GAGAL", at=1), line("TARIK", at=2))[2] == {"LAIN": 200}


def test_a_smaller_credit_is_a_short_payment() -> None:
    assert told(line("KREDIT", 150)) == ("CREDITED", "KURANG_BAYAR", {"KURANG_BAYAR": 50})
    assert told(line("KREDIT", 0))[1] == "KURANG_BAYAR"


def test_a_second_credit_and_too_large_a_credit_have_different_names() -> None:
    assert told(line("KREDIT"), line("KREDIT", at=1))[2] == {"KREDIT_GANDA": 200}
    assert told(line("KREDIT", 250))[2] == {"LEBIH_BAYAR": 50}


def test_a_contradiction_holds_what_is_open_and_is_named_even_when_nothing_is() -> None:
    clash = line("KREDIT", 200, proof="A"), line("KREDIT", 100, proof="A")
    assert told(*clash) == ("HELD", "KONTRADIKSI", {"KONTRADIKSI": 200})
    assert told(*clash, line("KREDIT", proof="B")) == ("CREDITED", "", {"KONTRADIKSI": 200})


def test_money_taken_back_is_explained_by_the_line_that_took_it() -> None:
    assert told(line("KREDIT"), line("TARIK", at=1, reason="TIDAK_TRANSAKSI")) == (
        "SI_SENT",
        "TIDAK_TRANSAKSI",
        {"TIDAK_TRANSAKSI": 200},
    )
    assert told(line("KREDIT"), line("TARIK", at=1))[1] == "LAIN"


def test_money_that_came_home_is_returned() -> None:
    assert told(line("GAGAL"), line("KEMBALI", at=1)) == ("RETURNED", "", {})


@pytest.mark.parametrize(
    ("lines", "cause", "rupiah"),
    [
        ([line("KREDIT"), line("TARIK", 230, at=1)], "TARIK_MELEBIHI_KREDIT", 30),
        ([line("KREDIT", 150), line("KEMBALI", 100, at=1)], "KEMBALI_MELEBIHI_SISA", 50),
        ([line("KREDIT"), line("AMBIL", 220, at=1)], "AMBIL_MELEBIHI_KREDIT", 20),
        ([line("KREDIT"), line("AMBIL", at=1), line("TARIK", 80, at=2)], "TARIK_SETELAH_AMBIL", 80),
    ],
)
def test_what_goes_beyond_is_named_with_its_rupiah(lines: list[Row], cause: str, rupiah: int) -> None:
    assert told(*lines)[2][cause] == rupiah


def test_a_replaced_attempt_is_closed() -> None:
    assert told(is_replaced=True) == ("REPLACED", "", {})
    assert told(line("KREDIT"), is_replaced=True)[2] == {"LEBIH_BAYAR": 200}


def test_lines_of_nobody_are_named_with_file_and_line() -> None:
    made = folded(
        World([], [line("KREDIT", 70, recipient=None, attempt=None, problem="ID_SALAH_KETIK", place="abc:9")], [])
    )
    (row,) = answers(made.exceptions)
    assert row == {
        "recipient_id": 0,
        "attempt": 0,
        "cause": "ID_SALAH_KETIK",
        "detail": "abc:9",
        "region_code": "00",
        "rupiah": 70,
    }


def test_a_line_of_another_channel_is_named_at_the_family_it_speaks_of() -> None:
    made = folded(World([instruction(7)], [line("KREDIT", 70, recipient=7, problem="KANAL_LAIN", place="abc:9")], []))
    found = [row for row in answers(made.exceptions) if row["detail"]]
    assert [(row["recipient_id"], row["cause"], row["region_code"]) for row in found] == [
        (7, "KANAL_LAIN", "6371011001")
    ]


def test_an_unknown_reason_leaves_its_finding() -> None:
    made = folded(World([instruction()], [line("KREDIT", note="KODE_ALASAN_TIDAK_DIKENAL", place="abc:9")], []))
    assert [(row["cause"], row["detail"], row["rupiah"]) for row in answers(made.exceptions)] == [
        ("KODE_ALASAN_TIDAK_DIKENAL", "abc:9", 0)
    ]


def test_who_was_never_instructed_stays_open_with_the_reason_of_the_routing() -> None:
    made = folded(
        World([], [], [{"recipient_id": 5, "region_code": "6371011001", "amount_rupiah": 2**40, "reason": "BANK_LAIN"}])
    )
    (row,) = answers(settle.columns(made.settled))
    assert list(row) == list(SETTLEMENT.names)
    assert (row["attempt"], row["id_instruksi"], row["state"], row["open_rupiah"], row["reason"]) == (
        0,
        "",
        "NOT_SENT",
        2**40,
        "BANK_LAIN",
    )


@pytest.mark.parametrize("seed", (20, 21))
def test_exceptions_agree_with_the_obvious_way_and_each_stands_once(seed: int) -> None:
    world = random_world(seed)
    _settled, expected = slow.settle(world)
    found = [tuple(row[name] for name in EXCEPTIONS.names) for row in answers(folded(world).exceptions)]
    assert sorted(found) == sorted(expected)
    keys = [row[: len(EXCEPTIONS.key)] for row in found]
    assert len(set(keys)) == len(keys)
