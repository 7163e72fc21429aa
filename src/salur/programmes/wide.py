"""Whole numbers that stay 64 bits wide on every engine."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def int64(value: int) -> ir.IntegerScalar:
    """A constant of 64 bits.

    Written as a cast text: Ibis drops the type of a plain number ("200000" alone is 32 bits on DuckDB and Spark), and
    a cast of a number that it already believes to be 64 bits wide.
    """
    return ibis.literal(str(value)).cast("int64")
