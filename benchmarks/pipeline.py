"""One run of Salur's bulk work over the synthetic country of this SALUR_HOME: the steps of the product, each timed.

    python benchmarks/pipeline.py CELLS [--without-sealing] [--given GIVEN.json]

Both determinations, both entitlements, and for SEMBAKO routing, result lines, settlement and indicators. Everything happens in one
transaction that is undone at the end, so that the next run works it all out again. CELLS is the folder of the channels' answers; the
first run makes them from its own instructions, outside the time. The seconds of reading sealed files back, their digests, control sums
and syncing lie inside the steps; `--without-sealing` leaves them out. `--given` writes what the floor needs. On stdout one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salur.foundation.database.ready import prepare as make_ready

SEMBAKO, PKH = ("SEMBAKO", "2023-05"), ("PKH", "2023-T2")
CODE = "SEMBAKO-2023-05"
SEED = "jawaban"
FILE_DIGITS = 12


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cells", type=Path)
    options.add_argument("--without-sealing", action="store_true")
    options.add_argument("--given", type=Path)
    asked = options.parse_args()
    make_ready()
    from django.db import transaction

    from salur.foundation.lake.sweep import sweep

    sweep()
    if asked.without_sealing:
        leave_out_sealing()
    with transaction.atomic():
        run = Pipeline(asked.cells)
        run.go()
        if asked.given:
            asked.given.write_text(json.dumps(run.given_to_the_floor()), encoding="utf-8")
        digests = {} if asked.without_sealing else run.digests()
        transaction.set_rollback(True)
    sweep()
    steps = [
        {"name": name, "seconds": round(ended - began, 3), "stretches": [[began, ended]]}
        for name, (began, ended) in run.stretches.items()
    ]
    print(json.dumps({"steps": steps, "rows": run.rows(), "digests": digests}))
    return 0


def leave_out_sealing() -> None:
    """Write the files and nothing else: no reading back, no digest, no comparison of bytes."""
    import pyarrow.parquet as pq

    from salur.foundation.lake import read, seal

    take = seal.Sealing._take

    def counted(self: seal.Sealing, file: Path, place: Any) -> None:
        self._running.rows += pq.read_metadata(file).num_rows
        take(self, file, place)

    seal.Sealing._take = counted  # type: ignore[method-assign]
    seal.batches = lambda files, table: iter(())
    seal._kept, seal._sync_folders = lambda file: file.name, lambda folder, lake: None
    read._found = lambda entry, file: ""


class Pipeline:
    """The datasets of one run, and when each step began and ended."""

    def __init__(self, cells: Path) -> None:
        from salur.enrolment.models import Draw
        from salur.foundation.access.actions import officers
        from salur.foundation.audit import record as audit
        from salur.foundation.lake.models import Dataset
        from salur.registry.models import Release

        self.folder = cells
        self.stretches: dict[str, tuple[float, float]] = {}
        self.sealed: dict[str, Any] = {}
        audit.act_as("planner")
        self.by = {role: officers.actor(role) for role in ("planner", "disburser", "reconciler")}
        self.release = Release.objects.select_related("families", "persons").get()
        self.holders = Dataset.objects.get(kind="holders", parameters__synthetic=True)
        self.secrets = dict(Draw.objects.filter(is_current=True).values_list("programme", "secret"))
        self.lines: list[Any] = []

    def go(self) -> None:
        with self._timed("determinations"):
            self.determine()
        with self._timed("entitlements"):
            self.entitle()
        with self._timed("routing"):
            self.route()
        if not self.has_answers():
            self.answer()
        with self._timed("lines"):
            self.receive()
        with self._timed("settlement"):
            self.settle()
        with self._timed("indicators"):
            self.measure()

    def determine(self) -> None:
        from salur.enrolment.determine import determine_all
        from salur.enrolment.models import Determination
        from salur.foundation.vocabulary.period import Period

        determine_all([(name, Period.parse(text)) for name, text in (SEMBAKO, PKH)], by=self.by["planner"])
        self.determined = {one.programme: one for one in Determination.objects.select_related("listed", "counted")}
        self.sealed |= {f"enrolment_{name}": one.listed for name, one in self.determined.items()}

    def entitle(self) -> None:
        from salur.cycles.build import seal_entitled
        from salur.foundation.engine.session import engine
        from salur.foundation.vocabulary.period import Period

        with engine() as run:
            for name, text in (SEMBAKO, PKH):
                built = seal_entitled(run, Period.parse(text), self.determined[name], self.by["planner"])
                self.sealed[f"entitlements_{name}"] = built.dataset

    def route(self) -> None:
        import pyarrow as pa

        from salur.delivery import prepare
        from salur.delivery.models import ChannelAssignment
        from salur.delivery.tables import CHANNELS
        from salur.foundation.engine.session import engine
        from salur.foundation.lake.seal import seal

        rows = ChannelAssignment.objects.filter(programme=SEMBAKO[0], period=SEMBAKO[1])
        served = list(rows.values_list("region_code", "channel_id"))
        table = pa.table({"region_code": [code for code, _name in served], "channel": [name for _code, name in served]})
        by = self.by["disburser"]
        with engine() as run:
            channels = seal(run, CHANNELS, table, step=prepare.STEP, by=by.name)
            inputs = [self.sealed["entitlements_SEMBAKO"], channels, self.holders]
            kept, fallen = prepare.seal_routed(run, inputs, CODE, by)
        self.sealed |= {"instructions": kept, "findings": fallen}

    def answer(self) -> None:
        """What the channels say, once and for all runs: the instructions are the same each time."""
        from salur.entrypoints.cli.bench.register import opened
        from salur.entrypoints.cli.bench.results import results

        self.complete.unlink(missing_ok=True)
        with opened() as run:
            results(run, self.sealed["instructions"], self.folder, seed=SEED)
        self.complete.write_text(json.dumps(self.spans()), encoding="utf-8")

    @property
    def complete(self) -> Path:
        """The stretches of which the channels have answered; it is written last."""
        return self.folder / "complete"

    def spans(self) -> list[list[str]]:
        """The stretches in which the instructions lie, as they stand in `complete`."""
        return [[span.start, span.end] for _file, span, _digits in self.files()]

    def has_answers(self) -> bool:
        """Whether all answers to these instructions are there: on another engine they lie in wider stretches."""
        if not self.complete.exists() or not all(file.exists() for file, _span, _digits in self.files()):
            return False
        return json.loads(self.complete.read_text(encoding="utf-8") or "[]") == self.spans()

    def files(self) -> list[tuple[Path, Any, str]]:
        """Each answer with the span it speaks of and the digits by which its lines name it."""
        from salur.foundation.lake import read as lake

        instructed = self.sealed["instructions"]
        return [
            (self.folder / f"results-1-{span.start}.parquet", span, f"{int(span.start):0{FILE_DIGITS}x}")
            for span in lake.places(instructed)
        ]

    def receive(self) -> None:
        """As a channel's report is received: form, recognition, one sealed dataset for each file."""
        from salur.delivery import receive
        from salur.foundation.engine.placed import Piece
        from salur.foundation.engine.session import local_engine
        from salur.foundation.lake import read as lake
        from salur.foundation.vocabulary.span import NOWHERE

        files = self.files()
        with local_engine() as run:
            cells = run.sealed("cells", [Piece(file, span) for file, span, _digits in files], "baris")
            sent = lake.read(run, self.sealed["instructions"])
            sent = sent.select(
                "recipient_id", "attempt", "channel", "region_code", "id_instruksi", cycle=run.text(CODE)
            )
            for _file, span, digits in files:
                with run.scratch():
                    with run.at(span):
                        parsed, has_strangers = self._parsed(run, receive, cells, sent, digits)
                    places = [NOWHERE, span] if has_strangers else [span]
                    self.lines.append(receive.seal_lines(run, parsed, places, "reconciler"))

    def _parsed(self, run: Any, receive: Any, cells: Any, sent: Any, digits: str) -> tuple[Any, bool]:
        from salur.delivery.steps.lines import TOLD, in_file, lines, recognised
        from salur.foundation.intake import checking

        checked = checking.check(run, run.step(recognised, cells, sent), receive.checks(), kept=TOLD)
        assert run.arrow(checked.problems.count()).as_py() == 0, "the synthetic channels write well"
        unknown = receive.unknown_lines(run, checked.passed, "", [CODE], lambda: CODE)
        known = run.step(lines, checked.passed, channel=None)
        return in_file(known if unknown is None else known.union(unknown), file=digits), unknown is not None

    def settle(self) -> None:
        from salur.delivery.models import ResultFile
        from salur.delivery.receive import digest_of_lines
        from salur.foundation.engine.session import engine
        from salur.reconciliation.folding import Given
        from salur.reconciliation.match import seal_settled

        told = [ResultFile(lines=one, has_totals=True, sha256="", cycles=[CODE]) for one in self.lines]
        given = Given(
            CODE, *([self.sealed[name]] for name in ("entitlements_SEMBAKO", "instructions", "findings")), told
        )
        with engine() as run:
            settled, named = seal_settled(
                run, given, self.by["reconciler"], {"cycle": CODE, "lines": digest_of_lines(told)}
            )
        self.sealed |= {"settlement": settled, "exceptions": named}

    def measure(self) -> None:
        from salur.cycles.models import Cycle, PaymentPeriod, State
        from salur.foundation.engine.session import engine
        from salur.foundation.lake.seal import seal
        from salur.foundation.vocabulary.period import Period
        from salur.monitoring.measure import figures
        from salur.monitoring.tables import MEASURES
        from salur.programmes.models import Programme
        from salur.reconciliation.models import Reconciliation

        low, high = Period.parse(SEMBAKO[1]).months
        cycle = Cycle.objects.create(
            code=CODE, programme=SEMBAKO[0], state=State.DRAFT, opened_by="planner", opened_person="planner"
        )
        period = PaymentPeriod.objects.create(
            programme=Programme.objects.get(code=SEMBAKO[0]), period=SEMBAKO[1], first_month=low, end_month=high, cycle=cycle,
            determination=self.determined[SEMBAKO[0]], entitled=self.sealed["entitlements_SEMBAKO"],
        )  # fmt: skip
        done = Reconciliation(cycle=cycle, settled=self.sealed["settlement"], exceptions=self.sealed["exceptions"])
        with engine() as run:
            rows = figures(run, cycle, [period], done)
            self.sealed["measures"] = seal(run, MEASURES, rows, step="bench", by="reconciler")

    def rows(self) -> dict[str, int]:
        return {name: one.rows for name, one in self.sealed.items()} | {"result_lines": sum(x.rows for x in self.lines)}

    def digests(self) -> dict[str, str]:
        """The digest of each list; the result files as one list, as the floor writes them."""
        from salur.delivery.tables import LINES
        from salur.foundation.lake.digest import digest_of

        found = {name: one.digest for name, one in self.sealed.items()}
        return found | {"result_lines": digest_of(LINES, self._all_lines()).hex()}

    def _all_lines(self) -> Iterator[Any]:
        import pyarrow as pa

        from salur.delivery.tables import LINES
        from salur.foundation.lake.seal import batches
        from salur.foundation.vocabulary.span import NOWHERE

        placed = sorted((entry["from"], self._path(entry)) for one in self.lines for entry in one.files)
        nowhere = [path for start, path in placed if start == NOWHERE.start]
        if nowhere:
            strangers = pa.Table.from_batches(list(batches(nowhere, LINES)))
            yield from strangers.sort_by([(name, "ascending") for name in LINES.key]).combine_chunks().to_batches()
        yield from batches([path for start, path in placed if start != NOWHERE.start], LINES)

    def _path(self, entry: dict[str, Any]) -> Path:
        from salur.foundation.database.home import home

        return home() / "lake" / entry["path"]

    def given_to_the_floor(self) -> dict[str, Any]:
        """The same files, quotas, channels and draws."""
        from datetime import date

        from salur.delivery.models import ChannelAssignment
        from salur.foundation.database.home import folder, secret
        from salur.foundation.engine.on_duckdb import MEMORY_LIMIT
        from salur.foundation.lake import read as lake
        from salur.foundation.vocabulary.period import Period
        from salur.programmes.calendar import due_on
        from salur.programmes.models import Quota

        def placed(dataset: Any) -> list[dict[str, str]]:
            return [
                {"path": str(self._path(entry)), "from": entry["from"], "until": entry["until"]}
                for entry in dataset.files
            ]

        served = ChannelAssignment.objects.filter(programme=SEMBAKO[0], period=SEMBAKO[1])
        return {
            "threads": 2,
            "memory": MEMORY_LIMIT,
            "scratch": str(folder("tmp")),
            "families": placed(self.release.families),
            "persons": placed(self.release.persons),
            "holders": placed(self.holders),
            "spans": [span.start for span in lake.places(self.sealed["enrolment_SEMBAKO"])],
            "secrets": self.secrets,
            "quotas": {
                name: self._pairs(Quota.objects.filter(programme=name), "places") for name, _text in (SEMBAKO, PKH)
            },
            "channels": self._pairs(served, "channel_id"),
            "results": [
                {"path": str(file), "from": span.start, "until": span.end, "file": digits}
                for file, span, digits in self.files()
            ],
            "key": secret("id_key") or "",
            "due_day": (due_on(SEMBAKO[0], Period.parse(SEMBAKO[1])) - date(1970, 1, 1)).days,
        }

    def _pairs(self, rows: Any, column: str) -> Sequence[list[Any]]:
        return [list(pair) for pair in rows.values_list("region_code", column)]

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        ended = time.perf_counter()
        self.stretches[name] = (began, ended)
        print(f"{name:<16} {ended - began:8.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
