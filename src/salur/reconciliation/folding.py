"""Every line known of a cycle, folded into its settlement: from sealed inputs only, for the run and for whoever recomputes it."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa

from salur.cycles.models import Cycle
from salur.delivery.models import Batch, ResultFile
from salur.delivery.tables import LINES
from salur.foundation.engine.session import Engine
from salur.foundation.lake import read as lake
from salur.foundation.lake.models import Dataset
from salur.foundation.lake.seal import Written, within
from salur.foundation.vocabulary.span import NOWHERE
from salur.foundation.vocabulary.wide import total
from salur.reconciliation.steps import fold, settle
from salur.reconciliation.tables import EXCEPTIONS

TURNS_AT_ONCE = 12
NO_TOTALS = "TANPA_TOTAL_KONTROL"


@dataclass(frozen=True)
class Given:
    """What a settlement is made of. Of several attempts the datasets stand in their order."""

    code: str
    entitled: list[Dataset]
    instructed: list[Dataset]
    fallen_out: list[Dataset]
    files: list[ResultFile]

    def inputs(self) -> list[Dataset]:
        """Each dataset once."""
        every = [*self.instructed, *self.fallen_out, *self.entitled, *(file.lines for file in self.files)]
        return list({one.pk: one for one in every}.values())


def gather(cycle: Cycle, files: list[ResultFile]) -> Given:
    """The sealed inputs of a cycle with these result files."""
    batches = list(
        Batch.objects.filter(cycle=cycle, released_at__isnull=False)
        .select_related("instructed", "fallen_out")
        .order_by("attempt")
    )
    periods = cycle.periods.select_related("entitled").order_by("first_month")
    return Given(
        code=cycle.code,
        entitled=[period.entitled for period in periods],
        instructed=[batch.instructed for batch in batches],
        fallen_out=[batch.fallen_out for batch in batches],
        files=files,
    )


def fold_into(run: Engine, given: Given, settled: Written, named: Written) -> None:
    """Write SETTLEMENT and EXCEPTIONS, span by span; at once for several months, between which a family may have moved."""
    places = [NOWHERE, *lake.places(*given.entitled, *given.instructed)]
    if len(given.entitled) > 1 or lake.is_small(*given.inputs()):
        with run.scratch():
            rows, causes = (run.keep(one) for one in folded(run, given))
            for place in places:
                settled.write(within(settle.columns(rows), "region_code", place), place)
                named.write(within(causes, "region_code", place), place)
        return
    for place in places:
        with run.at(place), run.scratch():
            rows, causes = folded(run, given)
            settled.write(run.step(settle.columns, rows), place)
            # Files without totals stand nowhere, whichever place is worked on.
            named.write(
                within(causes, "region_code", place) if place == NOWHERE else run.step(_somewhere, causes), place
            )


def _somewhere(causes: ir.Table) -> ir.Table:
    return causes.filter(causes.region_code > NOWHERE.start)


def folded(run: Engine, given: Given) -> tuple[ir.Table, ir.Table]:
    """Settlement and exceptions of the place at which the engine stands, or of the country."""
    every = lake.read_many(run, LINES, [file.lines for file in given.files])
    lines = run.step(_of_cycle, every, code=given.code)
    distinct = run.keep(run.step(fold.distinct_lines, lines))
    state = run.step(fold.begin, _instructions(run, given.instructed))
    for place, taken in enumerate(fold.turns(run.arrow(distinct.nth.max()).as_py(), TURNS_AT_ONCE)):
        state = run.step(fold.advance, run.keep(state) if place else state, distinct, taken=taken)
    settled = run.keep(run.step(settle.settle, state, distinct, _not_sent(run, given)))
    causes = run.step(settle.exceptions, settled, lines)
    return settled, causes.union(_without_totals(run, given.files))


def _of_cycle(lines: ir.Table, *, code: str) -> ir.Table:
    """All lines of the cycle, each with the place where it stands: so a line which belongs to nobody can be found again."""
    return lines.filter(lines.cycle == code).mutate(place=lines.file + ":" + lines.line.cast("string"))


def _instructions(run: Engine, instructed: list[Dataset]) -> ir.Table:
    """Every released instruction. What a later attempt replaced carries no money any more."""
    parts = [
        lake.read(run, dataset).select(
            "recipient_id", "attempt", "id_instruksi", "region_code", "channel", "amount_rupiah"
        )
        for dataset in instructed
    ]
    if len(parts) == 1:
        only = parts[0]
        return only.select(
            "recipient_id", "attempt", "id_instruksi", "region_code", "channel", instructed="amount_rupiah",
            is_replaced=run.truth(False),
        )  # fmt: skip
    rows = parts[0].union(*parts[1:])
    latest = rows.group_by("recipient_id").agg(latest=rows.attempt.max()).rename(latest_recipient="recipient_id")
    joined = rows.join(latest, [("recipient_id", "latest_recipient")])
    replaced = joined.attempt < joined.latest
    return joined.select(
        "recipient_id", "attempt", "id_instruksi", "region_code", "channel",
        instructed=replaced.ifelse(run.literal(0, "int64"), joined.amount_rupiah), is_replaced=replaced,
    )  # fmt: skip


def _not_sent(run: Engine, given: Given) -> ir.Table:
    """Entitled and never instructed, with the reason that the last routing gave."""
    parts = [lake.read(run, one).select("recipient_id", "region_code", "amount_rupiah") for one in given.entitled]
    due = parts[0]
    if len(parts) > 1:
        rows = parts[0].union(*parts[1:])
        due = rows.group_by("recipient_id").agg(
            region_code=rows.region_code.max(), amount_rupiah=total(rows.amount_rupiah)
        )
    if len(given.instructed) > 1:  # what fell out of the last routing may have been sent by an earlier one
        for dataset in given.instructed:
            due = due.anti_join(lake.read(run, dataset).select(sent_id="recipient_id"), [("recipient_id", "sent_id")])
    reasons = lake.read(run, given.fallen_out[-1]).select(fallen_id="recipient_id", reason="reason")
    return due.join(reasons, [("recipient_id", "fallen_id")]).select(*due.columns, "reason")


def _without_totals(run: Engine, files: list[ResultFile]) -> ir.Table:
    """Files that came without control totals were applied; the finding stays."""
    bare = [file for file in files if not file.has_totals]
    table = pa.table(
        {"recipient_id": [0] * len(bare), "attempt": [0] * len(bare), "cause": [NO_TOTALS] * len(bare), "detail": [f.sha256[:12] for f in bare],
         "region_code": [NOWHERE.start] * len(bare), "rupiah": [0] * len(bare)},
        schema=EXCEPTIONS.arrow_schema(),
    )  # fmt: skip
    return run.given(table)
