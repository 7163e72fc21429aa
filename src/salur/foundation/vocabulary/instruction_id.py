"""Ids of instructions: "SEMBAKO-2023-05-0000000000000000042-1-67", made to survive a bank and a typist.

Cycle, recipient (19 digits), attempt, and two check digits after ISO 7064 MOD 97-10 over the letters and digits of the
three: a letter counts as 10 to 35, punctuation is skipped. One wrong character, or two that changed places, shows.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

import ibis
from ibis.expr import types as ir

from salur.foundation.vocabulary.joined import joined

MODULUS: Final = 97
RECIPIENT_DIGITS: Final = 19
RECIPIENT_MAX: Final = 2**63 - 1
ATTEMPTS_MAX: Final = 999

_PERIOD = r"[0-9]{4}-(?:[0-9]{2}|T[0-9])"
_CYCLE = rf"[A-Z][A-Z0-9_]{{0,19}}-{_PERIOD}(?:\.\.{_PERIOD})?"
_WRITTEN = rf"({_CYCLE})-([0-9]{{19}})-([1-9][0-9]{{0,2}})-([0-9]{{2}})"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHUNK = 15  # remainder * 10**15 + chunk stays below 2**63
_WIDTH = 60  # twenty letters and two stages are 54 digits


class ParsedId(NamedTuple):
    """The parts of an id whose check digits agree."""

    cycle: str
    recipient: int
    attempt: int


class ParsedColumns(NamedTuple):
    """The parts of a column of ids; null where the text does not have the form of an id."""

    cycle: ir.StringValue
    recipient: ir.IntegerValue
    attempt: ir.IntegerValue
    is_well_formed: ir.BooleanValue
    check_ok: ir.BooleanValue


def instruction_id(cycle: str, recipient: int, attempt: int) -> str:
    """The id of one instruction: the same at every rewrite."""
    assert re.fullmatch(_CYCLE, cycle), f"not a cycle: {cycle}"
    assert 0 < recipient <= RECIPIENT_MAX and 0 < attempt <= ATTEMPTS_MAX, "outside the width of an instruction id"
    return f"{cycle}-{recipient:019d}-{attempt}-{check_digits(cycle, recipient, attempt)}"


def check_digits(cycle: str, recipient: int, attempt: int) -> str:
    """Two digits, 02 to 98."""
    return f"{98 - _remainder(f'{cycle}{recipient:019d}{attempt}00'):02d}"


def parse(text: str) -> ParsedId | None:
    """The parts of an id, or None when it was mistyped."""
    found = re.fullmatch(_WRITTEN, text)
    if not found:
        return None
    cycle, recipient, attempt, check = found[1], int(found[2]), int(found[3]), found[4]
    if recipient > RECIPIENT_MAX or check != check_digits(cycle, recipient, attempt):
        return None
    return ParsedId(cycle, recipient, attempt)


def instruction_id_expr(cycle: str, recipient: ir.IntegerValue, attempt: ir.IntegerValue) -> ir.StringValue:
    """The same as `instruction_id` over columns, for one cycle; whole numbers below 2**63 all the way."""
    check = _check_expr(ibis.literal(_remainder(cycle), "int64"), recipient, attempt)
    digits = _padded(recipient, RECIPIENT_DIGITS)
    return joined(f"{cycle}-", digits, "-", attempt.cast("string"), "-", _padded(check, 2))


def parse_expr(text: ir.StringValue, known_cycles: Iterable[str] = (), *, has_others: bool = True) -> ParsedColumns:
    """The same as `parse` over a column: cut from the right, build again from the parts, compare.

    `known_cycles` changes no answer, only the time: an id of another cycle is spelt out letter by letter, which costs some ten times as
    much and is long to plan. Who knows that no id is of another cycle says so by `has_others`. An id that equals that of an instruction
    needs no parsing at all: join first, and ask here only why the others found none.
    """
    length = text.length()
    attempt_digits = ibis.cases((text.right(5).startswith("-"), 1), (text.right(6).startswith("-"), 2), else_=3)
    recipient_start = length - 4 - attempt_digits - RECIPIENT_DIGITS
    is_long = recipient_start > 0
    cycle = text.substr(0, ibis.cases((is_long, recipient_start - 1), else_=0))
    recipient = text.substr(ibis.cases((is_long, recipient_start), else_=0), RECIPIENT_DIGITS).try_cast("int64")
    attempt = text.right(attempt_digits + 3).left(attempt_digits).try_cast("int64")
    is_well_formed = _has_form(text).fill_null(False)
    expected = _padded(_check_expr(_head(cycle, known_cycles, has_others), recipient, attempt), 2)
    return ParsedColumns(
        cycle=ibis.cases((is_well_formed, cycle)),
        recipient=ibis.cases((is_well_formed, recipient)),
        attempt=ibis.cases((is_well_formed, attempt)),
        is_well_formed=is_well_formed,
        check_ok=(is_well_formed & (text.right(2) == expected)).fill_null(False),
    )


def cycle_expr(text: ir.StringValue) -> ir.StringValue:
    """The cycle that an id names, null where the text does not have the form of an id."""
    return parse_expr(text, has_others=False).cycle


def _has_form(text: ir.StringValue) -> ir.BooleanValue:
    return text.re_search(rf"^{_WRITTEN}\z")  # not $, which Java lets stand before a line end


def _head(cycle: ir.StringValue, known_cycles: Iterable[str], has_others: bool) -> ir.IntegerValue:
    known = [(cycle == name, ibis.literal(_remainder(name), "int64")) for name in known_cycles]
    others = _remainder_expr(cycle) if has_others else ibis.null("int64")
    return ibis.cases(*known, (ibis.literal(True), others))


def _remainder(text: str) -> int:
    """MOD 97 of the number that letters and digits spell; base 36 gives a letter its two digits."""
    return int("".join(str(int(c, 36)) for c in text if c.isalnum())) % MODULUS


def _remainder_expr(cycle: ir.StringValue) -> ir.IntegerValue:
    spelt = cycle.replace("-", "").replace(".", "").replace("_", "")
    for letter in _LETTERS:
        spelt = spelt.replace(letter, str(int(letter, 36)))
    spelt = _padded_text(spelt, _WIDTH)
    remainder = ibis.literal(0, "int64")
    for start in range(0, _WIDTH, _CHUNK):
        remainder = (remainder * 10**_CHUNK + spelt.substr(start, _CHUNK).try_cast("int64")) % MODULUS
    return remainder


def _check_expr(head: ir.IntegerValue, recipient: ir.IntegerValue, attempt: ir.IntegerValue) -> ir.IntegerValue:
    """98 minus the remainder with two noughts behind; every product stays below 97 * 97 + 97."""
    with_recipient = (head * (10**RECIPIENT_DIGITS % MODULUS) + recipient.cast("int64") % MODULUS) % MODULUS
    shift = ibis.cases((attempt < 10, 10), (attempt < 100, 100 % MODULUS), else_=1000 % MODULUS)
    with_attempt = (with_recipient * shift + attempt.cast("int64") % MODULUS) % MODULUS
    return 98 - with_attempt * 100 % MODULUS


def _padded(number: ir.IntegerValue, width: int) -> ir.StringValue:
    return _padded_text(number.cast("string"), width)


def _padded_text(text: ir.StringValue, width: int) -> ir.StringValue:
    """Noughts in front, up to a width that the text never exceeds."""
    return (ibis.literal("0" * width) + text).right(width)
