"""Measure how fast lists come into PostgreSQL, beside a bare COPY of the same rows with the same keys.

    .venv/bin/python benchmarks/loading.py --rows 1000000 --runs 3

Entitlements and settled states are sealed with made-up rows. Salur then loads each through its own functions: bytes compared with
the seal, stage table, key and indexes, count and sums compared, partition attached. The bare COPY sends the CSV of the same rows,
which lies ready in a file, into a table of the same declaration, and builds the same key and indexes in the same transaction. The two
take turns; medians are compared. At last a second file of results changes some states, and the server's own counters tell how many
rows that wrote. The home is a new one and is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from import_to_cycle import SALUR
from memory import sampled

BLOCK_BYTES = 1 << 20
CHANGES_MAX = 200_000  # lines of the second file; of a small list one in 94, as 200,000 are of 18.8 million
KEYS = {
    "entitlement": ("period_id, recipient_id", "region_code, recipient_id"),
    "settlement": ("cycle_id, recipient_id, attempt", "cycle_id, region_code"),
}
CONSTANTS = {"entitlement": ("period_id", "cycle_id"), "settlement": ("cycle_id",)}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000, help="families of the list")
    options.add_argument("--runs", type=int, default=3, help="how often each way is measured")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="salur-bench-") as folder:
        os.environ["SALUR_HOME"] = str(Path(folder) / "home")
        try:
            found = measure(Path(folder), given.rows, min(CHANGES_MAX, max(1, given.rows // 94)), given.runs)
        finally:
            subprocess.run([SALUR, "db", "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    show(found, as_json=given.json)
    return 0


def measure(folder: Path, rows: int, changes: int, runs: int) -> dict[str, Any]:
    subprocess.run([SALUR, "init", "--demo", "--admin", "pengelola"], check=True, stdout=subprocess.DEVNULL)
    # In a process of its own, so that its memory is not counted.
    made = multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1).apply(make, (folder, rows, changes))
    from salur.foundation.database.ready import prepare

    prepare()
    found: dict[str, Any] = {"rows": rows, "runs": runs}
    for table, load in (("entitlement", load_entitlements), ("settlement", load_settlement)):
        ways: dict[str, list[tuple[float, int]]] = {"salur": [], "bare": []}
        for run in range(runs):
            tell(f"{table}: run {run + 1} of {runs}")
            for way, work in (("salur", partial(load, made[table])), ("bare", partial(bare, table, folder))):
                clear(table)
                ways[way].append(timed(work))
        found[table] = compared(ways)
    tell("a second file")
    return found | {"second": second(made["settlement"], made["second"], made["changed"])}


def make(folder: Path, rows: int, changes: int) -> dict[str, int]:
    """Seal the lists and write their CSV; the numbers of the datasets, and how many rows really differ in the second settlement."""
    from salur.foundation.database.ready import prepare

    prepare()
    import lists

    from salur.cycles.tables import ENTITLEMENTS
    from salur.foundation.engine.session import local_engine
    from salur.foundation.lake.read import files
    from salur.reconciliation.tables import SETTLEMENT

    with local_engine() as run:
        cut = lists.lay_out(run, rows, changes)
        made = {
            "entitlement": lists.sealed(run, ENTITLEMENTS, "entitlements", cut, name="due"),
            "settlement": lists.sealed(run, SETTLEMENT, "settlement", cut, name="first"),
            "second": lists.sealed(run, SETTLEMENT, "settlement", cut, name="second", is_second=True),
        }
        run.connection.raw_sql("set preserve_insertion_order = true")
        for name in KEYS:
            paths = [str(file) for file in files(made[name])]
            target = folder / f"{name}.csv"
            run.connection.raw_sql(f"copy (from read_parquet({paths})) to '{target}' (format csv, header false)")
        pairs = zip(files(made["second"]), files(made["settlement"]), strict=True)
        differ = "select count(*) from (from read_parquet('{}') except from read_parquet('{}'))"
        changed = sum(run.connection.raw_sql(differ.format(*pair)).fetchone()[0] for pair in pairs)
    return {name: dataset.pk for name, dataset in made.items()} | {"changed": changed}


def load_entitlements(number: int) -> None:
    """As a cycle is opened; partition 1 of period 1."""
    from django.db import connection, transaction

    from salur.foundation.database import partitions
    from salur.foundation.database.connection import connect
    from salur.foundation.lake import read as lake
    from salur.foundation.lake.models import Dataset

    sealed = Dataset.objects.get(pk=number)
    constant = dict.fromkeys(CONSTANTS["entitlement"], 1)
    with connect("owner") as owner:
        partitions.stage(
            owner,
            "stage_entitlement_1",
            "entitlement",
            constant,
            lake.stream(sealed),
            sealed,
            by="left(region_code, 4)",
        )
    with transaction.atomic(), connection.cursor() as cursor:
        partitions.attach(cursor, "stage_entitlement_1", "entitlement", 1)
        cursor.execute("alter table stage_entitlement_1 rename to entitlement_of_1")


def load_settlement(number: int, before: int | None = None) -> int:
    """As a cycle is reconciled; how many rows were written."""
    from django.db import connection, transaction

    from salur.cycles.models import Cycle
    from salur.foundation.database.connection import connect
    from salur.foundation.engine.session import engine
    from salur.foundation.lake.models import Dataset
    from salur.reconciliation import loading

    cycle, sealed = Cycle(pk=1), Dataset.objects.get(pk=number)
    previous = Dataset.objects.get(pk=before) if before else None
    with connect("owner") as owner, engine() as run:
        staged = loading.stage(owner, run, cycle, sealed, previous)
        with transaction.atomic(), connection.cursor() as cursor:
            return loading.load(cursor, cycle, staged)


def bare(table: str, folder: Path) -> None:
    """COPY, key, index, commit: what any loader has to pay."""
    from salur.cycles.tables import ENTITLEMENTS
    from salur.foundation.database.connection import connect
    from salur.reconciliation.tables import SETTLEMENT

    columns = {"entitlement": ENTITLEMENTS, "settlement": SETTLEMENT}[table].names
    key, index = KEYS[table]
    with connect("owner") as owner:
        owner.execute(f"create table bare_copy (like {table} including defaults including constraints)")
        for column in CONSTANTS[table]:
            owner.execute(f"alter table bare_copy alter column {column} set default 1")
        with (
            (folder / f"{table}.csv").open("rb") as file,
            owner.cursor() as cursor,
            cursor.copy(f"copy bare_copy ({', '.join(columns)}) from stdin (format csv)") as copy,
        ):
            for block in blocks(file):
                copy.write(block)
        owner.execute(f"alter table bare_copy add primary key ({key})")
        owner.execute(f"create index on bare_copy ({index})")


def clear(table: str) -> None:
    """Take away what the last run loaded, and let its pages reach the disk before the clock starts."""
    from salur.foundation.database.connection import connect

    with connect("owner", autocommit=True) as owner:
        owner.execute(f"drop table if exists {table}_of_1, bare_copy")
        owner.execute("checkpoint")
    os.sync()


def blocks(file: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


def second(first: int, number: int, changed: int) -> dict[str, Any]:
    """Bring PostgreSQL from the first settlement to the second, and ask the server what that wrote."""
    clear("settlement")
    load_settlement(first)
    before = counters()
    rows = 0

    def load() -> None:
        nonlocal rows
        rows = load_settlement(number, first)

    seconds, peak = timed(load)
    after = counters()
    written = {name: after[name] - before[name] for name in after}
    return {"seconds": seconds, "peak_mib": peak, "changed": changed, "reported": rows, **written}


def counters() -> dict[str, int]:
    """Rows that the server has inserted, updated and deleted in the partition since it was made."""
    from django.db import connection

    time.sleep(1.5)  # a session tells its counts at most once a second
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(
            "select n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd from pg_stat_user_tables where relname = 'settlement_of_1'"
        )
        return dict(zip(("inserted", "updated", "deleted", "updated_in_place"), cursor.fetchone(), strict=True))


def timed(work: Callable[[], object]) -> tuple[float, int]:
    started = time.perf_counter()
    peak = sampled(lambda: (work(), None)[1])
    return time.perf_counter() - started, peak


def compared(ways: dict[str, list[tuple[float, int]]]) -> dict[str, Any]:
    medians = {way: statistics.median(seconds for seconds, _peak in runs) for way, runs in ways.items()}
    return {
        **{f"{way}_seconds": [round(seconds, 3) for seconds, _peak in runs] for way, runs in ways.items()},
        **{f"{way}_median": round(median, 3) for way, median in medians.items()},
        **{f"{way}_peak_mib": max(peak for _seconds, peak in runs) for way, runs in ways.items()},
        "ratio": round(medians["salur"] / medians["bare"], 3),
    }


def tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


def show(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found))
        return
    print(f"{found['rows']:,} families, medians of {found['runs']}")
    print(f"  {'':<12} {'Salur':>10} {'bare COPY':>10} {'ratio':>6} {'peak Salur':>11} {'peak bare':>10}")
    for table in KEYS:
        one = found[table]
        print(
            f"  {table:<12} {one['salur_median']:8.2f} s {one['bare_median']:8.2f} s {one['ratio']:6.2f}"
            f" {one['salur_peak_mib']:7,} MiB {one['bare_peak_mib']:6,} MiB"
        )
    two = found["second"]
    print(f"A second file: {two['changed']:,} rows changed; {two['seconds']:.2f} s, at most {two['peak_mib']:,} MiB")
    print(f"  the server: {two['inserted']:,} inserted, {two['updated']:,} updated ({two['updated_in_place']:,} in place), "
          f"{two['deleted']:,} deleted")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
