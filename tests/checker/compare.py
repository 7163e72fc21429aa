"""Differences between the expected cycle and the exported lists, family by family and to the rupiah."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from .checker import Expected
from .settlement import Settlement

Lines = list[dict[str, str]]
REGISTER_FINDINGS = {
    "TANPA_KEPALA",
    "NIK_BEDA_LAHIR",
    "NIK_BEDA_KELAMIN",
    "REKENING_PANJANG",
    "REKENING_NAMA_BEDA",
    "ANGGOTA_DITOLAK",
}
FOLD_FINDINGS = {
    "KREDIT_GANDA",
    "LEBIH_BAYAR",
    "KURANG_BAYAR",
    "KONTRADIKSI",
    "GAGAL_SETELAH_KREDIT",
    "KREDIT_TIDAK_ADA",
    "TARIK_MELEBIHI_KREDIT",
    "KEMBALI_MELEBIHI_SISA",
    "AMBIL_MELEBIHI_KREDIT",
    "TARIK_SETELAH_AMBIL",
    "KANAL_LAIN",
}
MONEY = ("credited", "collected", "returned", "excess", "open")


def compare(expected: Expected, export_dir: Path) -> list[str]:
    """One sentence for each difference; none when the export says what the files say."""
    found: dict[str, Lines] = {}
    missing = []
    for name in ("enrolment", "entitlements", "instructions", "settlement", "findings", "ledger"):
        path = export_dir / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as handle:
                found[name] = list(csv.DictReader(handle))
        else:
            missing.append(f"{expected.cycle}: no {name}.csv in the export")
    if missing:
        return missing
    said = [
        *_enrolment(expected, found["enrolment"]),
        *_entitlements(expected, found["entitlements"]),
        *_instructions(expected, found["instructions"]),
        *_settlement(expected, found["settlement"]),
        *_findings(expected, found["findings"]),
        *_ledger(expected, found["ledger"]),
    ]
    return [f"{expected.cycle}: {sentence}" for sentence in said]


def _enrolment(expected: Expected, lines: Lines) -> Iterable[str]:
    want = {
        (recipient, "enrolment"): (
            expected.households[recipient].village,
            outcome.outcome,
            outcome.reason,
            str(outcome.rank or ""),
        )
        for recipient, outcome in expected.outcomes.items()
    }
    have = _by_key(
        (
            (int(line["recipient_id"]), "enrolment"),
            (line["kode_desa"], line["outcome"], line["reason"], "" if line["rank"] == "0" else line["rank"]),
        )
        for line in lines
    )
    return _differences(want, have)


def _entitlements(expected: Expected, lines: Lines) -> Iterable[str]:
    want = {(recipient, expected.period): (rupiah,) for recipient, rupiah in expected.entitlements.items()}
    have = _by_key(((int(line["recipient_id"]), line["periode"]), (int(line["amount_rupiah"]),)) for line in lines)
    yield from _differences(want, have)
    for line in lines:
        parts = json.loads(line["component_rupiah"] or "{}")
        if parts and sum(parts.values()) != int(line["amount_rupiah"]):
            yield f"{line['recipient_id']}: components {parts} do not add up to {line['amount_rupiah']}"


def _instructions(expected: Expected, lines: Lines) -> Iterable[str]:
    want = {
        (end.order.recipient, end.order.id): (end.order.channel, end.order.regency, end.order.rupiah, "1")
        for end in expected.settlements.values()
        if end.order.id
    }
    have = _by_key(
        (
            (int(line["recipient_id"]), line["id_instruksi"]),
            (line["kanal"], line["regency"], int(line["amount_rupiah"]), line["attempt"]),
        )
        for line in lines
    )
    return _differences(want, have)


def _settlement(expected: Expected, lines: Lines) -> Iterable[str]:
    want = {
        (end.order.recipient, end.order.id): tuple(getattr(end, name) for name in MONEY)
        for end in expected.settlements.values()
    }
    have = _by_key(
        (
            (int(line["recipient_id"]), line["id_instruksi"]),
            tuple(int(line[f"{name}_rupiah"]) for name in MONEY),
        )
        for line in lines
    )
    yield from _differences(want, have)
    for line in lines:
        end = expected.settlements.get(int(line["recipient_id"]))
        if end:
            yield from _judgement(end, line)


def _judgement(end: Settlement, line: Mapping[str, str]) -> Iterable[str]:
    if end.states and line["state"] not in end.states:
        yield f"{end.order.recipient}: state {line['state']}, expected {' or '.join(sorted(end.states))}"
    if end.reasons and line["reason"] not in end.reasons:
        yield f"{end.order.recipient}: reason {line['reason'] or 'none'}, expected {' or '.join(sorted(end.reasons))}"


def _findings(expected: Expected, lines: Lines) -> Iterable[str]:
    """By cause: who should have it and has not, who has it and should not."""
    have: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        if line["recipient_id"]:
            have[line["reason"]].add(int(line["recipient_id"]))
    homes = {home.recipient: (home.findings, home.perhaps) for home in expected.households.values()}
    ends = {end.order.recipient: (end.named, end.perhaps) for end in expected.settlements.values()}
    for causes, by_recipient in ((REGISTER_FINDINGS, homes), (FOLD_FINDINGS, ends)):
        for cause in sorted(causes):
            must = {recipient for recipient, (named, _perhaps) in by_recipient.items() if cause in named}
            may = must | {recipient for recipient, (_named, perhaps) in by_recipient.items() if cause in perhaps}
            lost, invented = sorted(must - have[cause]), sorted(have[cause] - may)
            if lost:
                yield f"finding {cause}: missing for {len(lost)} of {len(must)}, among them {lost[:3]}"
            if invented:
                yield f"finding {cause}: {len(invented)} too many, among them {invented[:3]}"


def _ledger(expected: Expected, lines: Lines) -> Iterable[str]:
    """Each posting well made, no id twice, accounts in balance, and the cycle's totals standing on some account."""
    ids = Counter(line["posting_id"] for line in lines)
    yield from (f"ledger: posting {posting} comes {count} times" for posting, count in ids.items() if count > 1)
    balance: dict[str, int] = defaultdict(int)
    turnover: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        rupiah = int(line["rupiah"])
        if line["debit"] == line["credit"] or not line["debit"] or not line["credit"]:
            yield f"ledger: posting {line['posting_id']} stays on one account or lacks one"
        if rupiah <= 0:
            yield f"ledger: posting {line['posting_id']} moves {rupiah} rupiah"
        if line["cycle"] != expected.cycle:
            yield f"ledger: posting {line['posting_id']} belongs to {line['cycle'] or 'no cycle'}"
        balance[line["debit"]] += rupiah
        balance[line["credit"]] -= rupiah
        turnover["debit", line["debit"]] += rupiah
        turnover["credit", line["credit"]] += rupiah
    if sum(balance.values()):
        yield f"ledger: debits and credits differ by {sum(balance.values())}"
    standing = {abs(rupiah) for rupiah in balance.values()} | set(turnover.values()) | {0}
    yield from _totals_stand(expected, standing, dict(balance))


