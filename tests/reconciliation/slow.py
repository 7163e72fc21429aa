"""Reconciliation written slowly: one instruction after the other, one line after the other."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from agreement.given import Row
from reconciliation.worlds import World

ORDER = ["GAGAL", "KREDIT", "AMBIL", "TARIK", "KEMBALI"]
Key = tuple[int, int]


def known_lines(lines: list[Row]) -> tuple[dict[Key, list[Row]], dict[Key, int], dict[Key, int]]:
    """By instruction: the lines that count, how many contradictions, how many lines have a proof of their own."""
    proven: dict[tuple[Any, ...], bool] = {}
    contents: dict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
    for one in lines:
        if not one["problem"]:
            key = (one["recipient_id"], one["attempt"], one["kind"], one["proof"])
            proven[key] = proven.get(key, False) or one["has_proof"]
            contents[key].add((one["at_ms"], 0 if one["kind"] == "GAGAL" else one["amount_rupiah"], one["reason"]))
    counting: dict[Key, list[Row]] = defaultdict(list)
    clashes: dict[Key, int] = defaultdict(int)
    proofs: dict[Key, int] = defaultdict(int)
    for (recipient, attempt, kind, proof), said in contents.items():
        proofs[recipient, attempt] += proven[recipient, attempt, kind, proof]
        if len(said) > 1:
            clashes[recipient, attempt] += 1
        else:
            ((at, x, reason),) = said
            counting[recipient, attempt].append({"kind": kind, "at": at, "x": x, "proof": proof, "reason": reason})
    for some in counting.values():
        some.sort(key=lambda one: (one["at"], ORDER.index(one["kind"]), one["proof"]))
    return counting, clashes, proofs


def run_through(instructed: int, lines: list[Row]) -> Row:
    """The running state K, A, T, R of one instruction, and what was cut."""
    K = A = T = R = 0  # the letters of the documented rule
    cut = {"AMBIL": 0, "TARIK": 0, "KEMBALI": 0}
    since, fails_after, had_credit = None, False, False
    for one in lines:
        x, G = one["x"], max(K, A)
        if one["kind"] == "KREDIT":
            K, had_credit = K + x, True
        if one["kind"] == "AMBIL":
            new = max(A, min(A + x, K)) if had_credit else A + x
            cut["AMBIL"] += x - (new - A)
            A = new
        if one["kind"] == "TARIK":
            new = min(T + x, G)
            cut["TARIK"] += x - (new - T)
            T = new
        if one["kind"] == "KEMBALI":
            new = max(R, min(R + x, instructed - (G - T)))
            cut["KEMBALI"] += x - (new - R)
            R = new
        if one["kind"] == "GAGAL":
            fails_after = fails_after or had_credit
        there = max(K, A) - T
        if there == 0:
            since = None
        elif one["kind"] in ("KREDIT", "AMBIL") and since is None and there >= instructed:
            since = one["at"]
    C = max(K, A) - T
    excess = max(0, C + R - instructed)
    return {
        "credited": C,
        "collected": min(A, C),
        "returned": R,
        "excess": excess,
        "open": instructed + excess - C - R,
        "A": A,
        "cut": cut,
        "since": since,
        "fails_after": fails_after,
    }


def settle(world: World) -> tuple[dict[Key, Row], set[tuple[Any, ...]]]:
    """Settlement by (recipient, attempt), and the exceptions as rows of EXCEPTIONS."""
    counting, clashes, proofs = known_lines(world.lines)
    settled: dict[Key, Row] = {}
    named: set[tuple[Any, ...]] = set()
    for one in world.instructions:
        key = (one["recipient_id"], one["attempt"])
        lines = counting.get(key, [])
        end = run_through(one["instructed"], lines)
        count = len(lines) + clashes[key]
        settled[key] = {
            "state": state(one, end, lines, clashes[key]),
            "instructed_rupiah": one["instructed"],
            "credited_rupiah": end["credited"],
            "collected_rupiah": end["collected"],
            "returned_rupiah": end["returned"],
            "excess_rupiah": end["excess"],
            "open_rupiah": end["open"],
            "reason": reason(end, lines, clashes[key]),
            "credited_at_ms": end["since"],
            "has_proof": count > 0 and proofs[key] == count,
            "id_instruksi": one["id_instruksi"],
            "channel": one["channel"],
            "region_code": one["region_code"],
        }
        named |= {
            (*key, cause, "", one["region_code"], rupiah)
            for cause, rupiah in causes(one, end, lines, clashes[key], settled[key]["reason"])
        }
    for one in world.not_sent:
        key = (one["recipient_id"], 0)
        nothing = dict.fromkeys(("credited_rupiah", "collected_rupiah", "returned_rupiah", "excess_rupiah"), 0)
        settled[key] = nothing | {
            "state": "NOT_SENT",
            "instructed_rupiah": one["amount_rupiah"],
            "open_rupiah": one["amount_rupiah"],
            "reason": one["reason"],
            "credited_at_ms": None,
            "has_proof": False,
            "id_instruksi": "",
            "channel": "",
            "region_code": one["region_code"],
        }
        if one["amount_rupiah"]:
            named.add((*key, one["reason"], "", one["region_code"], one["amount_rupiah"]))
    regions = {(one["recipient_id"], one["attempt"]): one["region_code"] for one in world.instructions}
    for place, one in _told_once(world.lines).items():
        if one["problem"]:
            key = (one["recipient_id"] or 0, one["attempt"] or 0)
            named.add((*key, one["problem"], place, regions.get(key, "00"), one["amount_rupiah"]))
        elif one["note"]:
            key = (one["recipient_id"], one["attempt"])
            named.add((*key, one["note"], place, regions[key], 0))
    return settled, named


def _told_once(lines: list[Row]) -> dict[str, Row]:
    """Lines that are the same but for their place, at the first of their places."""
    first: dict[str, str] = {}
    found: dict[str, Row] = {}
    for one in sorted(lines, key=lambda line: str(line["place"])):
        content = repr(sorted((name, cell) for name, cell in one.items() if name not in ("line", "place")))
        place = first.setdefault(content, one["place"])
        found.setdefault(place, one)
    return found


def state(one: Row, end: Row, lines: list[Row], clashes: int) -> str:
    if one["is_replaced"] and end["credited"] == 0:
        return "REPLACED"
    if clashes and end["open"]:
        return "HELD"
    if end["credited"]:
        return "COLLECTED" if end["collected"] == end["credited"] else "CREDITED"
    if end["returned"] and not end["open"]:
        return "RETURNED"
    return "FAILED" if any(line["kind"] == "GAGAL" for line in lines) else "SI_SENT"


def reason(end: Row, lines: list[Row], clashes: int) -> str:
    if not end["open"]:
        return ""
    if clashes:
        return "KONTRADIKSI"
    kinds = [line["kind"] for line in lines]
    if end["credited"] and "TARIK" not in kinds:
        return "KURANG_BAYAR"
    failures = [line for line in lines if line["kind"] == "GAGAL"]
    taken = [line for line in lines if line["kind"] in ("TARIK", "KEMBALI")]
    if failures or taken:
        return (failures or taken)[-1]["reason"] or "LAIN"
    return "KURANG_BAYAR" if lines else "TANPA_HASIL"


def causes(one: Row, end: Row, lines: list[Row], clashes: int, why: str) -> set[tuple[str, int]]:
    kinds = [line["kind"] for line in lines]
    named: set[tuple[str, int]] = set()
    if end["open"]:
        named.add((why, end["open"]))
    elif clashes:
        named.add(("KONTRADIKSI", one["instructed"]))
    if end["excess"]:
        named.add(("KREDIT_GANDA" if kinds.count("KREDIT") > 1 else "LEBIH_BAYAR", end["excess"]))
    if end["fails_after"] and "TARIK" not in kinds:
        named.add(("GAGAL_SETELAH_KREDIT", end["credited"]))
    if "AMBIL" in kinds and "KREDIT" not in kinds and one["channel"] != "POS":
        named.add(("KREDIT_TIDAK_ADA", end["collected"]))
    for kind, cause in (
        ("AMBIL", "AMBIL_MELEBIHI_KREDIT"),
        ("TARIK", "TARIK_MELEBIHI_KREDIT"),
        ("KEMBALI", "KEMBALI_MELEBIHI_SISA"),
    ):
        if end["cut"][kind]:
            named.add((cause, end["cut"][kind]))
    if end["A"] > end["credited"]:
        named.add(("TARIK_SETELAH_AMBIL", end["A"] - end["credited"]))
    return named
