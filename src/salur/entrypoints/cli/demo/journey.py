"""The story of the demo: both programmes from the register to the reconciled result, by the people whose task it is."""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from salur.budget.actions import ceilings
from salur.cycles.actions import approval
from salur.cycles.build import build, code_of
from salur.delivery.actions import channels as assignments
from salur.delivery.actions import instructions
from salur.delivery.prepare import write
from salur.delivery.receive import receive
from salur.enrolment.actions import draws
from salur.enrolment.determine import determine
from salur.entrypoints.cli.demo import cast, channels, population
from salur.entrypoints.cli.demo.progress import LAST, Marks, Step
from salur.entrypoints.cli.house import done
from salur.foundation.access.actions import officers
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.home import home
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.monitoring.measure import measure
from salur.programmes.actions import quotas
from salur.reconciliation.match import match
from salur.registry.models import Release
from salur.registry.refresh import refresh
from salur.registry.release import release

PAID = (("SEMBAKO", Period.parse("2023-05")), ("PKH", Period.parse("2023-T2")))
AS_OF = date(2023, 3, 31)  # before the first day of the earlier of the two
DECREE = "CONTOH 1/2023"
MOST_IN_A_YEAR = {"SEMBAKO": 2_400_000, "PKH": 12_000_000}  # rupiah a family can be due: the ceiling always carries it
ROUNDS = (1, 2)


def steps(marks: Marks) -> list[Step]:
    """All steps in order. Each goes through the action that the command of the same name calls, and may be repeated."""
    world = World(home(), marks)
    told = [
        Step("cast", _("Menambah petugas"), _as(cast.ADMIN, lambda by: cast.assemble())),
        *[_draw(marks, programme, period) for programme, period in PAID],
        Step("import", _("Membuat dan mengimpor registri"), _as("registrar", world.bring_in)),
        Step("release", _("Menyegel registri"), _as("registrar", _release)),
        Step("quotas", _("Mengimpor kuota"),
             _as("planner", lambda by: quotas.import_file(world.file("quotas"), by=by))),
        Step("channels", _("Menetapkan kanal"),
             _as("planner", lambda by: assignments.import_file(world.file("channels"), by=by))),
    ]  # fmt: skip
    for programme, period in PAID:
        told += _cycle(world, programme, period)
    return [*told, Step(LAST, _("Membersihkan berkas kerja"), world.tidy)]


class World:
    """The files of the demo: what comes in and goes out, and the truth, which Salur never reads."""

    def __init__(self, place: Path, marks: Marks) -> None:
        self.work, self.truth, self.marks = place / "demo-work", place / "demo-truth", marks

    def register(self) -> Path:
        """The files of the register; the same bytes whenever they are made."""
        ready = self.work / "in"
        if not ready.is_dir():
            half = self.work / "half"
            shutil.rmtree(half, ignore_errors=True)
            self.work.mkdir(mode=0o700, exist_ok=True)
            population.generate(half, families=self.marks.families, seed=self.marks.seed, truth=self.truth)
            half.rename(ready)
        return ready

    def file(self, name: str) -> Path:
        return self.register() / f"{name}.csv"

    def bring_in(self, by: Actor) -> None:
        refresh([self.file(name) for name in ("families", "persons", "accounts")], by=by)

    def instructions(self, cycle: str) -> Path:
        return self.work / f"instructions-{cycle}"

    def hear(self, cycle: str, turn: int) -> None:
        """Every channel answers in this round, and its own account imports the files."""
        sent, out = self.instructions(cycle), self.work / f"results-{cycle}-{turn}"
        if not sent.is_dir():
            write(cycle, sent, by=_actor("disburser"))
        heard = channels.answer(sent, out, seed=self.marks.seed, truth=self.truth, round=turn)
        for channel, files in heard.items():
            _as(cast.of_channel(channel), functools.partial(_import_results, channel, files))()

    def tidy(self) -> None:
        """Copies only: the archive keeps what came in and what went out."""
        shutil.rmtree(self.work, ignore_errors=True)


def _import_results(channel: str, files: list[Path], by: Actor) -> None:
    receive(channel, files, by=by)


def _draw(marks: Marks, programme: str, period: Period) -> Step:
    secret = hashlib.sha256(f"undian:{marks.seed}:{programme}".encode()).hexdigest()
    return Step(f"draw-{programme}", _("Mengunci undian %(programme)s") % {"programme": programme},
                _as("approver", lambda by: draws.commit(programme, period, by=by, secret=secret)))  # fmt: skip


def _release(by: Actor) -> None:
    if not Release.objects.filter(decree=DECREE).exists():
        release(AS_OF, DECREE, by=by)


def _cycle(world: World, programme: str, period: Period) -> list[Step]:
    """One programme from its ceiling to its indicators."""
    code = code_of(programme, [period])
    most = world.marks.families * MOST_IN_A_YEAR[programme]

    def step(name: str, label: str, who: str, action: Callable[[Actor], object]) -> Step:
        return Step(f"{name}-{code}", f"{code}: {label}", _as(who, action))

    told = [
        step("ceiling", _("pagu"), "planner",
             lambda by: ceilings.set_ceiling(programme, period.year, most, DECREE, by=by)),
        step("determine", _("penetapan penerima"), "planner", lambda by: determine(programme, period, by=by)),
        step("open", _("menghitung hak"), "planner", lambda by: build(programme, [period], by=by)),
        step("submit", _("mengajukan daftar"), "planner", lambda by: approval.submit(code, by=by)),
        step("approve", _("menyetujui daftar"), "approver", lambda by: approval.approve(code, by=by)),
        step("write", _("menulis instruksi"), "disburser", lambda by: write(code, world.instructions(code), by=by)),
        step("send", _("melepas instruksi"), "disburser2", lambda by: instructions.release(code, by=by)),
    ]  # fmt: skip
    for turn in ROUNDS:
        hear = Step(f"results-{code}-{turn}", f"{code}: " + _("hasil kanal, putaran %(n)s") % {"n": turn},
                    functools.partial(world.hear, code, turn))  # fmt: skip
        match_up = step(f"reconcile-{turn}", _("rekonsiliasi, putaran %(n)s") % {"n": turn}, "reconciler",
                        lambda by: match(code, by=by))  # fmt: skip
        told += [hear, match_up]
    return [*told, step("measure", _("mengukur indikator"), "reconciler", lambda by: measure(code, by=by))]


def _actor(name: str) -> Actor:
    audit.act_as(name)
    return officers.actor(name)


def _as(name: str, action: Callable[[Actor], object]) -> Callable[[], None]:
    """The action in the name of an officer, and the audit block closed behind it, as a command does."""

    def act() -> None:
        action(_actor(name))
        done()

    return act
