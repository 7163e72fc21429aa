"""Salur's bulk work over a synthetic country, beside a plain DuckDB script that does the same work on the same files.

    make bench FAMILIES=1000000

The country is made once and kept (`build/bench/home-<families>`). Then, as often as `--runs` asks, Salur's pipeline, the floor
(`floor.py`) and the pipeline without sealing take turns, each in a process of its own. The lists of both must be equal by digest. The
figures go to `build/bench/<time>.json` after every turn, so that one that is stopped leaves the turns before it, and at the end, as
a table, to the terminal; medians over the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from memory import sampled
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

BENCH = Path(__file__).resolve().parents[1] / "build" / "bench"
HERE = Path(__file__).parent
SALUR = Path(sys.executable).with_name("salur")
# What the floor counts apart and the pipeline does in one go.
STEPS: Mapping[str, Sequence[str]] = {
    "determinations": ("features", "determine SEMBAKO", "determine PKH"),
    "entitlements": ("entitlements SEMBAKO", "entitlements PKH"),
    "routing": ("routing SEMBAKO",),
    "lines": ("lines SEMBAKO",),
    "settlement": ("settlement SEMBAKO",),
    "indicators": ("indicators SEMBAKO",),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--families", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--place", type=Path, default=BENCH, help="where the country and the figures lie")
    options.add_argument("--json", action="store_true", help="the figures on stdout as well")
    asked = options.parse_args()
    country = Country(asked.place.resolve(), asked.families)
    country.make()
    file = asked.place / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    found = country.measure(asked.runs, file)
    show(found, file)
    if asked.json:
        print(json.dumps(found))
    return 0 if found["digests_equal"] else 1


class Country:
    """A home with a synthetic country, and what runs over it leave behind."""

    def __init__(self, place: Path, families: int) -> None:
        self.families = families
        self.home = place / f"home-{families}"
        self.cells, self.given = place / f"cells-{families}", place / f"given-{families}.json"
        self.floor = place / f"floor-{families}"
        os.environ["SALUR_HOME"] = str(self.home)

    def make(self) -> None:
        """People, quotas, channels, draws and a release; the same again at once when they are there."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        done(SALUR, "init", "--demo", "--admin", "pengelola")
        done(SALUR, "bench", "world", "--families", str(self.families), "--json")

    def measure(self, runs: int, file: Path) -> dict[str, Any]:
        """The figures of all turns; after each they lie in the file."""
        salur: list[dict[str, Any]] = []
        floor: list[dict[str, Any]] = []
        bare: list[dict[str, Any]] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        found: dict[str, Any] = {}
        equal = False
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("Salur", total=3 * runs)
            for number in range(runs):
                salur.append(measured("pipeline.py", self.cells, "--given", self.given))
                progress.update(task, advance=1, description="floor")
                shutil.rmtree(self.floor, ignore_errors=True)
                floor.append(measured("floor.py", self.given, self.floor))
                progress.update(task, advance=1, description="Salur without sealing")
                bare.append(measured("pipeline.py", self.cells, "--without-sealing"))
                progress.update(task, advance=1, description="Salur")
                if number == 0:
                    equal = salur[0]["digests"] == self.digests()
                equal = equal and salur[-1]["digests"] == salur[0]["digests"]
                found = figures(self.families, salur, floor, bare) | {"digests_equal": equal}
                file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(self.floor, ignore_errors=True)
        done(SALUR, "db", "stop")
        return found

    def digests(self) -> dict[str, str]:
        """The digest of each list of the floor, taken as Salur takes its own."""
        from salur.foundation.database.ready import prepare

        prepare()
        from salur.cycles.tables import ENTITLEMENTS
        from salur.delivery.tables import INSTRUCTIONS, LINES
        from salur.enrolment.tables import LIST
        from salur.foundation.lake.digest import digest_of
        from salur.foundation.lake.seal import batches
        from salur.foundation.vocabulary.findings import FINDINGS
        from salur.monitoring.tables import MEASURES
        from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT

        tables = {
            "enrolment_SEMBAKO": LIST, "enrolment_PKH": LIST, "entitlements_SEMBAKO": ENTITLEMENTS, "entitlements_PKH": ENTITLEMENTS,
            "instructions": INSTRUCTIONS, "findings": FINDINGS, "result_lines": LINES, "settlement": SETTLEMENT, "exceptions": EXCEPTIONS,
            "measures": MEASURES,
        }  # fmt: skip
        return {
            name: digest_of(table, batches(sorted((self.floor / name).glob("*.parquet")), table)).hex()
            for name, table in tables.items()
        }


