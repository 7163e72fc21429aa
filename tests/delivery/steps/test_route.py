"""Which channel and account carries an entitlement: contract §4, last paragraph, and §5."""

from __future__ import annotations

import json
import random

import pytest

from agreement.given import Row, answers, by_key, given
from salur.delivery.steps.route import route
from salur.delivery.tables import CHANNELS, HOLDERS, INSTRUCTIONS
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.instruction_id import instruction_id

CYCLE = "SEMBAKO-2023-05"
DUE = {
    "recipient_id": "int64",
    "region_code": "text",
    "holder_id": "int64?",
    "amount_rupiah": "int64",
    "attempt": "int16",
}
VILLAGES = ("6371011001", "6371022001", "6372011001", "9471011001")


def owed(recipient: int, *, village: str = VILLAGES[0], holder: int | None = None, rupiah: int = 200_000) -> Row:
    return {
        "recipient_id": recipient,
        "region_code": village,
        "holder_id": holder,
        "amount_rupiah": rupiah,
        "attempt": 1,
    }


def known(person: int, bank: str = "BRI", status: str = "AKTIF", account_version: int | None = 4) -> Row:
    return {
        "person_id": person,
        "person_version": 3,
        "account_version": account_version if bank else None,
        "bank": bank,
        "status": status if bank else "",
    }


def routed(due: list[Row], channels: dict[str, str], holders: list[Row]) -> tuple[dict[int, Row], dict[int, Row]]:
    made = route(
        given(DUE, due),
        given(CHANNELS, [{"region_code": code, "channel": channel} for code, channel in channels.items()]),
        given(HOLDERS, [{"region_code": village} | one for one in holders for village in VILLAGES]),
        cycle=CYCLE,
    )
    assert set(made.kept.columns) == set(INSTRUCTIONS.names)
    assert set(made.findings.columns) == set(FINDINGS.names)
    return by_key(made.kept, "recipient_id"), by_key(made.findings, "recipient_id")


def reason(due: Row, channels: dict[str, str], holders: list[Row]) -> str:
    kept, findings = routed([due], channels, holders)
    assert len(kept) + len(findings) == 1
    return next((row["reason"] for row in findings.values()), "")


def test_an_active_account_at_the_places_bank_is_instructed_with_the_versions_used() -> None:
    kept, findings = routed([owed(42, holder=7, rupiah=2**33)], {"63": "BRI"}, [known(7)])
    assert findings == {}
    assert kept[42] == {
        "recipient_id": 42,
        "attempt": 1,
        "id_instruksi": instruction_id(CYCLE, 42, 1),
        "region_code": VILLAGES[0],
        "channel": "BRI",
        "holder_id": 7,
        "holder_version": 3,
        "account_version": 4,
        "amount_rupiah": 2**33,
    }


def test_the_most_detailed_channel_on_the_path_counts() -> None:
    channels = {"00": "BNI", "63": "BRI", "6372": "POS", "637102": "BTN"}
    kept, _findings = routed(
        [owed(n, village=code, holder=n) for n, code in enumerate(VILLAGES, start=1)],
        channels,
        [known(1, "BRI"), known(2, "BTN"), known(3, ""), known(4, "BNI")],
    )
    assert {recipient: row["channel"] for recipient, row in kept.items()} == {1: "BRI", 2: "BTN", 3: "POS", 4: "BNI"}


def test_a_place_without_channel_is_said_before_anything_about_the_account() -> None:
    assert reason(owed(1), {"64": "BRI"}, []) == "TANPA_KANAL"


def test_the_post_needs_no_account_but_somebody_to_pay() -> None:
    assert reason(owed(1, holder=7), {"63": "POS"}, [known(7, "")]) == ""
    assert reason(owed(1), {"63": "POS"}, []) == "TANPA_REKENING"


def test_without_account_or_holder_there_is_no_account() -> None:
    assert reason(owed(1, holder=7), {"63": "BRI"}, [known(7, "")]) == "TANPA_REKENING"
    assert reason(owed(1), {"63": "BRI"}, [known(7)]) == "TANPA_REKENING"


def test_an_account_at_another_bank_is_not_instructed() -> None:
    assert reason(owed(1, holder=7), {"63": "BRI"}, [known(7, "BNI")]) == "BANK_LAIN"


@pytest.mark.parametrize("status", ["PASIF", "TUTUP", "BLOKIR", "PROSES"])
def test_an_account_that_is_not_active_is_not_instructed(status: str) -> None:
    assert reason(owed(1, holder=7), {"63": "BRI"}, [known(7, "BRI", status)]) == f"REKENING_{status}"


def test_a_finding_names_the_rupiah_that_stay_open() -> None:
    _kept, findings = routed([owed(1, rupiah=3_000_000_000)], {}, [])
    assert json.loads(findings[1]["numbers"]) == {"rupiah": 3_000_000_000}


def slow_reason(due: Row, channels: dict[str, str], holders: dict[int, Row]) -> tuple[str, str]:
    """The channel ('' for none) and why not ('' for instructed)."""
    code = due["region_code"]
    channel = next(
        (channels[region] for region in (code, code[:6], code[:4], code[:2], "00") if region in channels), None
    )
    account = holders.get(due["holder_id"])
    if channel is None:
        return "", "TANPA_KANAL"
    if channel == "POS" and account:
        return channel, ""
    if account is None or not account["bank"]:
        return channel, "TANPA_REKENING"
    if account["bank"] != channel:
        return channel, "BANK_LAIN"
    return channel, "" if account["status"] == "AKTIF" else f"REKENING_{account['status']}"


@pytest.mark.parametrize("seed", range(6))
def test_the_step_agrees_with_the_obvious_way_and_nobody_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    regions = ["00", *VILLAGES, *(code[:n] for code in VILLAGES for n in (2, 4, 6))]
    channels = {code: chance.choice(("BRI", "BNI", "POS")) for code in sorted(set(regions)) if chance.random() < 0.3}
    holders = [
        known(
            person,
            chance.choice(("BRI", "BRI", "BNI", "")),
            chance.choice(("AKTIF", "AKTIF", "PASIF", "TUTUP", "BLOKIR", "PROSES")),
        )
        for person in range(1, 80)
    ]
    due = [
        owed(
            recipient,
            village=chance.choice(VILLAGES),
            holder=chance.choice((None, *range(1, 120))),
            rupiah=chance.choice((0, 1, 2**31, 2**40)),
        )
        for recipient in [*range(1, 300), 2**63 - 1]
    ]
    kept, findings = routed(due, channels, holders)
    assert not set(kept) & set(findings)
    assert sum(row["amount_rupiah"] for row in kept.values()) + sum(
        json.loads(row["numbers"])["rupiah"] for row in findings.values()
    ) == sum(one["amount_rupiah"] for one in due)
    by_person = {one["person_id"]: one for one in holders}
    for one in due:
        channel, why = slow_reason(one, channels, by_person)
        if why:
            assert findings[one["recipient_id"]]["reason"] == why
        else:
            assert kept[one["recipient_id"]]["channel"] == channel
            assert kept[one["recipient_id"]]["id_instruksi"] == instruction_id(CYCLE, one["recipient_id"], 1)


def test_empty_tables_give_empty_tables() -> None:
    made = route(given(DUE, []), given(CHANNELS, []), given(HOLDERS, []), cycle=CYCLE)
    assert answers(made.kept) == [] and answers(made.findings) == []
