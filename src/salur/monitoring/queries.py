"""Read indicators in the area of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from salur.foundation.access.actions.officers import Actor, reading_as
from salur.foundation.regions import codes
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.region_code import Level, level, normalise
from salur.monitoring.models import Measure


@dataclass(frozen=True)
class Figure:
    """One indicator in one region; `value` is None when there is no data."""

    programme: str
    period: str
    cycle: str
    region: str
    level: str
    indicator: str
    numerator: int | None
    denominator: int | None
    data_as_of: datetime

    @property
    def value(self) -> float | None:
        """numerator / denominator, rounded for reading; whole numbers stay beside it."""
        if self.numerator is None or not self.denominator:
            return None
        return round(self.numerator / self.denominator, 6)


def figures(
    who: Actor,
    *,
    programme: str | None = None,
    period: str | None = None,
    region: str | None = None,
    children: bool = True,
) -> list[Figure]:
    """The indicators of a region (the asker's area when none is given) and of the regions directly inside it."""
    code = region_in_area(who, region)
    below = _level_below(code)
    wanted = Q(region_code=code)
    if children and below is not None:
        wanted |= Q(level=below.value) if code == "00" else Q(level=below.value, region_code__startswith=code)
    with reading_as(who) as alias:
        rows = Measure.objects.using(alias).filter(wanted)
        if programme:
            rows = rows.filter(programme=programme)
        if period:
            rows = rows.filter(period=period)
        return [
            Figure(
                m.programme,
                m.period,
                m.cycle,
                m.region_code,
                m.level,
                m.indicator,
                m.numerator,
                m.denominator,
                m.data_as_of,
            )
            for m in rows.order_by("programme", "period", "region_code", "indicator")
        ]


def region_in_area(who: Actor, region: str | None) -> str:
    """The code asked for, or the asker's area. Raises Refused for an unknown code or one outside the area."""
    code = normalise(region) if region else who.area
    if code is None or not codes.exists(code):
        raise Refused(_("Kode wilayah %(code)s tidak dikenal; pakai kode Kemendagri.") % {"code": region})
    if not who.sees(code):
        raise Refused(_("Wilayah %(code)s di luar wilayah Anda (%(area)s).") % {"code": code, "area": who.area})
    return code


def _level_below(code: str) -> Level | None:
    order = list(Level)
    place = order.index(level(code)) + 1
    return order[place] if place < len(order) else None
