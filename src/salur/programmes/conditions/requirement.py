"""One requirement of a rule, as expressions over a family's features."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence

import ibis.expr.types as ir

from salur.foundation.vocabulary.joined import joined
from salur.programmes.rule import NUMBER_FEATURES, Requirement, Row

_TESTS: Mapping[str, Callable[[ir.Column, tuple[int | str, ...]], ir.BooleanValue]] = {
    "is_known": lambda feature, values: feature.notnull(),
    "equals": lambda feature, values: feature == values[0],
    "differs": lambda feature, values: feature != values[0],
    "one_of": lambda feature, values: feature.isin(list(values)),
    "at_least": lambda feature, values: feature >= values[0],
    "at_most": lambda feature, values: feature <= values[0],
    "between": lambda feature, values: (feature >= values[0]) & (feature <= values[1]),
}
# How a limit is named beside its feature in the numbers of a decision.
_LIMITS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("_at_least",),
    "at_most": ("_at_most",),
    "between": ("_from", "_to"),
}


def is_met(features: ir.Table, requirement: Requirement) -> ir.BooleanValue:
    """True or false, never unknown: a row about an unknown feature is not met."""
    both = operator.and_ if requirement.match == "all" else operator.or_
    return functools.reduce(both, (_row_is_met(features, row) for row in requirement.rows))


def numbers(features: ir.Table, rows: Sequence[Row]) -> ir.StringValue:
    """The inside of a JSON object: each feature of the rows with its limits, in the order of the rows, each name once."""
    named: dict[str, str | ir.StringValue] = {}
    for row in rows:
        named.setdefault(row.feature, _as_json(features, row.feature))
        for ending, limit in zip(_LIMITS.get(row.operator, ()), row.values, strict=False):
            named.setdefault(row.feature + ending, str(limit))
    texts: list[str | ir.StringValue] = []
    for name, value in named.items():
        texts += [f'{"," if texts else ""}"{name}":', value]
    return joined(*texts)


def _row_is_met(features: ir.Table, row: Row) -> ir.BooleanValue:
    return _TESTS[row.operator](features[row.feature], row.values).fill_null(False)


def _as_json(features: ir.Table, name: str) -> ir.StringValue:
    # Text features hold codes only, which have nothing that JSON would want escaped.
    if name in NUMBER_FEATURES:
        return features[name].cast("string").fill_null("null")
    return joined('"', features[name], '"')
