"""How many places each quota region has for itself, and which quota region a village belongs to."""

from __future__ import annotations

import functools

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.wide import total

# Village, district, regency, province; "00" is the country.
LENGTHS = (10, 6, 4, 2)
COUNTRY = "00"


def places(quotas: ir.Table) -> ir.Table:
    """region_code, places: the quota less what the rows directly below it have for themselves.

    Families of a region under no child share what the children leave.
    """
    parents = _nearest(quotas, quotas.region_code, quotas.region_code.length())
    below = parents.group_by("parent").agg(children=total(parents.places)).filter(lambda t: t.parent.notnull())
    joined = quotas.left_join(below, quotas.region_code == below.parent)
    return joined.select(region_code=quotas.region_code, places=quotas.places - joined.children.fill_null(0))


def _nearest(rows: ir.Table, code: ir.StringValue, below: ir.IntegerValue) -> ir.Table:
    """Each quota row with the nearest quota row above it (null at the top)."""
    candidates = []
    joined = rows
    for length in (6, 4, 2):
        known = rows.select(**{f"at_{length}": rows.region_code})
        joined = joined.mutate(cut=ibis.cases((below > length, code.substr(0, length)))).left_join(known, [("cut", f"at_{length}")]).drop("cut")
        candidates.append(joined[f"at_{length}"])
    country = rows.filter(rows.region_code == COUNTRY).select(at_0="region_code")
    top = joined.mutate(cut=ibis.cases((code != COUNTRY, COUNTRY))).left_join(country, [("cut", "at_0")])
    return top.mutate(parent=ibis.coalesce(*[top[c.get_name()] for c in candidates], top.at_0))


def quota_region(families: ir.Table, quotas: ir.Table) -> ir.Table:
    """recipient_id, quota_region: the most detailed level on the family's path for which there is a quota row; null without one."""
    joined = families.select("recipient_id", "village_code")
    for length in LENGTHS:
        known = quotas.filter(quotas.region_code.length() == length).select(**{f"at_{length}": quotas.region_code})
        if length == 2:
            known = known.filter(known.at_2 != COUNTRY)
        joined = joined.mutate(cut=joined.village_code.substr(0, length)).left_join(known, [("cut", f"at_{length}")]).drop("cut")
    country = quotas.filter(quotas.region_code == COUNTRY).select(at_0="region_code")
    joined = joined.mutate(cut=ibis.literal(COUNTRY)).left_join(country, [("cut", "at_0")])
    found = functools.reduce(lambda a, b: a.fill_null(b), [joined[f"at_{length}"] for length in LENGTHS] + [joined.at_0])
    return joined.select("recipient_id", quota_region=found)
