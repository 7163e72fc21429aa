"""Rank the eligible inside their quota region and give every family considered one outcome with its reason."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.enrolment.steps.places import places, quota_region
from salur.foundation.vocabulary.codes import EnrolmentReason, Outcome
from salur.foundation.vocabulary.period import Period
from salur.programmes.conditions.eligibility import ELIGIBLE, HELD
from salur.programmes.rule import Rule

EPOCH_ORDINAL = 719_163  # date(1970, 1, 1).toordinal()
_UNKNOWN_DECILE_LAST = 11


def rank(
    verdicts: ir.Table, quotas: ir.Table, previous: ir.Table | None, *, rule: Rule, period: Period, secret: str
) -> ir.Table:
    """The columns of enrolment.tables.LIST for every row of `verdicts`.

    verdicts: as `eligibility` gives · quotas: region_code, places · previous: as `earlier` gives; whose admitted and held come first
    while they stay eligible. Inside a quota region the order is: kept from the previous list, decile, the draw, the id.
    """
    today = period.first_day.toordinal() - EPOCH_ORDINAL
    placed = verdicts.join(quota_region(verdicts, quotas), "recipient_id")
    known = _with_previous(placed, previous)
    held_since = ibis.cases(
        (known.verdict == HELD, known.was_held_since.fill_null(today)), else_=ibis.null("int32")
    ).cast("int32")
    judged = known.mutate(held_since=held_since)
    overdue = (judged.verdict == HELD) & (today - judged.held_since > rule.hold_deadline_days)
    may_rank = judged.verdict.isin((ELIGIBLE, HELD)) & ~overdue.fill_null(False) & judged.quota_region.notnull()
    draw = (ibis.literal(secret + ":") + judged.recipient_id.cast("string")).hexdigest("sha256")
    runners = judged.mutate(may_rank=may_rank, overdue=overdue.fill_null(False), draw=ibis.cases((may_rank, draw)))
    order = [
        ibis.cases((runners.may_rank, 0), else_=1),
        ibis.cases((runners.was_in, 0), else_=1),
        runners.decile.fill_null(_UNKNOWN_DECILE_LAST),
        runners.draw.fill_null(""),
        runners.recipient_id,
    ]
    nth = ibis.row_number().over(group_by=runners.quota_region, order_by=order) + 1
    own = places(quotas).rename(own_region="region_code")
    ranked = runners.mutate(nth=nth.cast("int64")).left_join(own, [("quota_region", "own_region")])
    return _outcomes(ranked.mutate(rank=ibis.cases((ranked.may_rank, ranked.nth))), rule, today)


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


def _with_previous(placed: ir.Table, previous: ir.Table | None) -> ir.Table:
    if previous is None:
        return placed.mutate(was_in=ibis.literal(False), was_held_since=ibis.null("int32"))
    joined = placed.left_join(previous, placed.recipient_id == previous.earlier_id)
    return joined.select(*placed.columns, was_in=joined.was_in.fill_null(False), was_held_since=joined.was_held_since)


def _outcomes(t: ir.Table, rule: Rule, today: int) -> ir.Table:
    inside = t.may_rank & (t.rank <= t.places)
    outcome = ibis.cases(
        (~t.may_rank, Outcome.NOT_ADMITTED.value),
        (inside & (t.verdict == HELD), Outcome.HELD.value),
        (inside, Outcome.ADMITTED.value),
        else_=Outcome.WAITING.value,
    )
    reason = ibis.cases(
        (~t.verdict.isin((ELIGIBLE, HELD)), t.reason),
        (t.overdue, EnrolmentReason.TAHAN_LEWAT_BATAS.value),
        (t.quota_region.isnull(), EnrolmentReason.TANPA_KUOTA.value),
        (inside & (t.verdict == HELD), t.reason),
        (inside, EnrolmentReason.DALAM_KUOTA.value),
        else_=EnrolmentReason.DI_BAWAH_GARIS_KUOTA.value,
    )
    waits = t.may_rank & ~inside
    without_quota = t.verdict.isin((ELIGIBLE, HELD)) & ~t.overdue & t.quota_region.isnull()
    keeps_article = (t.verdict != ELIGIBLE) & ~waits & ~without_quota
    ranked_numbers = (
        ibis.literal('"peringkat":') + t.rank.cast("string")
        + ',"kuota":' + t.places.cast("string")
        + ',"wilayah_kuota":"' + t.quota_region
        + '","undian":"' + t.draw.left(16) + '"'
    )  # fmt: skip
    extra = ibis.cases(
        (t.may_rank, ranked_numbers),
        (t.overdue, ibis.literal('"hari_ditahan":') + (today - t.held_since).cast("string")),
        else_="",
    )
    return t.select(
        "recipient_id",
        "village_code",
        outcome=outcome,
        rank="rank",
        reason=reason,
        article=ibis.cases((keeps_article, t.article), else_=rule.article),
        numbers=_joined(t.numbers, extra),
        quota_region=t.quota_region.fill_null(""),
        # The clock runs while the family is held, and does not start anew once the deadline has passed.
        held_since=ibis.cases(((inside & (t.verdict == HELD)) | t.overdue, t.held_since)),
    )


def _joined(numbers: ir.StringValue, extra: ir.StringValue) -> ir.StringValue:
    """Two JSON objects as one: the second is written without its braces and may be empty."""
    inner = numbers.substr(1, numbers.length() - 2)
    comma = ibis.cases(((inner != "") & (extra != ""), ","), else_="")
    return ibis.literal("{") + inner + comma + extra + "}"
