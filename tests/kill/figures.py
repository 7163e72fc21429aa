"""What two journeys must have in common at their end, and what must be true of each."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq

from salur.foundation.database import server
from salur.foundation.database.embedded import parameters

SAME = {
    "releases": "select distinct f.digest, p.digest, n.digest from registry_release r join lake_dataset f on f.id = r.families_id"
    " join lake_dataset p on p.id = r.persons_id join lake_dataset n on n.id = r.findings_id",
    "lists": "select d.programme, d.period, l.digest, d.summary::text from enrolment_determination d join lake_dataset l on l.id = d.listed_id",
    "cycles": "select code, state, entitlements, entitled_rupiah, list_digest, approved_digest from cycles_cycle",
    "controls": "select c.code, k.region_code, k.entitlements, k.rupiah from cycles_control k join cycles_cycle c on c.id = k.cycle_id",
    "entitlements": "select p.period, e.recipient_id, e.region_code, e.component_rupiah, e.amount_rupiah, e.holder_id"
    " from entitlement e join cycles_paymentperiod p on p.id = e.period_id",
    "instructions": "select id_instruksi, recipient_id, region_code, channel, holder_id, amount_rupiah, attempt from instruction",
    "batches": "select c.code, b.attempt, d.digest, b.rupiah from delivery_batch b join cycles_cycle c on c.id = b.cycle_id"
    " join lake_dataset d on d.id = b.instructed_id",
    "sent": "select name, rows, rupiah, sha256 from delivery_sentfile",
    "received": "select channel_id, sha256, rows, accepted, rejected, unchanged, to_review from delivery_resultfile",
    "lines": "select distinct l.digest from delivery_resultfile r join lake_dataset l on l.id = r.lines_id",
    "settled": "select c.code, d.digest, e.digest from reconciliation_reconciliation r join cycles_cycle c on c.id = r.cycle_id"
    " join lake_dataset d on d.id = r.settled_id join lake_dataset e on e.id = r.exceptions_id",
    "settlement": "select s.id_instruksi, s.recipient_id, s.state, s.credited_rupiah, s.collected_rupiah, s.returned_rupiah,"
    " s.excess_rupiah, s.open_rupiah, s.reason from settlement s",
    "ledger": "select cycle, region_code, channel, debit, credit, sum(rupiah), count(*) from budget_posting group by 1, 2, 3, 4, 5",
    "committed": "select programme, year, ceiling, committed from budget_budgetline",
    "measures": "select programme, period, region_code, indicator, numerator, denominator from monitoring_measure",
    "register": "select person_id, family_id, content, version from registry_person",
    "accounts": "select person_id, version, content, is_current from registry_account",
    "reviews": "select kind, reason, nik, no_kk, state from registry_review",
    "remarks": "select code, family_id, no_kk, nik, baris from registry_finding",
}
"""Name of a figure -> rows that must be the same in both homes; counted rows, so that nothing stands twice."""

NEVER = {
    "somebody is owed twice": "select period_id, recipient_id from entitlement group by 1, 2 having count(*) > 1",
    "somebody is instructed twice": "select cycle_id, recipient_id from instruction group by 1, 2 having count(*) > 1",
    "money was released twice": "select cycle, region_code, channel from budget_posting where step = 'release' group by 1, 2, 3 having count(*) > 1",
    "money was reserved twice": "select cycle, region_code from budget_posting where step = 'approve' group by 1, 2 having count(*) > 1",
    "the ledger holds more at the channels than is open": "select cycle, sum(case when debit = 'at_channel' then rupiah else -rupiah end) from"
    " budget_posting where 'at_channel' in (debit, credit) group by 1 having sum(case when debit = 'at_channel' then rupiah else -rupiah end) < 0",
    "the audit chain is broken": "select block from broken_blocks()",
    "a stage table is left": "select relname from pg_class where relkind = 'r' and not relispartition and relname like 'stage\\_%'",
}


def figures(home: Path) -> dict[str, str]:
    """Name -> rows and digest of each figure of a home."""
    with _owner(home) as conn:
        found = {name: _digest(conn.execute(query).fetchall()) for name, query in SAME.items()}
    return found


def written(folder: Path) -> dict[str, str]:
    """Every file below a folder with its digest."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def faults(home: Path) -> list[str]:
    """What must never be, in one home after its last command and a sweep."""
    with _owner(home) as conn:
        found = [
            f"{sentence}: {rows[:3]}" for sentence, query in NEVER.items() if (rows := conn.execute(query).fetchall())
        ]
        listed = {
            entry["path"]: entry
            for (files,) in conn.execute("select files from lake_dataset").fetchall()
            for entry in files
        }
        archived = {path for (path,) in conn.execute("select path from lake_archivedfile").fetchall()}
    lake = {str(file.relative_to(home / "lake")) for file in (home / "lake").rglob("*") if file.is_file()}
    kept = {str(file.relative_to(home)) for file in (home / "archive").rglob("*") if file.is_file()}
    for what, here, known in (("lake", lake, set(listed)), ("archive", kept, archived)):
        found += [f"{what}: {name} is not listed" for name in sorted(here - known)[:3]]
        found += [f"{what}: {name} is listed and gone" for name in sorted(known - here)[:3]]
    for name in sorted(lake & set(listed)):
        if hashlib.sha256((home / "lake" / name).read_bytes()).hexdigest() != listed[name]["sha256"]:
            found.append(f"lake: {name} has other bytes")
        pq.read_metadata(home / "lake" / name)
    return found


def _owner(home: Path) -> psycopg.Connection[Any]:
    server.ensure_running(home)
    return psycopg.connect(**parameters(home, "owner"), autocommit=True)


def _digest(rows: list[tuple[Any, ...]]) -> str:
    lines = sorted("|".join(str(value) for value in row) for row in rows)
    return f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"
