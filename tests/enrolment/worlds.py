"""Judged families, quota trees and earlier lists as plain rows, biased to the edge."""

from __future__ import annotations

import random
from dataclasses import dataclass

from agreement.given import Row
from salur.enrolment.tables import LIST

VERDICTS = {
    "recipient_id": "int64",
    "village_code": "text",
    "decile": "int16?",
    "verdict": "text",
    "reason": "text",
    "article": "text",
    "numbers": "text",
}
VILLAGES = ("6371011001", "6371011002", "6371022001", "6372011001", "6301012001", "9471011001", "1101012001")
ELIGIBLE, HELD, REFUSED = ("eligible", ""), ("held", "PENGURUS_GANDA"), ("not_eligible", "DESIL_DI_LUAR")


def judged(recipient: int, verdict: str = "eligible", *, village: str = VILLAGES[0], decile: int | None = 1) -> Row:
    reason = {"eligible": "", "held": "PENGURUS_GANDA", "not_eligible": "DESIL_DI_LUAR"}[verdict]
    return {
        "recipient_id": recipient,
        "village_code": village,
        "decile": decile,
        "verdict": verdict,
        "reason": reason,
        "article": f"pasal {verdict}",
        "numbers": '"decile":' + ("null" if decile is None else str(decile)),
    }


def quota(tree: dict[str, int]) -> list[Row]:
    return [{"region_code": code, "places": places} for code, places in tree.items()]


def listed(recipient: int, outcome: str, held_since: int | None = None) -> Row:
    """A row of an earlier list; only outcome and clock are read again."""
    empty = dict.fromkeys(LIST.names, "")
    return empty | {"recipient_id": recipient, "outcome": outcome, "rank": None, "held_since": held_since}


@dataclass(frozen=True)
class World:
    verdicts: list[Row]
    quotas: dict[str, int]
    previous: list[Row] | None


def random_world(seed: int, today: int, deadline: int, families: int = 300) -> World:
    """Few deciles and few places, so that the draw and the line decide; every fifth world has unknown deciles only."""
    chance = random.Random(seed)
    recipients = chance.sample(range(1, 5 * families), families) + [2**63 - 1, 2**62, 10**18]
    verdicts = [
        judged(
            recipient,
            chance.choice(("eligible",) * 6 + ("held", "held", "not_eligible")),
            village=chance.choice(VILLAGES),
            decile=None if seed % 5 == 0 else chance.choice((1, 1, 2, 5, 10, None)),
        )
        for recipient in recipients
    ]
    edges = (None, today, today - deadline, today - deadline - 1, today - 1)
    previous = [
        listed(recipient, chance.choice(("admitted", "held", "waiting", "not_admitted")), chance.choice(edges))
        for recipient in [*recipients[: families // 2], 77_777_777]
    ]
    return World(verdicts, random_quotas(chance, families), previous if seed % 2 else None)


def random_quotas(chance: random.Random, families: int) -> dict[str, int]:
    """A tree in which some levels are left out, some quotas are 0, and no children exceed their parent."""
    codes = {"00", *VILLAGES, *(code[:length] for code in VILLAGES for length in (2, 4, 6))}
    kept = [code for code in codes if chance.random() < 0.45] or ["63"]
    tree: dict[str, int] = {}
    for code in sorted(kept, key=lambda one: (-len(one), one == "00", one)):
        below = sum(
            tree[one]
            for one in tree
            if one != code and (code == "00" or one.startswith(code)) and is_directly_below(one, code, kept)
        )
        tree[code] = below + chance.choice((0, 0, 1, 2, families // 10))
    return dict(sorted(tree.items(), key=lambda item: chance.random()))


def is_directly_below(code: str, above: str, codes: list[str]) -> bool:
    """No other region of the tree lies between the two."""
    between = [
        one
        for one in codes
        if one not in (code, above, "00") and code.startswith(one) and (above == "00" or one.startswith(above))
    ]
    return not between
