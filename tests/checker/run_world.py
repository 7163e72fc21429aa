"""Someone else's world taken through the documented commands, from the first user to the export."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from .checker import Expected, World, expect, imports
from .compare import compare, compare_summary
from .foreign_results import results
from .foreign_world import CYCLES, make

Salur = Callable[[list[str]], "CompletedProcess[str]"]
ADMIN = "pengelola"
# One person for each role; whoever releases instructions did not write them.
USERS = {
    "pendaftar": "registrar",
    "perencana": "planner",
    "penyetuju": "approver",
    "penyalur-satu": "disburser",
    "penyalur-dua": "disburser",
    "pencocok": "reconciler",
    "pemeriksa": "auditor",
}


class Driver:
    """Calls commands as somebody; a refusal that nobody expects ends the run with the command's own words."""

    def __init__(self, salur: Salur) -> None:
        self.salur = salur

    def do(self, user: str, *words: str | Path, may: Sequence[int] = (0,)) -> str:
        """Standard output of one command; `may` lists the exit codes that are fine."""
        command = [*map(str, words), "--as", user] if user else [*map(str, words)]
        done = self.salur(command)
        if done.returncode not in may:
            raise AssertionError(f"salur {' '.join(command)} → {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def ask(self, user: str, *words: str | Path, may: Sequence[int] = (0,)) -> Any:
        """The JSON answer of one command."""
        return json.loads(self.do(user, *words, "--json", may=may))


def run_world(
    salur: Salur, world_dir: Path, *, families: int = 800, seed: str = "asing", admin: str = "", key: bytes = b""
) -> list[str]:
    """Differences between what Salur says and what the files say, over both cycles.

    `salur` runs one command in a home of its own with SALUR_ID_KEY set to `load_key(world_dir)`; as that file exists
    only once the world is made, make it first: `make(world_dir, families=..., seed=...)` writes the same bytes again.
    A home that stands already, marked as a demo, is used by naming its `admin` and its id `key`.
    """
    world = make(world_dir, families=families, seed=seed, key=key)
    driver = Driver(salur)
    _set_up(driver, world, admin)
    said = _import(driver, world)
    driver.do("pendaftar", "registry", "release", "--as-of", str(world.as_of), "--decree", "SK/1/2023")
    driver.do("perencana", "quota", "import", world.quotas)
    driver.do("perencana", "channel", "assign", world.channels)
    for programme, period in CYCLES:
        said += _cycle(driver, world, programme, period, world_dir)
    return said


def _set_up(driver: Driver, world: World, admin: str) -> None:
    if not admin:
        driver.do("", "init", "--demo", "--admin", ADMIN)
    for name, role in USERS.items():
        driver.do(admin or ADMIN, "user", "add", name, "--role", role, "--area", "00")
    for programme, period in CYCLES:
        driver.do("penyetuju", "draw", "commit", programme, period, "--secret", world.secrets[programme])


def _import(driver: Driver, world: World) -> list[str]:
    said: list[str] = []
    for call, counts in zip(world.calls, imports(world)[1], strict=True):
        answers = driver.ask("pendaftar", "registry", "import", *call, may=(0, 3))
        for path in call:
            answer = next(each for each in answers if Path(each["file"]).name == path.name)
            said += _import_differences(answer, counts[path.name])
    return said


def _import_differences(answer: Mapping[str, Any], counts: Counter[str]) -> list[str]:
    want = {"rows": counts.total()}
    want |= {name: counts[name] for name in ("accepted", "rejected", "unchanged", "to_review")}
    return [
        f"import of {answer['file']}: {name} {answer.get(name)}, expected {value}"
        for name, value in want.items()
        if answer.get(name) != value
    ]


def _cycle(driver: Driver, world: World, programme: str, period: str, world_dir: Path) -> list[str]:
    cycle = f"{programme}-{period}"
    driver.do("perencana", "budget", "ceiling", programme, period[:4], "1000000000000", "--decree", "DIPA/1/2023")
    determined = driver.ask("perencana", "enrolment", "determine", programme, period)
    opened = driver.ask("perencana", "cycle", "open", programme, period)
    driver.do("perencana", "cycle", "submit", cycle)
    driver.do("penyetuju", "cycle", "approve", cycle)
    driver.do("penyalur-satu", "instruction", "write", cycle, "--out", world_dir / f"perintah-{cycle}")
    driver.do("penyalur-dua", "instruction", "release", cycle)
    files = results(world_dir / f"perintah-{cycle}", world_dir / f"hasil-{cycle}", cycle)
    for channel, path in [*files, files[0]]:  # the first one comes a second time
        driver.do("pencocok", "result", "import", channel, path, may=(0, 3))
    summary = driver.ask("pencocok", "reconcile", cycle)
    driver.do("pemeriksa", "export", cycle, "--out", world_dir / f"ekspor-{cycle}")
    expected = expect(world, programme, period, files)
    said = [f"{cycle}: open says {opened.get('cycle')}"] if opened.get("cycle") != cycle else []
    said += _counts(expected, determined)
    return said + compare_summary(expected, summary) + compare(expected, world_dir / f"ekspor-{cycle}")


def _counts(expected: Expected, determined: Mapping[str, Any]) -> list[str]:
    return [
        f"{expected.cycle}: determine says {name} {determined.get(name)}, expected {value}"
        for name, value in expected.counts().items()
        if determined.get(name) != value
    ]