def measured(script: str, *words: object) -> dict[str, Any]:
    """Run a script of this folder; what it says, with its peak memory in MiB and its seconds as a whole process."""
    told: dict[str, Any] = {}

    def work() -> None:
        command = [sys.executable, str(HERE / script), *map(str, words)]
        found = subprocess.run(command, check=False, capture_output=True, text=True)
        if found.returncode:
            raise SystemExit(f"{script} ended with {found.returncode}:\n{found.stderr[-4000:]}")
        told.update(json.loads(found.stdout))

    began = time.perf_counter()
    peak = sampled(work)
    return told | {"peak_memory_mb": peak, "process_seconds": round(time.perf_counter() - began, 1)}


def done(*words: object) -> None:
    found = subprocess.run(list(map(str, words)), check=False, stdout=subprocess.DEVNULL)
    if found.returncode:
        raise SystemExit(f"{' '.join(map(str, words[1:]))} ended with {found.returncode}")


def figures(
    families: int, salur: list[dict[str, Any]], floor: list[dict[str, Any]], bare: list[dict[str, Any]]
) -> dict[str, Any]:
    """Medians of the steps over the runs; each ratio is that of a run's own turn, then the median."""
    steps = [
        {
            "name": name,
            "seconds": median(seconds(run, [name]) for run in salur),
            "without_sealing_seconds": median(seconds(run, [name]) for run in bare),
            "floor_seconds": median(seconds(run, parts) for run in floor),
        }
        for name, parts in STEPS.items()
    ]
    every = [part for parts in STEPS.values() for part in parts]
    floors = [seconds(run, every) for run in floor]
    return {
        "families": families,
        "runs": len(salur),
        "steps": steps,
        "people_seconds": median(seconds(run, ["people"]) for run in floor),
        "seconds": median(seconds(run, STEPS) for run in salur),
        "floor_seconds": median(floors),
        "ratio_to_floor": ratio(salur, floors),
        "ratio_without_sealing": ratio(bare, floors),
        "peak_memory_mb": max(run["peak_memory_mb"] for run in salur),
        "floor_peak_memory_mb": max(run["peak_memory_mb"] for run in floor),
        "rows": salur[0]["rows"],
        "every_run": {"salur": salur, "floor": floor, "without_sealing": bare},
    }


def ratio(runs: list[dict[str, Any]], floors: list[float]) -> float:
    return round(statistics.median(seconds(run, STEPS) / floor for run, floor in zip(runs, floors, strict=True)), 3)


def seconds(run: dict[str, Any], names: Any) -> float:
    wanted = set(names)
    return sum(step["seconds"] for step in run["steps"] if step["name"] in wanted)


def median(found: Any) -> float:
    return round(statistics.median(found), 2)


def show(found: dict[str, Any], file: Path) -> None:
    told = sys.stderr
    print(f"{found['families']:,} families, {found['runs']} runs, seconds (medians)", file=told)
    print(f"{'':<16} {'Salur':>9} {'no seal':>9} {'floor':>9} {'ratio':>7}", file=told)
    for step in found["steps"]:
        row = step["seconds"], step["without_sealing_seconds"], step["floor_seconds"]
        print(
            f"{step['name']:<16} {row[0]:9.1f} {row[1]:9.1f} {row[2]:9.1f} {row[0] / max(row[2], 0.01):7.2f}", file=told
        )
    print(f"{'together':<16} {found['seconds']:9.1f} {'':9} {found['floor_seconds']:9.1f}", file=told)
    print(f"ratio to the floor {found['ratio_to_floor']}, without sealing {found['ratio_without_sealing']}", file=told)
    print(f"reading the people once {found['people_seconds']} s", file=told)
    print(f"peak memory {found['peak_memory_mb']:,} MiB, floor {found['floor_peak_memory_mb']:,} MiB", file=told)
    print(f"lists equal by digest: {'yes' if found['digests_equal'] else 'NO'} · {file}", file=told)


if __name__ == "__main__":
    sys.exit(main())
