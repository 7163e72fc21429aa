"""The journey, one command a step, and the files it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from salur.entrypoints.cli.demo import channels, population

OFFICERS = ("registrar", "planner", "approver", "disburser", "reconciler", "auditor")
CYCLES = (("SEMBAKO", "2023-05"), ("PKH", "2023-T2"))
CEILING_RUPIAH = 900_000_000_000


@dataclass(frozen=True)
class Step:
    """One command. `kind` is what the figures of a run are counted under."""

    kind: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.arguments)


@dataclass(frozen=True)
class World:
    """Files made once and read by every journey; results answer the instructions of the undisturbed one."""

    folder: Path
    seed: str
    cycles: tuple[tuple[str, str], ...]
    rounds: int
    channels_max: int = 6
    has_worker: bool = False

    def make(self, families: int) -> None:
        population.generate(self.folder / "in", families=families, seed=self.seed, truth=self.folder / "truth")

    def codes(self) -> list[str]:
        return [f"{programme}-{period}" for programme, period in self.cycles]

    def instructions(self, home: Path, code: str) -> Path:
        return home.parent / f"{home.name}-out" / code

    def answers(self, code: str, round: int) -> Path:
        return self.folder / f"results-{code}-{round}"

    def answer(self, home: Path, code: str, round: int) -> None:
        """Let the channels answer what the undisturbed journey has instructed."""
        channels.answer(
            self.instructions(home, code),
            self.answers(code, round),
            seed=self.seed,
            truth=self.folder / "truth",
            round=round,
        )

    def until_instructed(self, home: Path) -> Iterator[Step]:
        """From the draw to released instructions."""
        given = self.folder / "in"
        for programme, period in self.cycles:
            yield _step("draw", "draw", "commit", programme, period, "--secret", "rahasia", user="approver")
        files = [str(given / f"{kind}.csv") for kind in ("families", "persons", "accounts")]
        yield _step(
            "import",
            "registry",
            "import",
            *files,
            "--rejected",
            str(home.parent / f"{home.name}-rejected"),
            user="registrar",
        )
        yield _step("release", "registry", "release", "--as-of", "2023-05-31", "--decree", "SK 1", user="registrar")
        yield _step("quota", "quota", "import", str(given / "quotas.csv"), user="planner")
        yield _step("channel", "channel", "assign", str(given / "channels.csv"), user="planner")
        for programme, period in self.cycles:
            code = f"{programme}-{period}"
            yield _step(
                "ceiling",
                "budget",
                "ceiling",
                programme,
                "2023",
                str(CEILING_RUPIAH),
                "--decree",
                "DIPA 1",
                user="planner",
            )
            yield _step("determine", "enrolment", "determine", programme, period, user="planner")
            yield _step("open", "cycle", "open", programme, period, user="planner")
            yield _step("submit", "cycle", "submit", code, user="planner")
            yield _step("approve", "cycle", "approve", code, user="approver")
            yield from self._worker()
            yield _step(
                "write", "instruction", "write", code, "--out", str(self.instructions(home, code)), user="disburser"
            )
            yield _step("instruct", "instruction", "release", code, user="disburser")

    def until_reconciled(self, home: Path) -> Iterator[Step]:
        """The channels' reports, round by round."""
        for code in self.codes():
            for round in range(1, self.rounds + 1):
                yield from self._reported(home, code, round)

    def _reported(self, home: Path, code: str, round: int) -> Iterator[Step]:
        by_channel: dict[str, list[str]] = {}
        for file in sorted(self.answers(code, round).glob("*.csv")):
            if not file.stem.endswith("_rejected"):
                by_channel.setdefault(file.name.split("-")[0], []).append(str(file))
        rejected = str(home.parent / f"{home.name}-rejected")
        for channel, files in sorted(by_channel.items())[: self.channels_max]:
            yield _step("result", "result", "import", channel, *files, "--rejected", rejected, user="reconciler")
        yield from self._worker()
        yield _step("reconcile", "reconcile", code, user="reconciler")

    def _worker(self) -> Iterator[Step]:
        """A worker that does what the next command would do."""
        if self.has_worker:
            yield Step("worker", ("worker", "--once"))


def _step(kind: str, *arguments: str, user: str) -> Step:
    return Step(kind, (*arguments, "--as", user, "--json"))
