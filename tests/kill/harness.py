"""One undisturbed journey, then journeys whose commands and server are killed, then one where every command runs twice at once."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kill import figures
from kill.command import Command, Ended, apart, load
from kill.moments import any_moment
from kill.steps import CYCLES, OFFICERS, Step, World
from salur.foundation.database import process, server
from salur.foundation.database.place import find_data, socket_folder

ID_KEY = "00112233445566778899aabbccddeeff" * 2
VICTIMS = ("command", "server", "command", "both")
TRIES_PER_STEP = 6
HEAVY = ("import", "release", "determine", "open", "write", "result", "reconcile", "worker")
HEAVY_WEIGHT = 3
SETTLING_TRIES = 200
WORKER_SECONDS = 2.0


@dataclass
class Report:
    """What was done to the journeys, and every difference found."""

    kills: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def killed(self) -> int:
        return sum(self.kills.values())

    def told(self) -> dict[str, object]:
        return {"kills": self.killed(), "of": dict(sorted(self.kills.items())), "moments": dict(sorted(self.moments.items())),
                "twice": dict(sorted(self.twice.items())), "faults": self.faults}  # fmt: skip


class Harness:
    """Homes below one folder; all share the world's files and the key that makes recipients."""

    def __init__(self, folder: Path, world: World, seed: str) -> None:
        self.folder, self.world, self.dice = folder, world, random.Random(seed)
        self.report = Report()
        self.usual: dict[str, float] = {}
        self.expected: dict[str, str] = {}

    def undisturbed(self) -> None:
        """The journey by which the others are measured."""
        with self.home("plain") as home:
            for step in self.world.until_instructed(home):
                self.usual[self._name(step, home)] = self._done(home, step).seconds
            for code in self.world.codes():
                for round in range(1, self.world.rounds + 1):
                    apart(lambda code=code, round=round: self.world.answer(home, code, round))
            for step in self.world.until_reconciled(home):
                self.usual[self._name(step, home)] = self._done(home, step).seconds
            self._finish(home)

    def killed(self, times: int, journeys_max: int = 1000) -> None:
        """Journeys until so many kills have hit, spread over the steps, more of them on those that do much."""
        for number in range(1, journeys_max + 1):
            if self.report.killed() >= times:
                return
            world = replace(self.world, has_worker=number % 2 == 1)
            with self.home(f"killed-{number}") as home:
                ahead = list(steps(world, home))
                while ahead:
                    wanted = self._tries(times - self.report.killed(), ahead)
                    step = ahead.pop(0)
                    for _try in range(wanted):
                        if self._disturbed(home, step):
                            break
                    self._done(home, step)
                self._finish(home)

    def _tries(self, kills_wanted: int, ahead: list[Step]) -> int:
        """This step's share of the kills that are still wanted."""
        weights = [HEAVY_WEIGHT if step.kind in HEAVY else 1 for step in ahead]
        share = kills_wanted * weights[0] / sum(weights)
        return min(TRIES_PER_STEP, int(share + self.dice.random()))

    def twice(self) -> None:
        """Every command twice at once."""
        with self.home("twice") as home:
            for step in steps(self.world, home):
                self._both(home, step)
            self._finish(home)

    def _disturbed(self, home: Path, step: Step) -> bool:
        """Start a step and kill at some moment; True when it had reached its end all the same."""
        moment = any_moment(home, self.usual.get(self._name(step, home), WORKER_SECONDS), self.dice)
        victim = self.dice.choice(VICTIMS)
        command = Command(home, step.arguments)
        hit = command.wait_for(moment.has_come)
        if hit:
            if victim != "command":
                kill_server(home)
            if victim != "server":
                command.kill()
            self.report.kills[f"{step.kind} {victim}"] += 1
            self.report.moments[f"{step.kind} {moment.name}"] += 1
        moment.close()
        ended = command.wait()
        if "Traceback" in ended.err or (not hit and not ended.is_done and not ended.is_refused_as_second):
            self.report.faults.append(f"{step}: exit {ended.code} {ended.err[-300:]}")
        return ended.is_done

    def _done(self, home: Path, step: Step) -> Ended:
        """Run a step to its end. Only the last breath of a killed one may make it wait."""
        for _try in range(SETTLING_TRIES):
            ended = Command(home, step.arguments).wait()
            if not ended.is_refused_as_second:
                break
        print(f"{home.name} {ended.seconds:6.2f} s {str(step)[:80]}", file=sys.stderr, flush=True)
        if not ended.is_done:
            self.report.faults.append(f"{home.name} {step}: exit {ended.code} {ended.err[-300:]}")
        return ended

    def _both(self, home: Path, step: Step) -> None:
        """Two of one command: one result; the other answers the same or is told that it is second."""
        first = Command(home, step.arguments)
        gap = self.dice.uniform(0, self.usual[self._name(step, home)] * 0.6)
        first.wait_for(lambda: _since(first.began) > gap)
        second = Command(home, step.arguments)
        ends = [first.wait(), second.wait()]
        done = [one for one in ends if one.is_done]
        refused = [one for one in ends if one.is_refused_as_second]
        print(f"{home.name} {[one.code for one in ends]} {str(step)[:80]}", file=sys.stderr, flush=True)
        self.report.twice[f"{step.kind} {'refused' if refused else 'both answered'}"] += 1
        if not done or len(done) + len(refused) != 2:
            self.report.faults.append(
                f"twice {step}: " + " / ".join(f"exit {one.code} {one.err[-200:]}" for one in ends)
            )

    def _finish(self, home: Path) -> None:
        """Sweep, audit, and compare with the undisturbed journey."""
        self._done(home, Step("doctor", ("doctor", "--json")))
        for code in self.world.codes() if self.expected else ():
            self._done(home, Step("audit", ("audit", code, "--as", "auditor", "--json")))
        age_workplaces(home)
        self._done(home, Step("doctor", ("doctor", "--json")))
        found = {**figures.figures(home), **figures.written(home.parent / f"{home.name}-out")}
        self.report.faults += [f"{home.name}: {fault}" for fault in figures.faults(home)]
        self.report.faults += [f"{home.name}: tmp/{place.name} is left" for place in (home / "tmp").iterdir()]
        self.expected = self.expected or found
        for name in sorted(self.expected.keys() | found.keys()):
            if self.expected.get(name) != found.get(name):
                self.report.faults.append(
                    f"{home.name}: {name} is {found.get(name)}, undisturbed {self.expected.get(name)}"
                )

    @contextlib.contextmanager
    def home(self, name: str) -> Iterator[Path]:
        """A home with its officers and its own server, gone afterwards."""
        home = self.folder / name
        home.mkdir(mode=0o700)
        try:
            self._done(home, Step("init", ("init", "--admin", "admin", "--demo", "--json")))
            for officer in OFFICERS:
                self._done(
                    home,
                    Step(
                        "user", ("user", "add", officer, "--role", officer, "--area", "00", "--as", "admin", "--json")
                    ),
                )
            yield home
        finally:
            forget(home)

    def _name(self, step: Step, home: Path) -> str:
        """The step's words without what differs from home to home."""
        return str(step).replace(str(home), "HOME")


