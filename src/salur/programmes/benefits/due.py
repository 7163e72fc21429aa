"""What is each family due for one period, to the rupiah?"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.joined import joined
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.wide import int64
from salur.programmes.rule import FixedPart, Rule

INDEX = "INDEKS"
FIXED = "TETAP"


def due(admitted: ir.Table, families: ir.Table, counts: ir.Table | None, *, rule: Rule, period: Period) -> ir.Table:
    """One row for every admitted family, also where nothing is due.

    admitted: recipient_id and any more, which stay · families: recipient_id, village_code · counts: as `components.counts` gives, of
    these families, None for a rule without components. Adds component_rupiah (JSON text, a name for each part above zero, in a fixed
    order: index, fixed part, components by amount) and amount_rupiah (int64), which is the sum of these parts.
    """
    benefit = rule.benefit
    fixed = benefit.fixed if period.number == 1 else None
    table = admitted
    if fixed:
        table = _with_fixed(table, families, fixed)
    if benefit.components:
        assert counts is not None, f"{rule.programme}: what members bring is counted"
        table = _with_counts(table, counts, rule)
    parts: dict[str, ir.IntegerValue] = {}
    if benefit.index_rupiah:
        parts[INDEX] = int64(benefit.index_rupiah)
    if fixed:
        parts[FIXED] = table[FIXED]
    parts |= _best(table, rule, period)
    table = table.select(*admitted.columns, **parts)
    return table.select(
        *admitted.columns,
        component_rupiah=_json({name: table[name] for name in parts}),
        amount_rupiah=functools.reduce(operator.add, (table[name] for name in parts), int64(0)),
    )


def _with_fixed(table: ir.Table, families: ir.Table, fixed: FixedPart) -> ir.Table:
    """The fixed part by the family's place. No region listed: the regular amount, without looking at places."""
    if not fixed.akses_regions:
        return table.mutate(**{FIXED: int64(fixed.regular_rupiah)})
    places = families.select(place_of=families.recipient_id, village_code=families.village_code)
    placed = table.left_join(places, table.recipient_id == places.place_of)
    is_akses = functools.reduce(
        operator.or_, (placed.village_code.startswith(region) for region in fixed.akses_regions)
    ).fill_null(False)
    amount = ibis.ifelse(is_akses, int64(fixed.akses_rupiah), int64(fixed.regular_rupiah))
    return placed.select(*table.columns, **{FIXED: amount})


def _with_counts(table: ir.Table, counts: ir.Table, rule: Rule) -> ir.Table:
    """How many members bring each component; a family that the counts do not know has none."""
    names = [component.name for component in rule.benefit.components]
    known = counts.select(member_of="recipient_id", **{name: counts[name].cast("int64") for name in names})
    found = table.left_join(known, table.recipient_id == known.member_of)
    return found.select(*table.columns, **{name: found[name].fill_null(0) for name in names})


def _best(table: ir.Table, rule: Rule, period: Period) -> dict[str, ir.IntegerValue]:
    """The rupiah of each component for its members among the family's best.

    Members with the same component bring the same amount, so nobody needs to be ranked: going down the
    components by amount, those of one component take the places between two running totals.
    """
    places = int64(rule.benefit.components_max)
    before: ir.IntegerValue = int64(0)
    best: dict[str, ir.IntegerValue] = {}
    for component in rule.benefit.ranked:
        cap = rule.benefit.cap_of(component.name)
        count = table[component.name] if cap is None else ibis.least(table[component.name], int64(cap))
        after = before + count
        taken = ibis.least(after, places) - ibis.least(before, places)
        best[component.name] = taken * int64(rule.share_rupiah(component.annual_rupiah, period))
        before = after
    return best


def _json(parts: Mapping[str, ir.IntegerValue]) -> ir.StringValue:
    """The parts above zero, comma between two: a comma comes first wherever something stood before."""
    texts: list[str | ir.StringValue] = ["{"]
    before = int64(0)
    for name, rupiah in parts.items():
        comma = ibis.ifelse(before > 0, ",", "")
        texts.append(ibis.ifelse(rupiah > 0, joined(comma, f'"{name}":', rupiah.cast("string")), ""))
        before = before + rupiah
    return joined(*texts, "}")
