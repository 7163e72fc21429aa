"""Measure a register of a given size from import to opened cycle: seconds per command, and memory at its peak.

    make bench-register                          a million persons
    make bench-register ARGS="--families 670000" two million

The home is a new one and is removed at the end. Memory is the proportional share (PSS) of the command, its children
and the database server, so that pages they share count once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memory import sampled

PERIODS = (("SEMBAKO", "2023-05"), ("PKH", "2023-T2"))
USERS = {"pendaftar": "registrar", "perencana": "planner", "penyetuju": "approver"}
SALUR = Path(sys.executable).with_name("salur")


@dataclass(frozen=True)
class Measured:
    name: str
    seconds: float
    peak_mib: int


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--families", type=int, default=335_000, help="about three persons each")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="salur-bench-") as folder:
        measured = list(measure(Path(folder), given.families))
    show(measured, given.families, as_json=given.json)
    return 0


def measure(folder: Path, families: int) -> Iterator[Measured]:
    """Generate the world, then time each command of the way to an opened cycle."""
    os.environ["SALUR_HOME"] = str(folder / "home")
    world = generate(folder, families)
    try:
        prepare()
        for name, words in journey(world):
            print(f"… {name}", file=sys.stderr, flush=True)
            yield timed(name, words)
    finally:
        subprocess.run([SALUR, "db", "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def generate(folder: Path, families: int) -> Path:
    # In a process of its own, so that its memory is not counted.
    code = (
        "import sys; from pathlib import Path; from salur.entrypoints.cli.demo.population import generate;"
        "generate(Path(sys.argv[1]), families=int(sys.argv[2]), truth=Path(sys.argv[3]))"
    )
    world = folder / "world"
    subprocess.run([sys.executable, "-c", code, world, str(families), folder / "truth"], check=True)
    return world


def prepare() -> None:
    salur("init", "--demo", "--admin", "pengelola")
    for name, role in USERS.items():
        salur("user", "add", name, "--role", role, "--area", "00", "--as", "pengelola")
    for programme, period in PERIODS:
        salur("draw", "commit", programme, period, "--as", "penyetuju")


def journey(world: Path) -> Iterator[tuple[str, list[str]]]:
    files = [str(world / f"{kind}.csv") for kind in ("families", "persons", "accounts")]
    yield "registry import", ["registry", "import", *files, "--as", "pendaftar"]
    release = ["registry", "release", "--as-of", "2023-03-31", "--decree", "SK/1/2023", "--as", "pendaftar"]
    yield "registry release", release
    yield "quota import", ["quota", "import", str(world / "quotas.csv"), "--as", "perencana"]
    yield "channel assign", ["channel", "assign", str(world / "channels.csv"), "--as", "perencana"]
    for programme, period in PERIODS:
        yield f"determine {programme}", ["enrolment", "determine", programme, period, "--as", "perencana"]
        yield f"open {programme}", ["cycle", "open", programme, period, "--as", "perencana"]


def salur(*words: str) -> None:
    done = subprocess.run([SALUR, *words], check=False, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 3):  # 3: done, with rejected rows
        raise SystemExit(f"salur {' '.join(words)} ended with {done.returncode}")


def timed(name: str, words: list[str]) -> Measured:
    started = time.perf_counter()
    peak = sampled(lambda: salur(*words))
    return Measured(name, time.perf_counter() - started, peak)


def show(measured: list[Measured], families: int, *, as_json: bool) -> None:
    seconds, peak = sum(each.seconds for each in measured), max(each.peak_mib for each in measured)
    if as_json:
        rows = [vars(each) for each in measured]
        print(json.dumps({"families": families, "seconds": seconds, "peak_mib": peak, "commands": rows}))
        return
    print(f"{families:,} families")
    for each in [*measured, Measured("together", seconds, peak)]:
        print(f"  {each.name:<20} {each.seconds:8.1f} s {each.peak_mib:7,} MiB")


if __name__ == "__main__":
    sys.exit(main())
