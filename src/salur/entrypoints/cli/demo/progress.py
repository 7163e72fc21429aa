"""How far a demo has come, written down after each step, so that one that was killed goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

from salur.foundation.database.home import home, sync_folder
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

LAST = "tidy"


@dataclass(frozen=True)
class Step:
    """One step of the story: `label` is said while it runs; called again it must change nothing."""

    name: str
    label: str
    do: Callable[[], object]


@dataclass
class Marks:
    """What was asked for, which steps are done, and how long each took."""

    families: int
    seed: str
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether the last step of the story is done."""
        return LAST in self.seconds

    def keep(self) -> None:
        """Write whole or not at all."""
        fresh = _file().with_suffix(".part")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
            json.dump(asdict(self), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(_file())
        sync_folder(_file().parent)


def marks_of_home() -> Marks | None:
    """The marks of an earlier call; None in a home without a demo."""
    return Marks(**json.loads(_file().read_text())) if _file().is_file() else None


def marks_for(families: int | None, seed: str | None, *, default_families: int, default_seed: str) -> Marks:
    """The marks to go on with. Raises Refused when the home holds a demo of another size or seed."""
    found = marks_of_home()
    if found is None:
        return Marks(families or default_families, seed or default_seed)
    if (families or found.families, seed or found.seed) != (found.families, found.seed):
        raise Refused(
            _("Rumah %(home)s sudah berisi contoh %(n)s keluarga dengan benih %(seed)s; pakai SALUR_HOME lain.")
            % {"home": home(), "n": found.families, "seed": found.seed}
        )
    return found


def play(steps: list[Step], marks: Marks) -> None:
    """Do the steps that are not done yet, with a bar and the seconds of each on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    what = TextColumn("{task.description}")
    columns = (SpinnerColumn(), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), what)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(steps), completed=0)
        for step in steps:
            bar.update(task, description=step.label)
            if step.name not in marks.seconds:
                began = monotonic()
                step.do()
                marks.seconds[step.name] = round(monotonic() - began, 2)
                marks.keep()
                bar.console.print(f"{marks.seconds[step.name]:6.1f} s  {step.label}", markup=False)
            bar.advance(task)


def _file() -> Path:
    return home() / "demo.json"
