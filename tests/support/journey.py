"""A small demo world taken from the register to the reconciled result through the commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from salur.entrypoints.cli.demo import channels, population
from support.house import House

SEMBAKO = ("SEMBAKO", "2023-05")
PKH = ("PKH", "2023-T2")


@dataclass(frozen=True)
class Journey:
    """Where the files of a journey lie."""

    house: House
    folder: Path
    told: dict[str, dict]

    def instructions(self, cycle: str) -> Path:
        return self.folder / f"instructions-{cycle}"


def generated(folder: Path, *, families: int, seed: str = "salur", failures: bool = True) -> Path:
    """The files of a made-up register, quotas and channels."""
    population.generate(folder / "in", families=families, seed=seed, failures=failures, truth=folder / "truth")
    return folder / "in"


def register(house: House, files: Path, *, decree: str = "SK 1") -> dict:
    """Draws, import, release, quotas, channels and ceilings."""
    for programme, period in (SEMBAKO, PKH):
        house.ok("draw", "commit", programme, period, "--secret", "rahasia", "--as", "approver")
    done = house.run(
        "registry",
        "import",
        *(files / f"{kind}.csv" for kind in ("families", "persons", "accounts")),
        "--as",
        "registrar",
    )
    assert done.returncode in (0, 3), done.stderr
    told = house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", decree, "--as", "registrar")
    house.ok("quota", "import", files / "quotas.csv", "--as", "planner")
    house.ok("channel", "assign", files / "channels.csv", "--as", "planner")
    for programme in ("SEMBAKO", "PKH"):
        house.ok("budget", "ceiling", programme, "2023", "900000000000", "--decree", "DIPA", "--as", "planner")
    return told


def approved(house: House, programme: str, period: str) -> str:
    """Determine, open, submit, approve; the cycle's code."""
    house.ok("enrolment", "determine", programme, period, "--as", "planner")
    code = house.ok("cycle", "open", programme, period, "--as", "planner")["cycle"]
    house.ok("cycle", "submit", code, "--as", "planner")
    house.ok("cycle", "approve", code, "--as", "approver")
    return code


def paid(house: House, code: str, folder: Path, *, rounds: tuple[int, ...] = (1, 2), failures: bool = True) -> dict:
    """Write and release instructions, take the channels' answers, reconcile; what reconcile says."""
    out = folder / f"instructions-{code}"
    house.ok("instruction", "write", code, "--out", out, "--as", "disburser")
    house.ok("instruction", "release", code, "--as", "disburser")
    told: dict = {}
    for number in rounds:
        answers = channels.answer(
            out,
            folder / f"results-{code}-{number}",
            seed="salur",
            truth=folder / "truth",
            round=number,
            failures=failures,
        )
        for channel, files in answers.items():
            done = house.run("result", "import", channel, *files, "--as", "reconciler")
            assert done.returncode in (0, 3), done.stderr
        told = house.ok("reconcile", code, "--as", "reconciler")
    return told


def whole(
    house: House, folder: Path, *, families: int = 300, programmes: tuple[tuple[str, str], ...] = (SEMBAKO,)
) -> Journey:
    """From nothing to reconciled."""
    register(house, generated(folder, families=families))
    told = {}
    for programme, period in programmes:
        code = approved(house, programme, period)
        told[code] = paid(house, code, folder)
    return Journey(house, folder, told)