def steps(world: World, home: Path) -> Iterator[Step]:
    """The whole journey, once the channels' answers lie there."""
    yield from world.until_instructed(home)
    yield from world.until_reconciled(home)


def kill_server(home: Path) -> None:
    """SIGKILL the postmaster, when there is one."""
    data = find_data(home)
    pid = process.postmaster(data) if data is not None else None
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def age_workplaces(home: Path) -> None:
    """The sweeper spares what is young; a test does not wait for that long."""
    from salur.foundation.database import home as homes

    homes.DESERTED_SECONDS = 0


def forget(home: Path) -> None:
    """Stop the server and take away what it keeps outside its home."""
    server.stop(home)
    for place in (find_data(home), socket_folder(home), home):
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


def _since(moment: float) -> float:
    return time.monotonic() - moment


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--families", type=int, default=600)
    parser.add_argument("--seed", default="salur")
    parser.add_argument("--short", action="store_true", help="one programme, one round of results, two channels")
    parser.add_argument(
        "--no-twice", action="store_true", help="leave out the journey in which every command runs twice at once"
    )
    options = parser.parse_args()
    os.environ["SALUR_ID_KEY"] = ID_KEY
    os.environ.pop("DATABASE_URL", None)
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="salur-kill-") as name:
        os.environ["SALUR_HOME"] = str(Path(name) / "nobody")
        world = World(Path(name) / "world", options.seed, CYCLES, rounds=2)
        if options.short:
            world = replace(world, cycles=CYCLES[:1], rounds=1, channels_max=2)
        world.folder.mkdir()
        apart(lambda: world.make(options.families))
        load()
        harness = Harness(Path(name), world, options.seed)
        harness.undisturbed()
        if not harness.report.faults:
            harness.killed(options.times, journeys_max=1 if options.short else 1000)
            if not options.no_twice:
                harness.twice()
    print(json.dumps(harness.report.told(), indent=1))
    return int(bool(harness.report.faults))


if __name__ == "__main__":
    sys.exit(main())
