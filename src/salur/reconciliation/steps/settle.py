"""From the folded state of each instruction to its settlement, its reason and the exceptions a person must look at."""

from __future__ import annotations

import functools

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import (
    CHANNELS_WITHOUT_ACCOUNT,
    ReconcileException,
    ResultReason,
    SettlementState,
)
from salur.foundation.vocabulary.wide import int64
from salur.reconciliation.steps.fold import GAGAL, KEMBALI, KEY, TARIK
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT

X = ReconcileException


def settle(state: ir.Table, distinct: ir.Table, not_sent: ir.Table) -> ir.Table:
    """SETTLEMENT, with the columns that the exceptions are told from.

    state: the folded state with its facts · distinct: as `distinct_lines` gives · not_sent: recipient_id, region_code, amount_rupiah, reason of
    what was entitled but not instructed.
    """
    told = _last_reason(distinct)
    joined = state.left_join(told, [("recipient_id", "told_recipient"), ("attempt", "told_attempt")])
    credited = ibis.greatest(joined.credit, joined.collect) - joined.take_back
    t = joined.mutate(credited=credited, excess=ibis.greatest(credited + joined.give_back - joined.instructed, 0))
    t = t.mutate(open=t.instructed + t.excess - t.credited - t.give_back)
    sent = t.select(
        "recipient_id", "attempt", "id_instruksi", "region_code", "channel",
        state=_state(t), instructed_rupiah=t.instructed, credited_rupiah=t.credited, collected_rupiah=ibis.least(t.collect, t.credited),
        returned_rupiah=t.give_back, excess_rupiah=t.excess, open_rupiah=t.open, reason=_reason(t), credited_at_ms=t.credited_at_ms,
        has_proof=(t.lines > 0) & (t.proofs == t.lines),
        credits=t.credits, collects=t.collects, takes=t.takes, clashes=t.clashes, fails_after=t.fails_after, collect=t.collect,
        cut_collect=t.cut_collect, cut_take_back=t.cut_take_back, cut_give_back=t.cut_give_back,
    )  # fmt: skip
    return sent.union(_unsent(not_sent, sent))


def _last_reason(distinct: ir.Table) -> ir.Table:
    """What the channel gave as its reason: on the last GAGAL, where there is none on the last line that took money back; LAIN for no code."""
    lines = distinct.filter(~distinct.contradicts & distinct.kind.isin((GAGAL, TARIK, KEMBALI)))
    # Backwards in the order of the fold; of the two kinds that may meet, KEMBALI is the later one and the first by letter.
    nth = ibis.row_number().over(
        group_by=[lines[name] for name in KEY],
        order_by=[ibis.cases((lines.kind == GAGAL, 0), else_=1), lines.at_ms.desc(), lines.kind, lines.proof.desc()],
    )
    last = lines.mutate(nth=nth).filter(lambda t: t.nth == 0)
    return last.select(
        told_recipient="recipient_id",
        told_attempt="attempt",
        told_reason=last.reason.nullif("").fill_null(ResultReason.LAIN.value),
    )


def _state(t: ir.Table) -> ir.StringValue:
    collected = ibis.least(t.collect, t.credited)
    return ibis.cases(
        (t.is_replaced & (t.credited == 0), SettlementState.REPLACED.value),
        ((t.clashes > 0) & (t.open > 0), SettlementState.HELD.value),
        ((t.credited > 0) & (collected == t.credited), SettlementState.COLLECTED.value),
        (t.credited > 0, SettlementState.CREDITED.value),
        ((t.give_back > 0) & (t.open == 0), SettlementState.RETURNED.value),
        (t.fails > 0, SettlementState.FAILED.value),
        else_=SettlementState.SI_SENT.value,
    )


def _reason(t: ir.Table) -> ir.StringValue:
    """Why money stays open; '' when none does. Nobody is without a result who has a line, were it one of 0 rupiah."""
    return ibis.cases(
        (t.open == 0, ""),
        (t.clashes > 0, X.KONTRADIKSI.value),
        ((t.credited > 0) & (t.takes == 0), X.KURANG_BAYAR.value),
        (t.told_reason.notnull(), t.told_reason),
        (t.lines > 0, X.KURANG_BAYAR.value),
        else_=X.TANPA_HASIL.value,
    )


