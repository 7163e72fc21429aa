"""The rights that the evidence of a cycle allows, counted for every region from village to country.

Formulas are those of the domain's six rights: target, amount, time, administration; price and quality have no evidence yet and stay
without data, as does SP2D. A denominator of 0 means no data, never 100 %.
"""

from __future__ import annotations

import functools

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import Outcome
from salur.foundation.vocabulary.region_code import CODE_LENGTH, COUNTRY, Level, zone_minutes_expr
from salur.foundation.vocabulary.wide import total

# indicator: (numerator, denominator) over the columns of `facts`
RATIOS = {
    "sasaran": ("still_eligible", "paid"),
    "jumlah": ("exact", "paid"),
    "jumlah_nilai": ("credited_rupiah", "entitled_rupiah"),
    "waktu": ("on_time", "entitled"),
    "administrasi": ("with_evidence", "instructed"),
    "tersalur": ("paid", "entitled"),
    "diambil_nilai": ("collected_rupiah", "credited_rupiah"),
    "kembali_nilai": ("returned_rupiah", "entitled_rupiah"),
    "lebih_nilai": ("excess_rupiah", "entitled_rupiah"),
    "terbuka_nilai": ("open_rupiah", "entitled_rupiah"),
}
WITHOUT_EVIDENCE = ("harga", "kualitas", "sp2d")
SUMMED = tuple(sorted({name for pair in RATIOS.values() for name in pair}))
PLACES = ("considered", "inside", "waiting", "held")
SETTLED_RUPIAH = ("credited_rupiah", "collected_rupiah", "returned_rupiah", "excess_rupiah", "open_rupiah")
CAUSE = "sebab."


def facts(
    entitled: ir.Table | None,
    settled: ir.Table,
    still_eligible: ir.Table | None,
    due_day: int,
    *,
    has_attempts: bool = True,
) -> ir.Table:
    """One row per entitled family with 0/1 and rupiah columns that can be added up.

    entitled: recipient_id, region_code, amount_rupiah; None when each has just one row of the settlement, of the same amount · settled:
    SETTLEMENT · still_eligible: recipient_id of the families that the newest release still finds eligible, None when it finds all of
    them so · due_day: days since 1970 of the due date · has_attempts: a family may have been instructed more than once; without that its
    only row needs no adding up.
    """
    lines = settled.mutate(
        local_day=(settled.credited_at_ms + zone_minutes_expr(settled.region_code).cast("int64") * 60_000) // 86_400_000
    )
    if entitled is None:
        assert not has_attempts, "of several attempts each would count as a family"
        joined = _as_they_are(lines).rename(recipient_id="family", amount_rupiah="instructed_rupiah")
    else:
        per_family = _added_up(lines) if has_attempts else _as_they_are(lines).drop("region_code")
        joined = entitled.left_join(per_family, [("recipient_id", "family")])
    is_eligible: ir.BooleanValue = ibis.literal(True)
    if still_eligible is not None:
        joined = joined.left_join(still_eligible.select(eligible_id="recipient_id"), [("recipient_id", "eligible_id")])
        is_eligible = joined.eligible_id.notnull()
    credited = joined.credited_rupiah.fill_null(0)
    paid = credited > 0
    return joined.select(
        "region_code",
        entitled=_one(ibis.literal(True)),
        entitled_rupiah=joined.amount_rupiah,
        credited_rupiah=credited,
        collected_rupiah=joined.collected_rupiah.fill_null(0),
        returned_rupiah=joined.returned_rupiah.fill_null(0),
        excess_rupiah=joined.excess_rupiah.fill_null(0),
        # Before anything was settled all of it is open.
        open_rupiah=joined.open_rupiah.fill_null(joined.amount_rupiah),
        paid=_one(paid),
        exact=_one(paid & (credited == joined.amount_rupiah)),
        on_time=_one(joined.received_day <= due_day),
        instructed=_one(joined.instructed > 0),
        with_evidence=_one(joined.evidence > 0),
        still_eligible=_one(paid & is_eligible),
    )


def _added_up(lines: ir.Table) -> ir.Table:
    return lines.group_by(family="recipient_id").agg(
        **{name: total(lines[name]) for name in SETTLED_RUPIAH},
        instructed=lines.count(where=lines.attempt > 0),
        received_day=lines.local_day.min(where=lines.credited_rupiah > 0),
        evidence=lines.count(where=lines.has_proof & (lines.attempt > 0)),
    )


