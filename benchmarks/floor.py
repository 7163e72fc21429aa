"""The floor: the bulk work of Salur as one plain DuckDB script, the yardstick that Salur's pipeline is timed against.

    python benchmarks/floor.py GIVEN.json OUT [--only STEP,...] [--settings-of-salur]

It uses nothing of Salur: rules, quotas of regencies, one channel for each regency, one attempt of one month are written out by hand in
`floor/*.sql`. It reads the files that Salur reads, span by span (a span is a stretch of region codes, such as "11" up to "12"), and
writes the rows that Salur seals, column by column and in the order of their keys, so that content digests can be compared.

GIVEN.json names threads, memory, scratch, the files of `families`, `persons` and `holders` ({path, from, until}), the draws' `secrets`,
`quotas` and `channels` by regency, the `spans` by which determinations are worked out, the channels' `results` ({path, from, until, file};
without them it ends after routing), the `key` for ids that nobody gave, and `due_day` (days since 1970).

DuckDB stands as it comes, within the memory and the threads that Salur has. With `--settings-of-salur` it also keeps its memory between
statements, compresses at the first level and gives up dictionaries early, as Salur does: what then remains of the distance is not a
matter of settings.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

import duckdb

SQL = Path(__file__).parent / "floor"
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
FORM_OF_SALUR = ", COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 8192"
COMPONENTS = "(hamil + anak_usia_dini + sd + smp + sma + disabilitas_berat + lansia)"
# SEMBAKO 2023-05 and PKH 2023-T2; `today` is the first day of the period in days since 1970. SEMBAKO asks for no component.
RULES = {
    "SEMBAKO": {
        "adults": "adults_in_may", "components": "1", "decile_to": 5, "looked_at": "''", "today": 19_478,
        "article": "Permensos 5/2021",
    },
    "PKH": {
        "adults": "adults_in_april", "components": COMPONENTS, "decile_to": 4, "today": 19_448,
        "looked_at": "',\"components\":' || components || ',\"components_at_least\":1'",
        "article": "Permensos 1/2018 Program Keluarga Harapan",
    },
}  # fmt: skip
KEYS = {
    "enrolment_SEMBAKO": "village_code, recipient_id",
    "enrolment_PKH": "village_code, recipient_id",
    "entitlements_SEMBAKO": "region_code, recipient_id",
    "entitlements_PKH": "region_code, recipient_id",
    "instructions": "region_code, recipient_id, attempt",
    "findings": "region_code, recipient_id, step, reason, numbers",
    "result_lines": "region_code, file, line",
    "settlement": "region_code, recipient_id, attempt",
    "exceptions": "region_code, recipient_id, attempt, cause, detail",
    "measures": "region_code, indicator",
}
FILES = ("families", "persons", "holders", "results")
CUT_FINELY = ("families", "persons", "holders", "enrolment")
NOWHERE = "00"
STEPS = (
    "people", "features", "determine SEMBAKO", "determine PKH", "entitlements PKH", "entitlements SEMBAKO",
    "routing SEMBAKO", "lines SEMBAKO", "settlement SEMBAKO", "indicators SEMBAKO",
)  # fmt: skip
AFTER_RESULTS = STEPS[7:]
OF_THE_ADMITTED = STEPS[5:]  # a fifth of the families: taken by the wider spans of the result files
STANDS_ON_FEATURES = ("determine SEMBAKO", "determine PKH", "entitlements PKH")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("given", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--only", help="steps with commas between; what they need is read from OUT")
    options.add_argument("--settings-of-salur", action="store_true")
    asked = options.parse_args()
    given = json.loads(asked.given.read_text(encoding="utf-8"))
    steps = _steps(asked.only, has_results=bool(given.get("results")))
    floor = Floor(given, asked.out, steps, settings_of_salur=asked.settings_of_salur)
    floor.run()
    timed = [
        {
            "name": name,
            "seconds": round(sum(b - a for a, b in floor.stretches[name]), 3),
            "stretches": floor.stretches[name],
        }
        for name in floor.steps
    ]
    print(json.dumps({"steps": timed, "rows": floor.rows, "rejected": floor.rejected}))
    return 0


def _steps(only: str | None, *, has_results: bool) -> list[str]:
    """The steps to take in their order. Features live in memory only, so they come along with what stands on them."""
    wanted = {name.strip() for name in only.split(",")} if only else set(STEPS)
    unknown = wanted - set(STEPS)
    if unknown:
        raise SystemExit(f"unknown step {', '.join(sorted(unknown))}; there are: {', '.join(STEPS)}")
    if wanted & set(STANDS_ON_FEATURES):
        wanted.add("features")
    if not has_results:
        wanted -= set(AFTER_RESULTS)
    return [name for name in STEPS if name in wanted]


class Floor:
    """One connection, the files, and the stretches of time of each step."""

    def __init__(self, given: dict[str, Any], out: Path, steps: list[str], *, settings_of_salur: bool) -> None:
        self.given, self.out, self.steps = given, out, steps
        self.stretches: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
        self.rows: Counter[str] = Counter()
        self.rejected = 0
        self.files = {kind: {one["from"]: one for one in given.get(kind, [])} for kind in FILES}
        self.spans = sorted(given["spans"])
        self.wide_spans = sorted(self.files["results"]) or self.spans
        self.looped = self.spans
        self.connection = duckdb.connect(
            config={
                "threads": given["threads"],
                "memory_limit": given["memory"],
                "temp_directory": given["scratch"],
                "preserve_insertion_order": False,
            }
            | ({"block_allocator_memory": given["memory"]} if settings_of_salur else {})
        )
        self.form = PARQUET + (FORM_OF_SALUR if settings_of_salur else "")
        self._do("start")
        self._do("told")
        for programme in RULES:
            self._table(f"quotas_{programme}", "places BIGINT", given["quotas"][programme])
        self._table("channels", "channel VARCHAR", given["channels"])

    def run(self) -> None:
        """Every step for one span after another, then what speaks of the country."""
        narrow = [name for name in self.steps if name not in OF_THE_ADMITTED]
        wide = [name for name in self.steps if name in OF_THE_ADMITTED]
        for spans, names in ((self.spans, narrow), (self.wide_spans, wide)):
            self.looped = spans
            for span in spans:
                for name in names:
                    with self._timed(name, span):
                        PER_SPAN[name](self, span)
        for name in self.steps:
            if name in AT_THE_END:
                with self._timed(name, NOWHERE):
                    AT_THE_END[name](self)

    def people(self, span: str) -> None:
        """Read each column that features use; an aggregate that the statistics of the file cannot answer."""
        self._see("persons", span)
        self.connection.execute(self._sql("people")).fetchall()

    def features(self, span: str) -> None:
        self._see("persons", span)
        self._see("families", span)
        self._do("features")

    def determine(self, span: str, programme: str) -> None:
        secret = self.given["secrets"][programme]
        query = self._sql("determine", programme=programme, secret=secret, **RULES[programme])
        self._write(f"enrolment_{programme}", span, query)

    def entitlements(self, span: str, programme: str) -> None:
        self._see(f"enrolment_{programme}", span)
        self._see("families", span)
        self._write(f"entitlements_{programme}", span, self._sql(f"entitlements_{programme}"))

    def routing(self, span: str) -> None:
        self._see("entitlements_SEMBAKO", span)
        self._see("holders", span)
        self._do("routed")
        for name in ("instructions", "findings"):
            self._write(name, span, self._sql(name))

    def lines(self, span: str) -> None:
        """A file tells of the instructions of its own span."""
        self._see("instructions", span)
        self._see("results", span, name="cells")
        file = self.files["results"][span]["file"]
        known = self._write("result_lines", span, self._sql("result_lines", file=file))
        self._do("unknown_cells")
        unknown = self._count(self._sql("add_strangers", file=file, key=self.given["key"]))
        self.rejected += self._count("SELECT count(*) FROM cells") - known - unknown

    def stranger_lines(self) -> None:
        self._write("result_lines", NOWHERE, self._sql("stranger_lines"))

    def settlement(self, span: str) -> None:
        for name in ("entitlements_SEMBAKO", "instructions", "findings", "result_lines"):
            self._see(name, span)
        self._do("settled")
        for name in ("settlement", "exceptions"):
            self._write(name, span, self._sql(name))

    def stranger_exceptions(self) -> None:
        self._see("result_lines", NOWHERE)
        self._write("exceptions", NOWHERE, self._sql("stranger_exceptions"))

    def indicators(self, span: str) -> None:
        for name in ("enrolment_SEMBAKO", "settlement", "exceptions"):
            self._see(name, span)
        self._do("village_sums", due_day=self.given["due_day"])

    def measures(self) -> None:
        self._write("measures", "0", self._sql("measures"))

    def _sql(self, name: str, **values: object) -> str:
        return Template((SQL / f"{name}.sql").read_text(encoding="utf-8")).substitute(values)

    def _do(self, name: str, **values: object) -> None:
        self.connection.execute(self._sql(name, **values))

    def _table(self, name: str, column: str, by_region: list[list[object]]) -> None:
        self.connection.execute(f"CREATE TEMP TABLE {name} (region_code VARCHAR, {column})")
        regions, values = [one[0] for one in by_region], [one[1] for one in by_region]
        self.connection.execute(f"INSERT INTO {name} SELECT unnest($1), unnest($2)", [regions, values])

    def _count(self, statement: str) -> int:
        """The one number that a statement answers with: a count, or how many rows it wrote."""
        [rows] = self.connection.execute(statement).fetchone() or [0]
        return int(rows)

    def _see(self, kind: str, span: str, name: str | None = None) -> None:
        """Put the files of the span, given or written earlier, behind a name."""
        names = ", ".join(f"'{_quoted(file)}'" for file in self._files(kind, span))
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name or kind} AS FROM read_parquet([{names}])")

    def _files(self, kind: str, span: str) -> list[Path | str]:
        """The one file of the span; of what is cut into narrower spans, all the files up to the span that follows."""
        starts = [span]
        if kind.startswith(CUT_FINELY):
            end = min((start for start in self.looped if start > span), default="99")
            starts = [start for start in self.files.get(kind, self.spans) if span <= start < end]
        if kind in self.files:
            return [self.files[kind][start]["path"] for start in starts]
        return [self._file(kind, start) for start in starts]

    def _write(self, name: str, span: str, query: str) -> int:
        file = self._file(name, span)
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = self._count(f"COPY (FROM ({query}) ORDER BY {KEYS[name]}) TO '{_quoted(file)}' ({self.form})")
        self.rows[name] += rows
        return rows

    def _file(self, name: str, span: str) -> Path:
        return self.out / name / f"part-{span}.parquet"

    @contextmanager
    def _timed(self, name: str, span: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        ended = time.perf_counter()
        self.stretches[name].append((began, ended))
        print(f"{span:>6} {name:<22} {ended - began:8.2f} s", file=sys.stderr, flush=True)


PER_SPAN = {
    "people": Floor.people,
    "features": Floor.features,
    "determine SEMBAKO": lambda floor, span: floor.determine(span, "SEMBAKO"),
    "determine PKH": lambda floor, span: floor.determine(span, "PKH"),
    "entitlements SEMBAKO": lambda floor, span: floor.entitlements(span, "SEMBAKO"),
    "entitlements PKH": lambda floor, span: floor.entitlements(span, "PKH"),
    "routing SEMBAKO": Floor.routing,
    "lines SEMBAKO": Floor.lines,
    "settlement SEMBAKO": Floor.settlement,
    "indicators SEMBAKO": Floor.indicators,
}
AT_THE_END = {
    "lines SEMBAKO": Floor.stranger_lines,
    "settlement SEMBAKO": Floor.stranger_exceptions,
    "indicators SEMBAKO": Floor.measures,
}


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")


if __name__ == "__main__":
    sys.exit(main())
