"""Fold the set of lines of a cycle into the state of each instruction.

The order is that of the lines themselves (moment, kind, proof), never that of arrival; the same line twice is one line; lines of one
key that differ contradict each other and move nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import ResultKind
from salur.foundation.vocabulary.wide import int64

KEY = ("recipient_id", "attempt")
FACTS = ("lines", "credits", "collects", "fails", "takes", "clashes", "proofs")
KREDIT, AMBIL, TARIK, KEMBALI, GAGAL = (
    ResultKind.KREDIT.value, ResultKind.AMBIL.value, ResultKind.TARIK.value, ResultKind.KEMBALI.value, ResultKind.GAGAL.value
)  # fmt: skip


def distinct_lines(lines: ir.Table) -> ir.Table:
    """One row per known line: its content, whether other content came under the same key (`contradicts`), and for the lines that count
    their number within the instruction (`nth`, from 1; null for one that contradicts another).

    lines: delivery.tables.LINES of the cycle. The amount of GAGAL is ignored.
    """
    counted = lines.filter(lines.problem == "")
    rows = counted.mutate(amount=ibis.cases((counted.kind == GAGAL, int64(0)), else_=counted.amount_rupiah))
    content = [rows.at_ms, rows.amount, rows.reason]
    distinct = rows.group_by([*KEY, "kind", "proof"]).agg(
        at_ms=rows.at_ms.min(),
        amount=rows.amount.min(),
        reason=rows.reason.min(),
        has_proof=rows.has_proof.any(),
        contradicts=ibis.or_(*(value.min() != value.max() for value in content)),
    )
    kind_order = ibis.cases(*[(distinct.kind == kind.value, kind.order) for kind in ResultKind])
    # Moment and kind as one number: to sort by fewer columns takes less time, and this is most of what a settlement sorts.
    moment = distinct.at_ms * len(ResultKind) + kind_order
    nth = ibis.row_number().over(
        group_by=[*(distinct[name] for name in KEY), distinct.contradicts], order_by=[moment, distinct.proof]
    )
    return distinct.mutate(nth=ibis.cases((~distinct.contradicts, nth + 1)).cast("int64"))


def begin(instructions: ir.Table) -> ir.Table:
    """The state before any line: everything is at the channel, and no line has told anything (FACTS).

    instructions: recipient_id, attempt, id_instruksi, region_code, channel, instructed (rupiah), is_replaced.
    """
    zero = int64(0)
    return instructions.mutate(
        credit=zero, collect=zero, take_back=zero, give_back=zero, cut_collect=zero, cut_take_back=zero, cut_give_back=zero,
        has_credit=ibis.literal(False), credited_at_ms=ibis.null("int64"), fails_after=ibis.literal(False),
        **dict.fromkeys(FACTS, zero),
    )  # fmt: skip


def turns(last: int | None, at_once: int) -> list[range]:
    """The turns up to the highest `nth` in portions that can be taken at once; never none, for lines that contradict each other take no
    turn and tell facts all the same."""
    last = last or 1
    return [range(first, min(first + at_once, last + 1)) for first in range(1, last + 1, at_once)]


def advance(state: ir.Table, distinct: ir.Table, taken: Iterable[int]) -> ir.Table:
    """The state after the given turns: each takes one line of every instruction that has so many. distinct: as `distinct_lines` gives.

    The lines of all these turns stand side by side first, and beside them the FACTS of all lines, so that they are joined once.
    """
    numbers = list(taken)
    told = {"kind": distinct.kind, "amount": distinct.amount, "at": distinct.at_ms}
    side_by_side = distinct.group_by(line_recipient="recipient_id", line_attempt="attempt").agg(
        **{f"{name}_{n}": value.max(where=distinct.nth == n) for n in numbers for name, value in told.items()},
        **{f"told_{name}": count for name, count in _facts(distinct).items()},
    )
    after = state.left_join(side_by_side, [("recipient_id", "line_recipient"), ("attempt", "line_attempt")])
    after = after.mutate(**{name: after[f"told_{name}"].fill_null(0) for name in FACTS})
    for n in numbers:
        after = _after_line(
            after.mutate(line_kind=after[f"kind_{n}"], line_amount=after[f"amount_{n}"], line_at=after[f"at_{n}"])
        )
    return after.select(state.columns)


def _facts(distinct: ir.Table) -> dict[str, ir.IntegerScalar]:
    """What the lines of an instruction tell besides the rupiah: how many there are of what."""
    counts = ~distinct.contradicts
    return {
        "lines": distinct.count(),
        "credits": distinct.count(where=counts & (distinct.kind == KREDIT)),
        "collects": distinct.count(where=counts & (distinct.kind == AMBIL)),
        "fails": distinct.count(where=counts & (distinct.kind == GAGAL)),
        "takes": distinct.count(where=counts & (distinct.kind == TARIK)),
        "clashes": distinct.count(where=distinct.contradicts),
        "proofs": distinct.count(where=distinct.has_proof),
    }


def _after_line(t: ir.Table) -> ir.Table:
    """One line moves one state. What goes beyond moves nothing and is kept apart, to be named."""
    kind, amount = t.line_kind.fill_null(""), t.line_amount.fill_null(0)
    credit = t.credit + ibis.cases((kind == KREDIT, amount), else_=0)
    may_collect = ibis.cases((t.has_credit, ibis.greatest(t.credit - t.collect, 0)), else_=amount)
    collected = ibis.cases((kind == AMBIL, ibis.least(amount, may_collect)), else_=0)
    in_account = ibis.greatest(t.credit, t.collect) - t.take_back
    taken = ibis.cases((kind == TARIK, ibis.least(amount, in_account)), else_=0)
    at_channel = ibis.greatest(t.instructed - in_account - t.give_back, 0)
    given = ibis.cases((kind == KEMBALI, ibis.least(amount, at_channel)), else_=0)
    standing = ibis.greatest(credit, t.collect + collected) - t.take_back - taken
    # Since when the family has had all of it: money taken back whole was never there, a later credit counts from its own day.
    reached = (standing >= t.instructed) & kind.isin((KREDIT, AMBIL))
    since = ibis.cases(
        (standing == 0, ibis.null("int64")), (t.credited_at_ms.isnull() & reached, t.line_at), else_=t.credited_at_ms
    )
    return t.mutate(
        credit=credit,
        collect=t.collect + collected,
        take_back=t.take_back + taken,
        give_back=t.give_back + given,
        cut_collect=t.cut_collect + ibis.cases((kind == AMBIL, amount - collected), else_=0),
        cut_take_back=t.cut_take_back + ibis.cases((kind == TARIK, amount - taken), else_=0),
        cut_give_back=t.cut_give_back + ibis.cases((kind == KEMBALI, amount - given), else_=0),
        has_credit=t.has_credit | (kind == KREDIT),
        credited_at_ms=since,
        fails_after=t.fails_after | ((kind == GAGAL) & t.has_credit),
    )
