"""The key by which names are sorted and found: no case, no accents, no spelling marks.

O'Hara, Ohara and OHARA are one; "Siti-Aminah" is "sitiaminah", "H. M. Yusuf" is "h m yusuf". The same fold is used
when a name is written and when somebody searches.
"""

import re
import unicodedata
from functools import lru_cache

import ibis
from ibis.expr import types as ir

# Marks inside a word: apostrophes and hyphens of every kind people type, and the backtick.
_INSIDE_WORD = (
    "'\u2018\u2019\u201b\u02bb\u02bc\u02be\u02bf\u00b4\uff07`-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d\u00ad"
)
_DROPPED = dict.fromkeys(map(ord, _INSIDE_WORD))
_NOT_ASCII = r"[^\x00-\x7f]"
_LATIN = (*range(0x00A0, 0x0250), *range(0x1E00, 0x1F00), *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F))


def search_key(text: str) -> str:
    """Small letters, digits and single blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in _plain(text)).split())


def search_key_expr(column: ir.StringValue) -> ir.StringValue:
    """The same over a column of Latin text, on any engine.

    Other scripts keep their letters too, but not every form that Unicode writes in two ways becomes one here.
    Indonesian civil registration writes Latin letters only.
    """
    bare = column.re_replace(f"[{re.escape(_INSIDE_WORD)}]", "")
    plain = ibis.cases((bare.re_search(_NOT_ASCII), _plain_expr(bare)), else_=bare)
    return plain.lower().re_replace(r"[^\p{L}\p{N}]+", " ").strip()


def _plain_expr(text: ir.StringValue) -> ir.StringValue:
    """Latin letters without their marks. Rare, and asked only of names that are not plain ASCII."""
    singles, several = _foldings()
    text = text.re_replace(r"\p{Mn}", "").translate("".join(singles), "".join(singles.values()))
    for letter, plain in several.items():
        text = text.replace(letter, plain)
    return text


def _plain(text: str) -> str:
    """Small letters without marks; what stands between words is left. Taking letters apart may bring out a mark that
    belongs inside a word, so those are dropped before and after."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_DROPPED)).translate(_DROPPED)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


@lru_cache
def _foldings() -> tuple[dict[str, str], dict[str, str]]:
    """What `_plain` makes of each Latin letter beyond ASCII: one letter, or several."""
    folded = {chr(point): _plain(chr(point)) for point in _LATIN}
    singles = {letter: plain for letter, plain in folded.items() if len(plain) == 1 and plain != letter}
    return singles, {letter: plain for letter, plain in folded.items() if len(plain) > 1}
