"""Everything the page "Pantau" shows of one region, asked for in the name of whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from salur.entrypoints.web import tiles, words
from salur.entrypoints.web.cards import Card, cards
from salur.entrypoints.web.ranking import ORDERS, Column, Row, columns, ratios, rows
from salur.entrypoints.web.sheet import Cause, Ratio, Sheet
from salur.foundation.access.actions.officers import Actor
from salur.foundation.regions import codes
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.region_code import COUNTRY, is_inside, level, path
from salur.monitoring.queries import Figure, figures, region_in_area

FRESH_FOR = timedelta(hours=24)
CAUSES_SHOWN = 10


@dataclass(frozen=True)
class Crumb:
    name: str
    address: str


@dataclass(frozen=True)
class Choice:
    cycle: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Page:
    """One region in one cycle; `chosen` is None while nothing was measured in the officer's area."""

    code: str
    name: str
    level: str
    crumbs: list[Crumb]
    choices: dict[str, list[Choice]]
    chosen: Figure | None
    programme: str
    period: str
    order: str
    address: str
    is_measured: bool
    cards: list[Card]
    rights: list[Ratio]
    weakest: Ratio | None
    others: list[Ratio]
    causes: list[Cause]
    causes_more: list[Cause]
    columns: list[Column]
    rows: list[Row]
    rows_level: str
    silent_count: int
    tiles: list[tiles.Tile]

    @property
    def as_of(self) -> datetime | None:
        return self.chosen.data_as_of if self.chosen else None

    @property
    def is_stale(self) -> bool:
        return self.as_of is not None and timezone.now() - self.as_of > FRESH_FOR


def prepare(who: Actor, *, region: str, cycle: str, order: str) -> Page | None:
    """The page, or None when the region or the cycle is unknown or outside the area: nobody learns which."""
    try:
        code = region_in_area(who, region or None)
    except Refused:
        return None
    known = _cycles(who)
    chosen = known.get(cycle) if cycle else _newest(known)
    if chosen is None and (cycle or known):
        return None
    sheets = _sheets(who, code, chosen)
    own, below = sheets.pop(code, Sheet(())), sheets
    compared = ratios(below.values())
    order = order if order.removeprefix("-") in ORDERS else "tersalur"
    carried = {"tahap": chosen.cycle} if chosen else {}
    addresses = {child: _address(child, carried | {"urut": order}) for child in below}
    rights = [own.ratio(name) for name in words.RIGHTS]
    causes = own.causes()
    return Page(
        code=code,
        name=codes.name(code),
        level=str(words.LEVELS[level(code)]),
        crumbs=_crumbs(who, code, carried | {"urut": order}),
        choices=_choices(known, chosen),
        chosen=chosen,
        programme=words.programme(chosen.programme) if chosen else "",
        period=words.period(chosen.period) if chosen else "",
        order=order,
        address=_address(code, {}),
        is_measured=bool(own),
        cards=cards(own),
        rights=rights,
        weakest=_weakest(rights),
        others=[own.ratio(name) for name in words.OTHERS],
        causes=causes[:CAUSES_SHOWN],
        causes_more=causes[CAUSES_SHOWN:],
        columns=columns(order, _address(code, carried), compared),
        rows=rows(below, addresses, order, compared),
        rows_level=_level_inside(code),
        silent_count=len(codes.children(code)) - len(below),
        tiles=tiles.drawn({c: s.ratio("tersalur") for c, s in below.items()}, addresses) if code == COUNTRY else [],
    )


def _cycles(who: Actor) -> dict[str, Figure]:
    """Each cycle measured in the officer's own area, with one figure of it for its words and its time."""
    return {figure.cycle: figure for figure in figures(who, children=False)}


def _newest(known: dict[str, Figure]) -> Figure | None:
    return max(known.values(), key=lambda figure: (figure.data_as_of, figure.cycle), default=None)


def _sheets(who: Actor, code: str, chosen: Figure | None) -> dict[str, Sheet]:
    if chosen is None:
        return {}
    by_region: dict[str, list[Figure]] = {}
    for figure in figures(who, programme=chosen.programme, period=chosen.period, region=code):
        by_region.setdefault(figure.region, []).append(figure)
    return {region: Sheet(found) for region, found in by_region.items()}


def _choices(known: dict[str, Figure], chosen: Figure | None) -> dict[str, list[Choice]]:
    """Cycles by programme, newest first: what the officer's area has, and nothing else."""
    groups: dict[str, list[Choice]] = {}
    for figure in sorted(known.values(), key=lambda f: (f.programme, f.period), reverse=True):
        choice = Choice(figure.cycle, words.period(figure.period), figure == chosen)
        groups.setdefault(words.programme(figure.programme), []).append(choice)
    return groups


def _crumbs(who: Actor, code: str, carried: dict[str, str]) -> list[Crumb]:
    """From the top of the officer's area down to the region itself."""
    inside = [step for step in path(code) if is_inside(step, who.area)]
    return [Crumb(codes.name(step), _address(step, carried)) for step in inside]


def _weakest(rights: list[Ratio]) -> Ratio | None:
    """The right that needs attention first; none when all that is known is complete."""
    known = [(right.value, right) for right in rights if right.value is not None and right.value < 1]
    return min(known, key=lambda pair: pair[0])[1] if known else None


def _level_inside(code: str) -> str:
    inside = codes.children(code)
    return str(words.LEVELS[level(inside[0])]) if inside else ""


def _address(code: str, query: dict[str, str]) -> str:
    place = reverse("pantau_region", args=[code])
    return f"{place}?{urlencode(query)}" if query else place
