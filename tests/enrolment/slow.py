"""The determination written slowly: one family after the other."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from agreement.given import Row


def regions_upwards(code: str) -> list[str]:
    """The code, then what lies around it."""
    return ([code] if code != "00" else []) + [code[:n] for n in (6, 4, 2) if n < len(code)] + ["00"]


def quota_region(village: str, quotas: dict[str, int]) -> str | None:
    for code in regions_upwards(village):
        if code in quotas:
            return code
    return None


def places(quotas: dict[str, int]) -> dict[str, int]:
    own = dict(quotas)
    for code in quotas:
        for above in regions_upwards(code):
            if above != code and above in quotas:
                own[above] -= quotas[code]
                break
    return own


def determine(
    verdicts: list[Row], quotas: dict[str, int], previous: list[Row] | None, secret: str, today: int, deadline: int
) -> dict[int, Row]:
    """recipient → outcome, rank, reason, held_since, quota_region and what the numbers add."""
    before = {row["recipient_id"]: row for row in previous or []}
    own = places(quotas)
    found: dict[int, Row] = {}
    queues: dict[str, list[Row]] = defaultdict(list)
    for family in verdicts:
        region = quota_region(family["village_code"], quotas)
        since = None
        if family["verdict"] == "held":
            since = (before.get(family["recipient_id"]) or {}).get("held_since")
            since = today if since is None else since
        out = {"outcome": "not_admitted", "rank": None, "held_since": None, "quota_region": region or ""}
        if family["verdict"] == "not_eligible":
            found[family["recipient_id"]] = out | {"reason": family["reason"]}
        elif since is not None and today - since > deadline:
            found[family["recipient_id"]] = out | {"reason": "TAHAN_LEWAT_BATAS", "held_since": since}
        elif region is None:
            found[family["recipient_id"]] = out | {"reason": "TANPA_KUOTA"}
        else:
            queues[region].append(family | {"since": since})
    for region, queue in queues.items():
        queue.sort(key=lambda one: turn(one, before, secret))
        for rank, family in enumerate(queue, start=1):
            row = {"rank": rank, "quota_region": region, "held_since": None}
            if rank > own[region]:
                row |= {"outcome": "waiting", "reason": "DI_BAWAH_GARIS_KUOTA"}
            elif family["verdict"] == "held":
                row |= {"outcome": "held", "reason": family["reason"], "held_since": family["since"]}
            else:
                row |= {"outcome": "admitted", "reason": "DALAM_KUOTA"}
            found[family["recipient_id"]] = row
    return found


def turn(family: Row, before: dict[int, Row], secret: str) -> tuple[bool, int, str, int]:
    """Who was in stays in front; then decile, unknown last; then the draw; then the id."""
    was_in = (before.get(family["recipient_id"]) or {}).get("outcome") in ("admitted", "held")
    decile = 11 if family["decile"] is None else family["decile"]
    return not was_in, decile, lot(secret, family["recipient_id"]), family["recipient_id"]


def lot(secret: str, recipient: int) -> str:
    return hashlib.sha256(f"{secret}:{recipient}".encode()).hexdigest()


def numbers(family: Row, row: Row, quotas: dict[str, int], secret: str, today: int) -> dict[str, object]:
    """What the list says beside the verdict's own numbers."""
    said = dict(json.loads("{" + family["numbers"] + "}"))
    if row["rank"] is not None:
        said |= {
            "peringkat": row["rank"],
            "kuota": places(quotas)[row["quota_region"]],
            "wilayah_kuota": row["quota_region"],
            "undian": lot(secret, family["recipient_id"])[:16],
        }
    if row["reason"] == "TAHAN_LEWAT_BATAS":
        said["hari_ditahan"] = today - row["held_since"]
    return said
