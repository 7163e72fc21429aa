"""The rights of a cycle in every region."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from typing import Any

import ibis.expr.types as ir
import pytest

from agreement.given import Row, answers, by_key, given
from monitoring import slow
from salur.enrolment.tables import LIST
from salur.monitoring.indicators.rights import facts, levels, measures, village_places, village_sums
from salur.monitoring.tables import MEASURES
from salur.reconciliation.tables import SETTLEMENT

ENTITLED = {"recipient_id": "int64", "region_code": "text", "amount_rupiah": "int64"}
DUE = (date(2023, 5, 10) - date(1970, 1, 1)).days
BANJARMASIN, JAKARTA, JAYAPURA = "6371011001", "3171011001", "9171011001"


def entitled(recipient: int, village: str = BANJARMASIN, rupiah: int = 200) -> Row:
    return {"recipient_id": recipient, "region_code": village, "amount_rupiah": rupiah}


def settlement(
    recipient: int,
    credited: int = 200,
    *,
    village: str = BANJARMASIN,
    collected: int = 0,
    attempt: int = 1,
    at: datetime | None = None,
    has_proof: bool = True,
) -> Row:
    nothing = dict.fromkeys((name for name in SETTLEMENT.names if name.endswith("_rupiah")), 0)
    return nothing | {
        "recipient_id": recipient,
        "attempt": attempt,
        "id_instruksi": "",
        "region_code": village,
        "channel": "BRI",
        "state": "",
        "instructed_rupiah": 200,
        "credited_rupiah": credited,
        "collected_rupiah": collected,
        "reason": "",
        "has_proof": has_proof,
        "credited_at_ms": None if at is None else int(at.timestamp() * 1000),
    }


def listed(recipient: int, outcome: str = "admitted", village: str = BANJARMASIN) -> Row:
    return dict.fromkeys(LIST.names, "") | {
        "recipient_id": recipient,
        "village_code": village,
        "outcome": outcome,
        "rank": None,
        "held_since": None,
    }


def counted(rows: ir.Table) -> dict[Any, Row]:
    return by_key(rows.group_by(rows.columns).agg(n=rows.count()), *rows.columns)


def measured(
    owed: list[Row],
    settled: list[Row],
    families: list[Row],
    *,
    still: set[int] | None = None,
    quotas: dict[str, int] | None = None,
    causes: list[Row] | None = None,
) -> dict[tuple[str, str], slow.Figure]:
    told = facts(*(evidence := (
        given(ENTITLED, owed),
        given(SETTLEMENT, settled),
        None if still is None else given({"recipient_id": "int64"}, [{"recipient_id": r} for r in sorted(still)]),
        DUE,
    )))  # fmt: skip
    if len({row["recipient_id"] for row in settled}) == len(settled):
        assert counted(facts(*evidence, has_attempts=False)) == counted(told)
        if owed == [entitled(row["recipient_id"], row["region_code"], row["instructed_rupiah"]) for row in settled]:
            assert counted(facts(None, *evidence[1:], has_attempts=False)) == counted(told)
    made = measures(
        village_sums(told),
        village_places(given(LIST, families)),
        given(
            {"region_code": "text", "quota": "int64"},
            [{"region_code": code, "quota": n} for code, n in (quotas or {}).items()],
        ),
        given({"region_code": "text", "cause": "text"}, causes or []),
    )
    assert made.columns == MEASURES.names
    return {
        key: (row["numerator"], row["denominator"]) for key, row in by_key(made, "region_code", "indicator").items()
    }


def waktu(at: datetime | None, village: str = BANJARMASIN) -> int | None:
    return measured([entitled(1, village)], [settlement(1, village=village, at=at)], [listed(1, village=village)])[
        "00", "waktu"
    ][0]


@pytest.mark.parametrize(("village", "hours"), [(JAKARTA, 7), (BANJARMASIN, 8), (JAYAPURA, 9)])
def test_the_due_day_ends_at_midnight_of_the_regency(village: str, hours: int) -> None:
    midnight = datetime(2023, 5, 11, tzinfo=timezone(timedelta(hours=hours)))
    assert waktu(midnight - timedelta(milliseconds=1), village) == 1
    assert waktu(midnight, village) == 0


def test_who_was_not_paid_in_full_was_not_paid_on_time() -> None:
    assert waktu(None) == 0


def test_money_that_was_taken_back_does_not_make_the_later_payment_early() -> None:
    early, late = (datetime(2023, 5, day, tzinfo=timezone(timedelta(hours=8))) for day in (9, 20))
    attempts = [settlement(1, 0, at=early, attempt=1), settlement(1, 200, at=late, attempt=2)]
    found = measured([entitled(1)], attempts, [listed(1)])
    assert (found["00", "waktu"], found["00", "tersalur"]) == ((0, 1), (1, 1))


@pytest.mark.parametrize(("still", "reached"), [(None, 2), ({1, 2, 3}, 2), ({1, 3}, 1), (set(), 0)])
def test_without_a_newer_release_all_who_were_paid_are_still_eligible(still: set[int] | None, reached: int) -> None:
    people = [entitled(n) for n in (1, 2, 3)]
    found = measured(people, [settlement(1), settlement(2)], [listed(n) for n in (1, 2, 3)], still=still)
    assert found["00", "sasaran"] == (reached, 2)


def test_the_right_amount_is_counted_among_the_paid() -> None:
    owed = [entitled(1), entitled(2), entitled(3), entitled(4, rupiah=0)]
    found = measured(owed, [settlement(1), settlement(2, 150), settlement(4, 0)], [listed(n) for n in (1, 2, 3, 4)])
    assert found["00", "jumlah"] == (1, 2)
    assert found["00", "jumlah_nilai"] == (350, 600)


def test_the_right_families_are_those_that_the_newest_release_still_finds_eligible() -> None:
    found = measured([entitled(1), entitled(2), entitled(3)], [settlement(1), settlement(2)], [listed(1)], still={1, 3})
    assert found["00", "sasaran"] == (1, 2)


def test_who_was_not_instructed_has_no_administration_to_prove() -> None:
    settled = [settlement(1), settlement(2, has_proof=False), settlement(3, 0, attempt=0, has_proof=False)]
    found = measured([entitled(n) for n in (1, 2, 3)], settled, [listed(n) for n in (1, 2, 3)])
    assert found["00", "administrasi"] == (1, 2)


def test_a_region_without_quota_row_has_no_data_and_not_a_hundred_per_cent() -> None:
    found = measured([entitled(1)], [settlement(1)], [listed(1), listed(2, "held")], quotas={"6371": 10})
    assert (found["6371", "kuota_terisi"], found["6371", "cakupan"]) == ((2, 10), (1, 10))
    assert (found["63", "kuota_terisi"], found["63", "cakupan"]) == ((2, None), (None, None))


def test_what_has_no_evidence_has_no_data() -> None:
    found = measured([entitled(1)], [], [listed(1)])
    assert [found["00", name] for name in ("harga", "kualitas", "sp2d")] == [(None, None)] * 3


def test_a_region_where_families_were_only_considered_has_no_rights() -> None:
    found = measured([], [], [listed(1, "not_admitted")])
    assert ("63", "waktu") not in found
    assert found["63", "dipertimbangkan"] == (1, None)


def test_every_row_counts_once_in_each_level() -> None:
    rows = answers(levels(given(ENTITLED, [entitled(1)])).select("region", "level"))
    assert {row["region"]: row["level"] for row in rows} == {
        BANJARMASIN: "desa",
        "637101": "kecamatan",
        "6371": "kabupaten",
        "63": "provinsi",
        "00": "nasional",
    }
    assert len(rows) == 5


def test_empty_tables_give_no_measures() -> None:
    assert measured([], [], []) == {}


@pytest.mark.parametrize("seed", range(4))
def test_the_measures_agree_with_the_obvious_way(seed: int) -> None:
    chance = random.Random(seed)
    villages = [BANJARMASIN, "6371011002", "6371022001", "6372011001", JAKARTA, JAYAPURA, "1101012001"]
    homes = {recipient: chance.choice(villages) for recipient in range(1, 200)}
    families = [
        listed(r, chance.choice(("admitted", "admitted", "held", "waiting", "not_admitted")), home)
        for r, home in homes.items()
    ]
    owed = [
        entitled(f["recipient_id"], f["village_code"], chance.choice((0, 200, 2**31, 2**40)))
        for f in families
        if f["outcome"] == "admitted"
    ]
    settled = [row for one in owed for row in random_settlement(chance, one)]
    causes = [
        {"region_code": one["region_code"], "cause": chance.choice(("MENINGGAL", "TANPA_HASIL"))}
        for one in owed
        if chance.random() < 0.3
    ]
    codes = sorted({code[:n] for code in villages for n in (2, 4, 6, 10)} | {"00"})
    quotas = {code: chance.choice((0, 3, 50)) for code in codes if chance.random() < 0.4}
    still = {one["recipient_id"] for one in owed if chance.random() < 0.7}
    found = measured(owed, settled, families, still=still, quotas=quotas, causes=causes)
    assert found == slow.measures(owed, settled, still, DUE, families, quotas, causes)
    for (_region, name), (top, bottom) in found.items():
        if name in ("sasaran", "jumlah", "waktu", "administrasi", "tersalur"):
            assert top is not None and bottom is not None and top <= bottom, name


def random_settlement(chance: random.Random, one: Row) -> list[Row]:
    zone = timezone(timedelta(hours=chance.choice((7, 8, 9))))
    edge = datetime(2023, 5, 11, tzinfo=zone) + timedelta(
        milliseconds=chance.choice((-1, 0, 1)), days=chance.choice((-1, 0, 0, 5))
    )
    attempts = chance.choice(((), (0,), (1,), (1,), (1, 2)))
    return [
        settlement(
            one["recipient_id"],
            chance.choice((0, one["amount_rupiah"], one["amount_rupiah"], one["amount_rupiah"] // 2)) if attempt else 0,
            village=one["region_code"],
            collected=chance.choice((0, one["amount_rupiah"] // 2)),
            attempt=attempt,
            at=chance.choice((None, edge, edge)) if attempt else None,
            has_proof=bool(attempt) and chance.random() < 0.5,
        )
        for attempt in attempts
    ]
