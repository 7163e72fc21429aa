"""Which occupations exclude a family: what people write, and the class it stands for.

The synonyms are data (`occupations.csv`), compared without case and with blanks squeezed; what is not listed there
excludes nobody.
"""

import csv
from functools import lru_cache
from pathlib import Path

import ibis
from ibis.expr import types as ir

from salur.foundation.vocabulary.codes import ExcludedOccupation

SYNONYMS_FILE = Path(__file__).with_name("occupations.csv")


def excluded_occupation(text: str | None) -> ExcludedOccupation | None:
    """The excluding class of an occupation as people write it, or None."""
    return synonyms().get(" ".join((text or "").lower().split()))


def excluded_occupation_expr(column: ir.StringValue) -> ir.StringValue:
    """The same over a column: null when the occupation excludes nobody."""
    folded = column.lower().re_replace(r"[ \t\r\n]+", " ").strip()
    return ibis.cases(*((folded.isin(_texts_of(kind)), kind.value) for kind in ExcludedOccupation))


@lru_cache
def synonyms() -> dict[str, ExcludedOccupation]:
    """From the written form, small letters and single blanks, to the class."""
    with SYNONYMS_FILE.open(encoding="utf-8", newline="") as lines:
        return {row["text"]: ExcludedOccupation(row["class"]) for row in csv.DictReader(lines, strict=True)}


def _texts_of(wanted: ExcludedOccupation) -> list[str]:
    return [text for text, kind in synonyms().items() if kind == wanted]
