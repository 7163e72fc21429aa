"""A channel's rows as lines: contract §6."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta, timezone

import pytest

from agreement.given import Row, answers, by_key, given
from salur.delivery.steps.lines import MOMENT, accounted, cycles_named, in_file, lines, recognised, strangers
from salur.delivery.tables import LINES
from salur.foundation.vocabulary.instruction_id import instruction_id
from support.tables import ENGINE

MAY, JUNE = "SEMBAKO-2023-05", "SEMBAKO-2023-06"
CELLS = dict.fromkeys(("id_instruksi", "hasil", "jumlah", "waktu", "bukti", "kode_alasan"), "text") | {"baris": "int64"}
SENT = {
    "cycle": "text",
    "recipient_id": "int64",
    "attempt": "int16",
    "channel": "text",
    "region_code": "text",
    "id_instruksi": "text",
}
BANJARMASIN, JAKARTA, JAYAPURA = "6371011001", "3171011001", "9171011001"


def cell(
    row: int = 2,
    recipient: int = 1,
    kind: str = "KREDIT",
    rupiah: str = "200000",
    at: str = "2023-05-09T10:00:00+07:00",
    *,
    proof: str = "B1",
    reason: str | None = None,
    cycle: str = MAY,
    identity: str = "",
) -> Row:
    return {
        "baris": row,
        "id_instruksi": identity or instruction_id(cycle, recipient, 1),
        "hasil": kind,
        "jumlah": rupiah,
        "waktu": at,
        "bukti": proof,
        "kode_alasan": reason,
    }


def sent(recipient: int = 1, region: str = JAKARTA, channel: str = "BRI", cycle: str = MAY) -> Row:
    return {
        "cycle": cycle,
        "recipient_id": recipient,
        "attempt": 1,
        "channel": channel,
        "region_code": region,
        "id_instruksi": instruction_id(cycle, recipient, 1),
    }


def read(cells: list[Row], instructions: list[Row], key: str = "") -> dict[int, Row]:
    found = recognised(given(CELLS, cells), given(SENT, instructions))
    spelt = [row["named"] for row in answers(cycles_named(found))]
    both = []
    for named in (None, spelt):
        others = strangers(found, channel="BRI", cycles=[MAY, JUNE], fallback_cycle="", key=key, named=named)
        made = in_file(lines(found, channel="BRI").union(others), file="f")
        assert made.columns == LINES.names
        both.append(by_key(made, "line"))
    assert both[0] == both[1]
    return both[0]


def moment(at: str, region: str = JAKARTA) -> int:
    """What the step makes of `waktu`, in milliseconds."""
    at_ms: int = read([cell(at=at)], [sent(region=region)])[2]["at_ms"]
    return at_ms


def ms(*parts: int, hours: int = 0) -> int:
    return int(datetime(*parts, tzinfo=timezone(timedelta(hours=hours))).timestamp()) * 1000  # type: ignore[arg-type, misc]


def test_a_line_of_ours_keeps_cycle_recipient_attempt_and_rupiah() -> None:
    row = read([cell(recipient=2**63 - 1, rupiah="3000000000000")], [sent(2**63 - 1)])[2]
    assert (row["cycle"], row["recipient_id"], row["attempt"], row["amount_rupiah"]) == (MAY, 2**63 - 1, 1, 3 * 10**12)
    assert (row["problem"], row["note"], row["proof"], row["at_ms"]) == ("", "", "B1", ms(2023, 5, 9, 10, hours=7))


@pytest.mark.parametrize(("region", "hours"), [(JAKARTA, 7), (BANJARMASIN, 8), (JAYAPURA, 9)])
def test_a_time_without_offset_takes_the_zone_of_the_regency(region: str, hours: int) -> None:
    assert moment("2023-05-09T10:15:30", region) == ms(2023, 5, 9, 10, 15, 30, hours=hours)
    assert moment("2023-05-09", region) == ms(2023, 5, 9, hours=hours)


def test_a_time_with_offset_is_the_same_everywhere() -> None:
    offsets = {"Z": 0, "+07:00": 7, "+0800": 8, "-05:00": -5}
    families = [sent(1, JAKARTA), sent(2, BANJARMASIN), sent(3, JAYAPURA)]
    for recipient in (1, 2, 3):
        found = read(
            [cell(hours, recipient, at=f"2023-05-09 10:15{written}") for written, hours in offsets.items()], families
        )
        assert {hours: row["at_ms"] for hours, row in found.items()} == {
            hours: ms(2023, 5, 9, 10, 15, hours=hours) for hours in (0, 7, 8, -5)
        }


def test_a_part_of_a_second_counts_to_the_millisecond() -> None:
    assert moment("2023-05-09T10:15:30.5Z") == ms(2023, 5, 9, 10, 15, 30) + 500
    assert moment("2023-05-09T10:15:30,123999Z") == ms(2023, 5, 9, 10, 15, 30) + 123


@pytest.mark.parametrize("seed", range(3))
def test_moments_agree_with_pythons_calendar(seed: int) -> None:
    chance = random.Random(seed)
    days = [
        datetime(2024, 2, 29),
        datetime(2023, 3, 1),
        datetime(2000, 2, 29),
        datetime(1999, 12, 31),
        datetime(2100, 3, 1),
    ]
    days += [datetime(1970, 1, 1) + timedelta(seconds=chance.randrange(4 * 10**9)) for _again in range(200)]
    written = []
    for number, day in enumerate(days):
        offset = chance.choice((-300, -1, 0, 330, 420, 480, 540, 840))
        sign, rest = ("-" if offset < 0 else "+"), abs(offset)
        written.append((number, f"{day:%Y-%m-%dT%H:%M:%S}{sign}{rest // 60:02d}:{rest % 60:02d}"))
    found = read([cell(number, at=at) for number, at in written], [sent()])
    assert {n: row["at_ms"] for n, row in found.items()} == {
        n: int(datetime.fromisoformat(at).timestamp()) * 1000 for n, at in written
    }


@pytest.mark.parametrize(
    ("written", "is_moment"),
    [
        ("2023-05-09", True),
        ("2023-05-09T10:15:30+07:00", True),
        ("2023-05-09 10:15Z", True),
        ("2023-05-09T10:15:30.123456+0700", True),
        ("09-05-2023", False),
        ("2023-05-09T10:15+25:00", False),
        ("2023-05-09T10:15+07:60", False),
        ("2023-05-09T1015", False),
        ("", False),
    ],
)
def test_only_iso_moments_are_moments(written: str, is_moment: bool) -> None:
    rows = given({"waktu": "text"}, [{"waktu": written}])
    assert ENGINE.to_pyarrow(rows.waktu.re_search(MOMENT)).to_pylist() == [is_moment]


def test_a_mistyped_id_is_told_apart_from_an_unknown_one() -> None:
    good = instruction_id(MAY, 5, 1)
    typo = good[:-1] + ("0" if good[-1] != "0" else "1")
    found = read([cell(2, identity=good), cell(3, identity=typo), cell(4, identity="bukan id")], [sent(1)])
    assert {n: row["problem"] for n, row in found.items()} == {
        2: "ID_TIDAK_DIKENAL",
        3: "ID_SALAH_KETIK",
        4: "ID_SALAH_KETIK",
    }
    assert {row["recipient_id"] for row in found.values()} == {None}


def test_an_id_of_a_cycle_that_is_not_under_way_is_unknown_in_no_cycle() -> None:
    other = instruction_id("PKH-2023-T2", 5, 1)
    found = read([cell(2, identity=other), cell(3, identity=other[:-2] + "00"), cell(4, 5, cycle=JUNE)], [])
    assert [(found[n]["problem"], found[n]["cycle"]) for n in (2, 3, 4)] == [
        ("ID_TIDAK_DIKENAL", ""), ("ID_SALAH_KETIK", ""), ("ID_TIDAK_DIKENAL", JUNE),
    ]  # fmt: skip


def test_an_id_of_nobody_is_kept_as_a_keyed_digest_only() -> None:
    found = read(
        [cell(2, identity="bukan id"), cell(3, identity="bukan id", rupiah="1"), cell(4, identity="lain"), cell(5)],
        [sent()],
    )
    assert found[2]["stranger"] == found[3]["stranger"] != found[4]["stranger"]
    assert (len(found[2]["stranger"]), found[5]["stranger"]) == (32, "")
    keyed = read([cell(2, identity="bukan id")], [], key="rahasia")
    assert keyed[2]["stranger"] != found[2]["stranger"]


def test_a_line_of_another_channel_is_named_and_keeps_its_family() -> None:
    row = read([cell()], [sent(channel="BNI")])[2]
    assert (row["problem"], row["recipient_id"], row["channel"]) == ("KANAL_LAIN", 1, "BRI")


def test_an_unknown_reason_becomes_lain_with_a_note() -> None:
    found = read([cell(2, reason="ANEH"), cell(3, reason="MENINGGAL"), cell(4, reason=""), cell(5)], [sent()])
    assert {n: (row["reason"], row["note"]) for n, row in found.items()} == {
        2: ("LAIN", "KODE_ALASAN_TIDAK_DIKENAL"),
        3: ("MENINGGAL", ""),
        4: ("", ""),
        5: ("", ""),
    }


def test_an_empty_proof_is_replaced_by_moment_and_amount() -> None:
    same = cell(2, proof="", at="2023-05-09T10:00:00+07:00"), cell(3, proof="", at="2023-05-09T11:00:00+08:00")
    other = cell(4, proof="", rupiah="1"), cell(5, proof="", at="2023-05-09T10:00:01+07:00")
    found = read([*same, *other], [sent()])
    assert found[2]["proof"] == found[3]["proof"] and len({row["proof"] for row in found.values()}) == 3


def test_a_proof_that_looks_like_a_made_up_one_is_still_the_channels_own() -> None:
    bare = read([cell(2, proof="")], [sent()])[2]
    found = read([cell(2, proof=""), cell(3, proof=bare["proof"]), cell(4, proof="~")], [sent()])
    assert len({row["proof"] for row in found.values()}) == 3
    assert [found[line]["has_proof"] for line in (2, 3, 4)] == [False, True, True]


def test_proofs_keep_their_order_among_themselves() -> None:
    proofs = sorted(["A", "Z", "~", "~1", "~~", "~~1", "é", "z"])
    found = read([cell(line, proof=proof) for line, proof in enumerate(proofs)], [sent()])
    kept = [found[line]["proof"] for line in range(len(proofs))]
    assert kept == sorted(kept) and len(set(kept)) == len(kept)


def test_a_failure_may_come_without_amount() -> None:
    assert read([cell(kind="GAGAL", rupiah="")], [sent()])[2]["amount_rupiah"] == 0


def test_no_rows_and_no_instructions_give_no_lines() -> None:
    assert read([], []) == {}


# --- what became of the rows of a file ---


def counted(
    fresh: list[Row], earlier: list[Row] | None = None, instructions: list[Row] | None = None
) -> tuple[int, int, int]:
    """accepted, unchanged, to review"""
    known = instructions or [sent(), sent(2), sent(1, cycle=JUNE)]
    new, old = (given(LINES, read(rows, known).values()) for rows in (fresh, earlier or []))
    (found,) = answers(accounted(new, old))
    return found["accepted"], found["whole"] - found["accepted"] - found["to_review"], found["to_review"]


def test_one_row_twice_in_a_file_counts_once() -> None:
    assert counted([cell(2), cell(3), cell(4, 2)]) == (2, 1, 0)


def test_a_row_that_came_before_is_unchanged() -> None:
    assert counted([cell(2), cell(3, 2)], [cell(9)]) == (1, 1, 0)


def test_other_content_under_one_key_sends_all_its_rows_to_review() -> None:
    assert counted([cell(2), cell(3, rupiah="1"), cell(4, 2)]) == (1, 0, 2)
    assert counted([cell(2, rupiah="1"), cell(4, 2)], [cell(9)]) == (1, 0, 1)


def test_the_amount_of_a_failure_contradicts_nothing() -> None:
    assert counted([cell(2, kind="GAGAL", rupiah="1"), cell(3, kind="GAGAL", rupiah="2")]) == (1, 1, 0)


def test_one_proof_may_serve_two_cycles_of_a_family() -> None:
    assert counted([cell(2), cell(3, cycle=JUNE, rupiah="1")]) == (2, 0, 0)
    assert counted([cell(2, proof=""), cell(3, cycle=JUNE, proof="")]) == (2, 0, 0)


def test_lines_of_nobody_are_counted_elsewhere() -> None:
    assert counted([cell(2, recipient=99), cell(3)]) == (1, 0, 0)
    assert counted([]) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_the_account_agrees_with_the_obvious_way(seed: int) -> None:
    chance = random.Random(seed)

    def some(count: int) -> list[Row]:
        return [
            cell(
                n,
                chance.choice((1, 2, 3, 99)),
                chance.choice(("KREDIT", "AMBIL", "GAGAL")),
                chance.choice(("1", "2")),
                chance.choice(("2023-05-09", "2023-05-10")),
                proof=chance.choice(("A", "B", "")),
                cycle=chance.choice((MAY, JUNE)),
            )
            for n in range(count)
        ]

    known = [sent(r, cycle=c, region=BANJARMASIN) for r in (1, 2, 3) for c in (MAY, JUNE)]
    fresh, earlier = some(chance.choice((0, 10, 60))), some(chance.choice((0, 10, 60)))
    assert counted(fresh, earlier, known) == slow_account(read(fresh, known), read(earlier, known))


def slow_account(fresh: dict[int, Row], earlier: dict[int, Row]) -> tuple[int, int, int]:
    contents: dict[tuple[object, ...], set[tuple[object, ...]]] = defaultdict(set)
    seen = set()
    for row in earlier.values():
        contents[key_of(row)].add(content_of(row))
        seen.add(key_of(row))
    mine = [row for row in fresh.values() if not row["problem"]]
    for row in mine:
        contents[key_of(row)].add(content_of(row))
    accepted = unchanged = review = 0
    for row in mine:
        if len(contents[key_of(row)]) > 1:
            review += 1
        elif key_of(row) in seen:
            unchanged += 1
        else:
            accepted += 1
            seen.add(key_of(row))
    return accepted, unchanged, review


def key_of(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("cycle", "recipient_id", "attempt", "kind", "proof"))


def content_of(row: Row) -> tuple[object, ...]:
    return row["at_ms"], 0 if row["kind"] == "GAGAL" else row["amount_rupiah"], row["reason"]
