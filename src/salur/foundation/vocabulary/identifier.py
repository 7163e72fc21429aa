"""Identifiers that do not tell who they stand for: 63 bits of SHA-256 over the key of this home and a text.

The key is mixed in as text, `sha256(hex(key) || ":" || text)`, so that Python and every engine agree on the bytes.
The first 16 hex digits, without their highest bit, are the number; 0 becomes 1, so an id is always positive.
"""

import hashlib

import ibis
from ibis.expr import types as ir

HEX_DIGITS = 16
ID_MAX = 2**63 - 1


def derive_id(key: bytes, text: str) -> int:
    """The id of one text, 1 to 2**63 - 1."""
    digest = hashlib.sha256((_prefix(key) + text).encode()).hexdigest()
    return max(int(digest[:HEX_DIGITS], 16) & ID_MAX, 1)


def derive_id_expr(key: bytes, column: ir.StringValue) -> ir.IntegerValue:
    """The same over a column, int64, null where the text is null.

    For DuckDB, which reads "0x..." as a number. Sixteen portable digits cost forty times as much, and ids are only
    derived when a register comes in; steps on any engine receive them ready.
    """
    digest = (ibis.literal(_prefix(key)) + column).hexdigest("sha256")
    number = (ibis.literal("0x") + digest.left(HEX_DIGITS)).cast("uint64") % ibis.literal(ID_MAX + 1, "uint64")
    return (number + (number == 0).cast("uint64")).cast("int64")


def derive_id_sql(key: bytes, column: str) -> str:
    """The same as DuckDB SQL over a column or expression, BIGINT."""
    digest = f"sha256('{_prefix(key)}' || {column})"
    number = f"(('0x' || left({digest}, {HEX_DIGITS}))::ubigint % {ID_MAX + 1}::ubigint)"
    return f"({number} + ({number} = 0)::ubigint)::bigint"


def _prefix(key: bytes) -> str:
    assert key, "an empty key would make ids that anyone can guess"
    return key.hex() + ":"
