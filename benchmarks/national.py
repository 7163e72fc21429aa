"""Salur's bulk work over a synthetic country, beside a plain DuckDB script that does the same work on the same files.

    make bench FAMILIES=1000000

The country is made once and kept (`build/bench/home-<families>`). A first run of Salur alone makes the channels' answers and tells the
floor what it needs; of it only the memory counts. Then, as often as `--runs` asks, Salur's pipeline and the floor (`floor.py`) work side
by side, one stopped while the other works, in turns of a few seconds (`turns.py`); and once more so without sealing. `--settings` sets
beside Salur with sealing also the floor with the settings of Salur's engine. The lists of Salur and the floor must be equal by digest.
The figures go to `build/bench/<time>.json` after every run, so that one that is stopped leaves the runs before it, and at the end, as a
table, to the terminal; medians over the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from turns import Script, take_turns

BENCH = Path(__file__).resolve().parents[1] / "build" / "bench"
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
Turn = list[dict[str, Any]]  # Salur, the floor and, where asked for, the floor with the settings of Salur
PARTS = tuple(part for parts in STEPS.values() for part in parts)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--families", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--settings", action="store_true", help="also the floor with the settings of Salur's engine")
    options.add_argument("--place", type=Path, default=BENCH, help="where the country and the figures lie")
    options.add_argument("--json", action="store_true", help="the figures on stdout as well")
    asked = options.parse_args()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit("stopped"))  # so that no stopped script stays behind
    country = Country(asked.place.resolve(), asked.families)
    country.make()
    file = asked.place / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    found = country.measure(asked.runs, file, with_settings=asked.settings)
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

    def measure(self, runs: int, file: Path, *, with_settings: bool = False) -> dict[str, Any]:
        """The figures of all turns; after each they lie in the file."""
        turns: list[Turn] = []
        bare: list[Turn] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        found: dict[str, Any] = {}
        equal = False
        floors: list[tuple[str, ...]] = [(), ("--settings-of-salur",)] if with_settings else [()]
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("the channels' answers", total=2 * runs + 1)
            [alone] = take_turns([Script("pipeline.py", self.cells, "--given", self.given, uses_server=True)])
            for number in range(runs):
                progress.update(task, advance=1, description="Salur and floor")
                turns.append(self.beside((), floors))
                if number == 0:
                    equal = turns[0][0]["digests"] == self.digests()
                equal = equal and turns[-1][0]["digests"] == turns[0][0]["digests"]
                progress.update(task, advance=1, description="without sealing")
                bare.append(self.beside(("--without-sealing",), [()]))
                found = figures(self.families, alone, turns, bare) | {"digests_equal": equal}
                file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            progress.update(task, advance=1)
        shutil.rmtree(self.floor, ignore_errors=True)
        done(SALUR, "db", "stop")
        return found

    def beside(self, words: Sequence[str], floors: Sequence[Sequence[str]]) -> Turn:
        """Salur's pipeline and floors, turn by turn, each with its words."""
        shutil.rmtree(self.floor, ignore_errors=True)
        scripts = [Script("pipeline.py", self.cells, *words, uses_server=True)]
        for number, its_words in enumerate(floors):
            scripts.append(Script("floor.py", self.given, self.floor / str(number), *its_words, uses_server=False))
        return take_turns(scripts)

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
            name: digest_of(table, batches(sorted((self.floor / "0" / name).glob("*.parquet")), table)).hex()
            for name, table in tables.items()
        }


def done(*words: object) -> None:
    found = subprocess.run(list(map(str, words)), check=False, stdout=subprocess.DEVNULL)
    if found.returncode:
        raise SystemExit(f"{' '.join(map(str, words[1:]))} ended with {found.returncode}")


def figures(families: int, alone: dict[str, Any], turns: list[Turn], bare: list[Turn]) -> dict[str, Any]:
    """Medians of the steps over the runs; each ratio is that of a run beside its own floors, then the median.

    The memory is also that of the run alone: beside the floor the libraries of both count half for each.
    """
    steps = [
        {
            "name": name,
            "seconds": median(seconds(run, [name]) for run, *_floors in turns),
            "floor_seconds": median(seconds(floor, parts) for _run, floor, *_told in turns),
            "without_sealing_seconds": median(seconds(run, [name]) for run, _floor in bare),
        }
        for name, parts in STEPS.items()
    ]
    return {
        "families": families,
        "runs": len(turns),
        "steps": steps,
        "people_seconds": median(seconds(floor, ["people"]) for _run, floor, *_told in turns),
        "seconds": median(seconds(run, STEPS) for run, *_floors in turns),
        "floor_seconds": median(seconds(floor, PARTS) for _run, floor, *_told in turns),
        "ratio_to_floor": ratio(turns),
        "ratio_to_floor_with_settings": ratio(turns, beside=2) if len(turns[0]) > 2 else None,
        "ratio_without_sealing": ratio(bare),
        "peak_memory_mb": max(run["peak_memory_mb"] for run in (alone, *(run for run, *_floors in turns))),
        "floor_peak_memory_mb": max(floor["peak_memory_mb"] for _run, floor, *_told in turns),
        "rows": turns[0][0]["rows"],
        "every_run": {"with_sealing": turns, "without_sealing": bare},
    }


def ratio(turns: list[Turn], beside: int = 1) -> float:
    return round(statistics.median(seconds(turn[0], STEPS) / seconds(turn[beside], PARTS) for turn in turns), 3)


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
    if found["ratio_to_floor_with_settings"]:
        print(f"ratio to the floor with the settings of Salur {found['ratio_to_floor_with_settings']}", file=told)
    print(f"reading the people once {found['people_seconds']} s", file=told)
    print(f"peak memory {found['peak_memory_mb']:,} MiB, floor {found['floor_peak_memory_mb']:,} MiB", file=told)
    print(f"lists equal by digest: {'yes' if found['digests_equal'] else 'NO'} · {file}", file=told)


if __name__ == "__main__":
    sys.exit(main())