def _as_they_are(lines: ir.Table) -> ir.Table:
    return lines.select(
        "region_code",
        "instructed_rupiah",
        *SETTLED_RUPIAH,
        family="recipient_id",
        instructed=_one(lines.attempt > 0),
        received_day=ibis.cases((lines.credited_rupiah > 0, lines.local_day)),
        evidence=_one(lines.has_proof & (lines.attempt > 0)),
    )


def _one(holds: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.cases((holds.fill_null(False), ibis.literal(1, "int32")), else_=ibis.literal(0, "int32"))


def levels(rows: ir.Table, code: str = "region_code") -> ir.Table:
    """Every row once for each level it counts in: region, level, and its columns."""
    parts = []
    for level in Level:
        region = ibis.literal(COUNTRY) if level == Level.COUNTRY else rows[code].substr(0, CODE_LENGTH[level])
        parts.append(rows.mutate(region=region, level=ibis.literal(level.value)))
    return functools.reduce(lambda a, b: a.union(b), parts)


def village_sums(facts: ir.Table) -> ir.Table:
    """region_code (village) and the sums of every column that an indicator asks for."""
    return _per_village(facts, "region_code", SUMMED)


def village_places(listed: ir.Table) -> ir.Table:
    """region_code (village), considered, inside, waiting, held: families by outcome. listed: enrolment LIST."""
    rows = listed.select(
        region_code="village_code",
        considered=_one(ibis.literal(True)),
        inside=_one(listed.outcome.isin((Outcome.ADMITTED.value, Outcome.HELD.value))),
        waiting=_one(listed.outcome == Outcome.WAITING.value),
        held=_one(listed.outcome == Outcome.HELD.value),
    )
    return _per_village(rows, "region_code", PLACES)


def _per_village(rows: ir.Table, code: str, columns: tuple[str, ...]) -> ir.Table:
    return rows.group_by(region_code=rows[code]).agg(**{name: total(rows[name]) for name in columns})


def _rolled_up(villages: ir.Table, columns: tuple[str, ...]) -> ir.Table:
    """From villages to every level: the big table is never read again."""
    spread = levels(villages)
    return spread.group_by(["region", "level"]).agg(**{name: total(spread[name]) for name in columns})


def measures(sums: ir.Table, considered: ir.Table, quotas: ir.Table, causes: ir.Table) -> ir.Table:
    """MEASURES for every region in which a family was considered.

    sums, considered: as `village_sums` and `village_places` give · quotas: region_code, quota (of regions for which it is known) ·
    causes: region_code, cause.
    """
    sums = _rolled_up(sums, SUMMED)
    places = _rolled_up(considered, PLACES)
    places = places.left_join(quotas.select(quota_region="region_code", quota="quota"), [("region", "quota_region")])
    parts = [_measure(sums, name, sums[top], sums[bottom]) for name, (top, bottom) in RATIOS.items()]
    paid = places.left_join(sums.select(paid_region="region", paid="paid"), [("region", "paid_region")])
    parts += [
        _measure(places, "kuota_terisi", places.inside, places.quota),
        _measure(paid, "cakupan", ibis.cases((paid.quota.notnull(), paid.paid.fill_null(0))), paid.quota),
        _measure(places, "dipertimbangkan", places.considered, ibis.null("int64")),
        _measure(places, "menunggu", places.waiting, ibis.null("int64")),
        _measure(places, "ditahan", places.held, ibis.null("int64")),
    ]
    parts += [_measure(places, name, ibis.null("int64"), ibis.null("int64")) for name in WITHOUT_EVIDENCE]
    found = levels(causes).group_by(["region", "level", "cause"]).agg(n=ibis._.count())
    found = found.left_join(sums.select(whole_region="region", entitled="entitled"), [("region", "whole_region")])
    parts.append(
        found.select(
            region_code="region",
            level="level",
            indicator=ibis.literal(CAUSE) + found.cause,
            numerator=found.n,
            denominator=found.entitled,
        )
    )
    columns = ("region_code", "level", "indicator", "numerator", "denominator")
    return functools.reduce(lambda a, b: a.union(b), [part.select(*columns) for part in parts])


def _measure(rows: ir.Table, indicator: str, numerator: ir.Value, denominator: ir.Value) -> ir.Table:
    return rows.select(
        region_code=rows.region,
        level=rows.level,
        indicator=ibis.literal(indicator),
        numerator=numerator.cast("int64"),
        denominator=denominator.cast("int64"),
    )
