"""Rank the eligible inside their quota region and give every family considered one outcome with its reason."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.enrolment.steps.places import places, quota_region
from salur.foundation.vocabulary.codes import EnrolmentReason, Outcome
from salur.foundation.vocabulary.joined import joined
from salur.foundation.vocabulary.period import Period
from salur.programmes.conditions.eligibility import ELIGIBLE, HELD
from salur.programmes.rule import Rule

EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal()
_UNKNOWN_DECILE_LAST = 11


def rank(
    verdicts: ir.Table, quotas: ir.Table, previous: ir.Table | None, *, rule: Rule, period: Period, secret: str
) -> ir.Table:
    """The columns of enrolment.tables.LIST for every row of `verdicts` (as `eligibility` gives): `place`, `order` and `outcomes` at once."""
    placed = place(quota_region(verdicts, quotas), previous, rule=rule, period=period)
    return outcomes(placed, order(placed, quotas, secret=secret), rule=rule, period=period)


def place(located: ir.Table, previous: ir.Table | None, *, rule: Rule, period: Period) -> ir.Table:
    """`located` with what decides who may rank: was_in, held_since, overdue, may_rank.

    located: recipient_id, village_code, decile, verdict, quota_region and any more · previous: as `earlier` gives.
    """
    today = _today(period)
    known = _with_previous(located, previous)
    held_since = ibis.cases(
        (known.verdict == HELD, known.was_held_since.fill_null(today)), else_=ibis.null("int32")
    ).cast("int32")
    judged = known.mutate(held_since=held_since)
    overdue = (judged.verdict == HELD) & (today - judged.held_since > rule.hold_deadline_days)
    may_rank = judged.verdict.isin((ELIGIBLE, HELD)) & ~overdue.fill_null(False) & judged.quota_region.notnull()
    return judged.mutate(overdue=overdue.fill_null(False), may_rank=may_rank)


def order(placed: ir.Table, quotas: ir.Table, *, secret: str) -> ir.Table:
    """The place of each family that may rank: ranked_id, is_ready (not held), rank (from 1 within its quota region), places (of that region)
    and draw (its first 16 digits).

    Inside a quota region the order is: admitted or held on the previous list, decile, the draw, the id. Few columns go through the
    sorting, and only of families that may rank.
    """
    may = placed.filter(placed.may_rank)
    runners = may.select(
        "recipient_id", "quota_region", "was_in", "decile", is_ready=may.verdict == ELIGIBLE,
        draw=joined(secret + ":", may.recipient_id.cast("string")).hexdigest("sha256"),
    )  # fmt: skip
    by = [
        ibis.cases((runners.was_in, 0), else_=1),
        runners.decile.fill_null(_UNKNOWN_DECILE_LAST),
        runners.draw,
        runners.recipient_id,
    ]
    nth = ibis.row_number().over(group_by=runners.quota_region, order_by=by) + 1
    own = places(quotas).rename(own_region="region_code")
    ranked = runners.mutate(rank=nth.cast("int64")).left_join(own, [("quota_region", "own_region")])
    return ranked.select("is_ready", "rank", "places", ranked_id="recipient_id", draw=ranked.draw.left(16))


def is_admitted(ordered: ir.Table) -> ir.BooleanValue:
    """Eligible and inside the quota."""
    return (ordered.rank <= ordered.places) & ordered.is_ready


def earlier(listed: ir.Table) -> ir.Table:
    """What an earlier LIST means for the next one: earlier_id, was_in, was_held_since of those who were in or have been held.

    From the whole country at once: a family may have moved to another province.
    """
    was_in = listed.outcome.isin((Outcome.ADMITTED.value, Outcome.HELD.value))
    told = listed.filter(was_in | listed.held_since.notnull())
    return told.select(
        earlier_id="recipient_id",
        was_in=told.outcome.isin((Outcome.ADMITTED.value, Outcome.HELD.value)),
        was_held_since="held_since",
    )


def _today(period: Period) -> int:
    return period.first_day.toordinal() - EPOCH_ORDINAL


def _with_previous(placed: ir.Table, previous: ir.Table | None) -> ir.Table:
    if previous is None:
        return placed.mutate(was_in=ibis.literal(False), was_held_since=ibis.null("int32"))
    joined = placed.left_join(previous, placed.recipient_id == previous.earlier_id)
    return joined.select(*placed.columns, was_in=joined.was_in.fill_null(False), was_held_since=joined.was_held_since)


def outcomes(placed: ir.Table, ordered: ir.Table, *, rule: Rule, period: Period) -> ir.Table:
    """The columns of enrolment.tables.LIST: one outcome with its reason for every row of `placed`, which has the texts of `eligibility.tell`.

    ordered: as `order` gives.
    """
    today = _today(period)
    ranks = ordered.select("ranked_id", "rank", "places", "draw")
    ranked = placed.left_join(ranks, [("recipient_id", "ranked_id")])
    t = ranked.mutate(
        is_inside=(ranked.rank <= ranked.places).fill_null(False),
        is_held=ranked.verdict == HELD,
        is_eligible=ranked.verdict.isin((ELIGIBLE, HELD)),
    )
    t = t.mutate(
        waits=t.may_rank & ~t.is_inside,
        is_kept_back=t.is_inside & t.is_held,
        without_quota=t.is_eligible & ~t.overdue & t.quota_region.isnull(),
    )
    outcome = ibis.cases(
        (~t.may_rank, Outcome.NOT_ADMITTED.value),
        (t.waits, Outcome.WAITING.value),
        (t.is_held, Outcome.HELD.value),
        else_=Outcome.ADMITTED.value,
    )
    reason = ibis.cases(
        (~t.is_eligible, t.reason),
        (t.overdue, EnrolmentReason.TAHAN_LEWAT_BATAS.value),
        (t.without_quota, EnrolmentReason.TANPA_KUOTA.value),
        (t.waits, EnrolmentReason.DI_BAWAH_GARIS_KUOTA.value),
        (t.is_held, t.reason),
        else_=EnrolmentReason.DALAM_KUOTA.value,
    )
    keeps_article = (t.verdict != ELIGIBLE) & ~t.waits & ~t.without_quota
    ranked_numbers = joined(
        "{", t.numbers, ',"peringkat":', t.rank.cast("string"), ',"kuota":', t.places.cast("string"),
        ',"wilayah_kuota":"', t.quota_region, '","undian":"', t.draw, '"}',
    )  # fmt: skip
    held_too_long = joined("{", t.numbers, ',"hari_ditahan":', (today - t.held_since).cast("string"), "}")
    numbers = ibis.cases((t.may_rank, ranked_numbers), (t.overdue, held_too_long), else_=joined("{", t.numbers, "}"))
    return t.select(
        "recipient_id",
        "village_code",
        outcome=outcome,
        rank="rank",
        reason=reason,
        article=ibis.cases((keeps_article, t.article), else_=rule.article),
        numbers=numbers,
        quota_region=t.quota_region.fill_null(""),
        # The clock runs while the family is held, and does not start anew once the deadline has passed.
        held_since=ibis.cases((t.is_kept_back | t.overdue, t.held_since)),
    )
