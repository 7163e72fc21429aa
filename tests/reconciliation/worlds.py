"""Instructions and result lines as plain rows, biased to the edge, and the fold over them as the run does it."""

from __future__ import annotations

import random
from dataclasses import dataclass

import ibis.expr.types as ir

from agreement.given import Row, arrow
from salur.delivery.tables import LINES
from salur.foundation.engine.on_duckdb import OnDuckDB
from salur.reconciliation.steps import fold, settle
from support.tables import ENGINE

INSTRUCTED = {
    "recipient_id": "int64",
    "attempt": "int16",
    "id_instruksi": "text",
    "region_code": "text",
    "channel": "text",
    "instructed": "int64",
    "is_replaced": "boolean",
}
NOT_SENT = {"recipient_id": "int64", "region_code": "text", "amount_rupiah": "int64", "reason": "text"}
PLACED_LINES = dict(LINES.columns) | {"place": "text"}
RUN = OnDuckDB(ENGINE)
NINE = 1_683_600_000_000  # some morning in May 2023


@dataclass(frozen=True)
class World:
    instructions: list[Row]
    lines: list[Row]
    not_sent: list[Row]


@dataclass(frozen=True)
class Settled:
    distinct: ir.Table
    settled: ir.Table
    exceptions: ir.Table


def instruction(
    recipient: int = 1, rupiah: int = 200, *, attempt: int = 1, channel: str = "BRI", is_replaced: bool = False
) -> Row:
    return {
        "recipient_id": recipient,
        "attempt": attempt,
        "id_instruksi": f"{recipient}-{attempt}",
        "region_code": "6371011001",
        "channel": channel,
        "instructed": 0 if is_replaced else rupiah,
        "is_replaced": is_replaced,
    }


def line(
    kind: str,
    rupiah: int = 200,
    at: int = 0,
    proof: str | None = None,
    *,
    recipient: int | None = 1,
    attempt: int | None = 1,
    reason: str = "",
    problem: str = "",
    note: str = "",
    stranger: str = "",
    place: str = "b:1",
) -> Row:
    return {
        "region_code": "00" if recipient is None else "6371011001",
        "file": place.split(":")[0],
        "line": 2,
        "channel": "BRI",
        "cycle": "C",
        "recipient_id": recipient,
        "attempt": attempt,
        "kind": kind,
        "amount_rupiah": rupiah,
        "at_ms": NINE + at,
        "proof": f"{kind}{at}" if proof is None else proof,
        "has_proof": not (proof or "").startswith("~"),
        "reason": reason,
        "problem": problem,
        "note": note,
        "stranger": stranger,
        "place": place,
    }


def folded(world: World, turns_at_once: int = 4) -> Settled:
    """The same way as reconciliation.folding: a few turns, keep, a few turns more."""
    lines = RUN.given(arrow(PLACED_LINES, world.lines))
    distinct = RUN.keep(fold.distinct_lines(lines))
    state = fold.begin(RUN.given(arrow(INSTRUCTED, world.instructions)))
    for taken in fold.turns(RUN.arrow(distinct.nth.max()).as_py(), turns_at_once):
        state = RUN.keep(fold.advance(state, distinct, taken))
    not_sent = RUN.given(arrow(NOT_SENT, world.not_sent))
    settled = RUN.keep(settle.settle(state, distinct, not_sent))
    return Settled(distinct, settled, settle.exceptions(settled, lines))


def random_world(seed: int, families: int = 150) -> World:
    """Equal times, few proofs (so repetitions and contradictions), amounts on the edges of what was instructed."""
    chance = random.Random(seed)
    instructions: list[Row] = []
    lines: list[Row] = []
    for recipient in [*range(1, families), 2**63 - 1]:
        attempts = chance.choice((1, 1, 1, 2, 3))
        rupiah = chance.choice((200, 200_000, 2**31 + 7, 3 * 10**9, 1))
        channel = chance.choice(("BRI", "BRI", "POS"))
        for attempt in range(1, attempts + 1):
            instructions.append(
                instruction(recipient, rupiah, attempt=attempt, channel=channel, is_replaced=attempt < attempts)
            )
            lines += _random_lines(chance, recipient, attempt, rupiah)
    for number, one in enumerate(lines):
        one["line"], one["place"] = number, f"b:{number}"
    not_sent = [
        {
            "recipient_id": 10**9 + n,
            "region_code": "6372011001",
            "amount_rupiah": chance.choice((0, 1, 2**40)),
            "reason": "TANPA_REKENING",
        }
        for n in range(chance.choice((0, 7)))
    ]
    chance.shuffle(lines)
    return World(instructions, lines, not_sent)


def _random_lines(chance: random.Random, recipient: int, attempt: int, rupiah: int) -> list[Row]:
    made = [
        line(
            chance.choice(("KREDIT", "KREDIT", "AMBIL", "TARIK", "KEMBALI", "GAGAL")),
            chance.choice((0, 1, rupiah // 2, rupiah, rupiah, rupiah + 1, 2 * rupiah)),
            chance.choice((0, 0, 1, 2, 3)),
            chance.choice(("A", "B", "C", f"~{NINE}~1")),
            recipient=recipient,
            attempt=attempt,
            reason=chance.choice(("", "", "MENINGGAL", "LAIN")),
            problem=chance.choice(("",) * 12 + ("KANAL_LAIN", "ID_TIDAK_DIKENAL")),
            note=chance.choice(("",) * 12 + ("KODE_ALASAN_TIDAK_DIKENAL",)),
        )
        for _again in range(chance.choice((0, 0, 1, 2, 3, 5, 9)))
    ]
    for one in made:
        if one["problem"].startswith("ID_"):
            one["recipient_id"] = one["attempt"] = None
            one["stranger"] = chance.choice(("x", "y"))
    repeated = [dict(one) for one in made if chance.random() < 0.2]
    return made + repeated
