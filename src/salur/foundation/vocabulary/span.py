"""A stretch of the country in the order of region codes: what a run holds in memory at once, and what one file of a list covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

PROVINCE_DIGITS, REGENCY_DIGITS = 2, 4
FAMILIES_MAX = 1_000_000


class Span(NamedTuple):
    """Every code from `start` up to, but not with, `end`, in the order of text."""

    start: str
    end: str

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


NOWHERE = Span("00", "1")  # rows that belong to no village carry the code of the country


def after(code: str) -> str:
    """The code that follows at the same level: 6372 after 6371."""
    return f"{int(code) + 1:0{len(code)}d}"


def spans(families_by_regency: Mapping[str, int], families_max: int | None = None) -> list[Span]:
    """Each province as one span, a large one cut between regencies so that no span has more families than `families_max` (but a
    regency is never cut)."""
    most = families_max or FAMILIES_MAX
    starts: list[str] = []
    held = 0
    for regency, families in sorted(families_by_regency.items()):
        province = regency[:PROVINCE_DIGITS]
        if not starts or starts[-1][:PROVINCE_DIGITS] != province:
            starts.append(province)
            held = 0
        elif held + families > most and held:
            starts.append(regency)
            held = 0
        held += families
    return [Span(start, _end(start, following)) for start, following in zip(starts, [*starts[1:], ""], strict=True)]


def gathered(rows: Mapping[Span, float], most: int | None = None) -> list[Span]:
    """Neighbouring spans in one as long as it has no more rows than a span may have families: where a list is short, a file for each
    province takes more time to begin and to end than to work out."""
    most = most or FAMILIES_MAX
    found: list[Span] = []
    held = 0.0
    for span, count in sorted(rows.items()):
        if found and held + count <= most:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
            held = 0.0
        held += count
    return found


def _end(start: str, following: str) -> str:
    province = start[:PROVINCE_DIGITS]
    return following if following[:PROVINCE_DIGITS] == province else after(province)


def partition(found: Iterable[Span]) -> list[Span]:
    """The spans cut where any of them begins or ends, so that none overlaps another; in order."""
    every = set(found)
    edges = sorted({edge for span in every for edge in span})
    pieces = [Span(start, end) for start, end in zip(edges, edges[1:], strict=False)]
    return [piece for piece in pieces if any(span.holds(piece) for span in every)]


def provinces(found: Iterable[Span]) -> list[Span]:
    """The whole provinces that the spans lie in."""
    return [Span(code, after(code)) for code in sorted({span.start[:PROVINCE_DIGITS] for span in found})]
