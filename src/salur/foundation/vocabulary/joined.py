"""Texts put together."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def joined(*parts: str | ir.StringValue) -> ir.StringValue:
    """The parts one after another. None may be null: a null part would be left out without a word.

    In one go, where a chain of `+` copies all that stands so far at every plus: over tens of millions of rows that is seconds.
    """
    texts = [ibis.literal(part) if isinstance(part, str) else part for part in parts]
    return ibis.literal("").join(texts)
