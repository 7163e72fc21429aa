"""The people of a synthetic country as sealed datasets, made and sealed span by span in the order of their keys."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow as pa

from salur.delivery.tables import HOLDERS
from salur.entrypoints.cli.bench import shares
from salur.foundation.database.home import workplace
from salur.foundation.engine.on_duckdb import MEMORY_LIMIT, OnDuckDB
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Sealing
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.span import Span, spans
from salur.foundation.vocabulary.tables import Table
from salur.registry.tables import FAMILIES, PERSONS

SQL = Path(__file__).parent / "sql"
STEP = "bench.world/1"
FAMILIES_MAX = 2**27 - 2  # the number of a family must fit into the ids of its members
MADE: Mapping[str, Table] = {
    "family_rows": FAMILIES, "person_rows": PERSONS, "finding_rows": FINDINGS, "holder_rows": HOLDERS,
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """What was sealed, and how many families live in each regency."""

    families: Dataset
    persons: Dataset
    findings: Dataset
    holders: Dataset
    regencies: dict[str, int]


def do(run: OnDuckDB, name: str) -> None:
    """Execute sql/<name>.sql."""
    run.connection.raw_sql((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def roll(run: OnDuckDB, seed: str) -> None:
    """The macros of chance, for this seed."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") >> 1
    run.connection.raw_sql(f"SET VARIABLE seed = {number}")
    do(run, "dice")


def make(families: int, seed: str, *, by: str, progress: Callable[[str, int], None]) -> Register:
    """Seal the people of a country of so many families. The same size and seed again give the datasets that exist.

    progress: told where a span begins and how many families are sealed with it.
    """
    asked = {"families": families, "seed": seed, "synthetic": True}
    with opened() as run, ExitStack() as stack:
        villages(run, families, seed)
        sealings = {
            name: stack.enter_context(Sealing(run, table, step=STEP, by=by, parameters=asked))
            for name, table in MADE.items()
        }
        regencies = _regencies(run)
        for span in spans(regencies):
            settle(run, span)
            for name, sealing in sealings.items():
                if not sealing.existing:
                    sealing.write(run.connection.table(name), span)
            progress(span.start, sum(n for regency, n in regencies.items() if span.start <= regency < span.end))
        sealed = {name: sealing.list() for name, sealing in sealings.items()}
        return Register(
            families=sealed["family_rows"],
            persons=sealed["person_rows"],
            findings=sealed["finding_rows"],
            holders=sealed["holder_rows"],
            regencies=regencies,
        )


@contextmanager
def opened() -> Iterator[OnDuckDB]:
    """The engine on this machine, whatever engine the bulk runs use."""
    with workplace("bench") as scratch:
        connection = ibis.duckdb.connect(
            memory_limit=MEMORY_LIMIT,
            temp_directory=str(scratch),
            threads=int(os.environ.get("SALUR_ENGINE_THREADS", os.cpu_count() or 1)),
            preserve_insertion_order=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
        )
        try:
            yield OnDuckDB(connection)
        finally:
            connection.disconnect()


def villages(run: OnDuckDB, families: int, seed: str) -> None:
    """The table `villages` and the macros of chance; then `settle` takes one span after another."""
    roll(run, seed)
    shared, served = shares.families_of_provinces(families), shares.channels()
    for name, rows in {
        "village_codes": shares.village_codes(),
        "province_families": pa.table({"province": list(shared), "families": list(shared.values())}),
        "channel_of": pa.table({"regency": list(served), "channel": list(served.values())}),
    }.items():
        run.connection.con.register(name, rows)
    do(run, "villages")
    run.connection.raw_sql("CREATE TEMP TABLE seats (village BIGINT, r BIGINT)")
    for name in ("households", "families", "persons", "findings", "holders"):
        do(run, name)


def settle(run: OnDuckDB, span: Span) -> None:
    """Turn the views to one span: a row for each of its families in `seats`, village by village."""
    run.connection.raw_sql(
        "CREATE OR REPLACE TEMP TABLE seats AS SELECT number AS village, first + unnest(range(n)) AS r "
        f"FROM (FROM villages WHERE code >= '{span.start}' AND code < '{span.end}' ORDER BY number)"
    )


def _regencies(run: OnDuckDB) -> dict[str, int]:
    found = run.connection.raw_sql("SELECT regency, sum(n)::BIGINT FROM villages GROUP BY 1 ORDER BY 1")
    return dict(found.fetchall())