def _unsent(not_sent: ir.Table, sent: ir.Table) -> ir.Table:
    """Entitled but not instructed: open, with the reason that routing gave."""
    zero, no = int64(0), ibis.literal(False)
    values = {
        "recipient_id": not_sent.recipient_id, "attempt": ibis.literal(0, "int16"), "id_instruksi": ibis.literal(""),
        "region_code": not_sent.region_code, "channel": ibis.literal(""), "state": ibis.literal(SettlementState.NOT_SENT.value),
        "instructed_rupiah": not_sent.amount_rupiah, "open_rupiah": not_sent.amount_rupiah, "reason": not_sent.reason,
        "credited_at_ms": ibis.null("int64"), "has_proof": no, "fails_after": no,
    }  # fmt: skip
    return not_sent.select(**{name: values.get(name, zero).cast(sent[name].type()) for name in sent.columns})


def exceptions(settled: ir.Table, lines: ir.Table) -> ir.Table:
    """EXCEPTIONS: one row per cause and instruction; a line that belongs to nobody carries recipient 0.

    settled: as `settle` gives · lines: delivery.tables.LINES of the cycle with `place` (the file and line, as text).
    """
    t = settled
    needs_account = ~t.channel.isin([channel.value for channel in CHANNELS_WITHOUT_ACCOUNT])
    told = [
        ((t.open_rupiah > 0), t.reason, t.open_rupiah),
        ((t.clashes > 0) & (t.open_rupiah == 0), X.KONTRADIKSI.value, t.instructed_rupiah),
        ((t.excess_rupiah > 0) & (t.credits > 1), X.KREDIT_GANDA.value, t.excess_rupiah),
        ((t.excess_rupiah > 0) & (t.credits <= 1), X.LEBIH_BAYAR.value, t.excess_rupiah),
        (t.fails_after & (t.takes == 0), X.GAGAL_SETELAH_KREDIT.value, t.credited_rupiah),
        ((t.collects > 0) & (t.credits == 0) & needs_account, X.KREDIT_TIDAK_ADA.value, t.collected_rupiah),
        (t.cut_take_back > 0, X.TARIK_MELEBIHI_KREDIT.value, t.cut_take_back),
        (t.cut_give_back > 0, X.KEMBALI_MELEBIHI_SISA.value, t.cut_give_back),
        (t.cut_collect > 0, X.AMBIL_MELEBIHI_KREDIT.value, t.cut_collect),
        (t.collect > t.credited_rupiah, X.TARIK_SETELAH_AMBIL.value, t.collect - t.credited_rupiah),
    ]
    rows = [
        t.filter(holds).select(
            "recipient_id", "attempt", cause=ibis.literal(cause) if isinstance(cause, str) else cause, detail=ibis.literal(""),
            region_code="region_code", rupiah=rupiah,
        )
        for holds, cause, rupiah in told
    ]  # fmt: skip
    named = _named_once(lines, t)
    strangers = named.filter(named.problem != "").select(
        "recipient_id", "attempt", "region_code", cause="problem", detail="place", rupiah="amount_rupiah"
    )
    notes = named.filter((named.note != "") & (named.problem == "")).select(
        "recipient_id", "attempt", "region_code", cause="note", detail="place", rupiah=int64(0)
    )
    parts = [part.select(*EXCEPTIONS.names) for part in (*rows, strangers, notes)]
    return functools.reduce(lambda a, b: a.union(b), parts)


def _named_once(lines: ir.Table, settled: ir.Table) -> ir.Table:
    """The lines to be named for themselves, with the region of their family: one told in several files once, at its first place."""
    known = settled.select(known_recipient="recipient_id", known_attempt="attempt", known_region="region_code")
    told = lines.filter((lines.problem != "") | (lines.note != ""))
    placed = told.left_join(known, [("recipient_id", "known_recipient"), ("attempt", "known_attempt")])
    placed = placed.mutate(
        recipient_id=placed.recipient_id.fill_null(0),
        attempt=placed.attempt.fill_null(0),
        region_code=placed.known_region.fill_null("00"),
    )
    same = ["recipient_id", "attempt", "region_code", "problem", "note", "stranger"]
    same += ["channel", "kind", "proof", "at_ms", "amount_rupiah", "reason"]
    return placed.group_by(same).agg(place=placed.place.min())


def columns(settled: ir.Table) -> ir.Table:
    """Only what is sealed."""
    return settled.select(*SETTLEMENT.names)