def _totals_stand(expected: Expected, standing: set[int], balance: Mapping[str, int]) -> Iterable[str]:
    """Account names are the ledger's own, so each total is looked for by its rupiah, on one account or two."""
    totals = expected.totals()
    unsent = sum(end.open for end in expected.settlements.values() if not end.order.id)
    ways = {
        "credited": ([totals["credited_rupiah"]], [totals["credited_rupiah"] - totals["collected_rupiah"]]),
        "collected": ([totals["collected_rupiah"]],),
        "returned": ([totals["returned_rupiah"]],),
        "excess": ([totals["excess_rupiah"]],),
        "open": ([totals["open_rupiah"]], [totals["open_rupiah"] - unsent, unsent]),
    }
    for name, options in ways.items():
        if not any(set(option) <= standing for option in options):
            yield f"ledger: no account stands at {name} {options[0][0]}; balances {dict(sorted(balance.items()))}"


def _by_key(pairs: Iterable[tuple[tuple[int, str], tuple[object, ...]]]) -> dict[tuple[int, str], tuple[object, ...]]:
    """A key that comes twice stays visible as a value of its own."""
    found: dict[tuple[int, str], tuple[object, ...]] = {}
    for key, value in pairs:
        found[key] = ("twice", found[key], value) if key in found else value
    return found


def _differences(
    want: Mapping[tuple[int, str], tuple[object, ...]], have: Mapping[tuple[int, str], tuple[object, ...]]
) -> Iterable[str]:
    for key in sorted(set(want) | set(have)):
        if want.get(key) != have.get(key):
            yield f"{key[0]} {key[1]}: is {have.get(key, 'absent')}, expected {want.get(key, 'absent')}"


def compare_summary(expected: Expected, summary: Mapping[str, object]) -> list[str]:
    """The reconcile summary (JSON): counts, rupiah, nothing left unexplained, causes beyond any family."""
    want: dict[str, object] = {
        "programme": expected.programme,
        "period": expected.period,
        "entitlements": len(expected.entitlements),
        "difference_rupiah": 0,
        **expected.counts(),
        **expected.totals(),
    }
    said = [
        f"{expected.cycle}: reconcile says {name} {summary.get(name)}, expected {value}"
        for name, value in want.items()
        if summary.get(name) != value
    ]
    causes = summary.get("exceptions")
    for cause, count in expected.received.strangers.items():
        if count and not (isinstance(causes, dict) and causes.get(cause)):
            said.append(f"{expected.cycle}: reconcile does not name {cause}, seen {count} times")
    return said
