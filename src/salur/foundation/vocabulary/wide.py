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


def total(column: ir.IntegerColumn) -> ir.IntegerScalar:
    """The sum of whole numbers, 64 bits wide; null over no rows.

    DuckDB adds 64-bit numbers up in 128 bits, which Arrow and Parquet keep as something else; through a decimal the cast
    is one that Ibis does not leave out, and a sum beyond 64 bits is an error instead of a wrong number.
    """
    return column.sum().cast("decimal(38, 0)").cast("int64")
