"""How many places each quota region has for itself, and which quota region a village belongs to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.wide import total

# Village, district, regency, province; "00" is the country.
LENGTHS = (10, 6, 4, 2)
COUNTRY = "00"


def places(quotas: ir.Table) -> ir.Table:
    """region_code, places: the quota less the quotas of the rows directly below it.

    Families of a region under no child share what the children leave.
    """
    parents = _with_parent(quotas)
    below = parents.group_by("parent").agg(children=total(parents.places)).filter(lambda t: t.parent.notnull())
    joined = quotas.left_join(below, quotas.region_code == below.parent)
    return joined.select("region_code", places=joined.places - joined.children.fill_null(0))


def _with_parent(quotas: ir.Table) -> ir.Table:
    """Each quota row with the nearest quota row above it (null at the top)."""
    joined = quotas
    for length in LENGTHS[1:]:
        cut = ibis.cases((joined.region_code.length() > length, joined.region_code.substr(0, length)))
        joined = _looked_up(joined, quotas, cut, length)
    country = ibis.cases((joined.region_code != COUNTRY, COUNTRY))
    joined = _looked_up(joined, quotas, country, 0)
    return joined.select(
        *quotas.columns, parent=ibis.coalesce(*[joined[f"at_{length}"] for length in (*LENGTHS[1:], 0)])
    )


def quota_region(families: ir.Table, quotas: ir.Table) -> ir.Table:
    """`families` with quota_region: the most detailed level on the family's path for which there is a quota row; null without one."""
    joined = families
    for length in LENGTHS:
        joined = _looked_up(joined, quotas, joined.village_code.substr(0, length), length)
    joined = _looked_up(joined, quotas, ibis.literal(COUNTRY), 0)
    found = ibis.coalesce(*[joined[f"at_{length}"] for length in (*LENGTHS, 0)])
    return joined.select(*families.columns, quota_region=found)


def _looked_up(rows: ir.Table, quotas: ir.Table, code: ir.StringValue, length: int) -> ir.Table:
    """The rows with at_<length>: the code where there is a quota row of that length for it (0: the country), else null."""
    is_level = (
        quotas.region_code == COUNTRY
        if length == 0
        else (quotas.region_code.length() == length) & (quotas.region_code != COUNTRY)
    )
    known = quotas.filter(is_level).select(**{f"at_{length}": quotas.region_code})
    joined = rows.mutate(cut=code).left_join(known, [("cut", f"at_{length}")])
    return joined.select(*rows.columns, f"at_{length}")
