"""Money, numbers, moments and roles as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import timezone as fixed

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from salur.entrypoints.web import sheet, words
from salur.foundation.vocabulary.region_code import zone_minutes, zone_name
from salur.foundation.vocabulary.rupiah import format_compact, format_rupiah

register = template.Library()


@register.filter
def bilangan(value: int) -> str:
    """1.234.567"""
    return sheet.number(value)


@register.filter
def rupiah(value: int) -> str:
    """Rp1.234.567"""
    return format_rupiah(value)


@register.filter
def rupiah_ringkas(value: int) -> str:
    """Rp8,41 triliun"""
    return format_compact(value)


@register.filter
def peran(codes: tuple[str, ...]) -> str:
    """Roles in words."""
    return words.roles(codes)


@register.filter
def pukul(moment: datetime, region: str) -> str:
    """21 November 2026 pukul 19.00 WIB: in the time of the region."""
    there = moment.astimezone(fixed(timedelta(minutes=zone_minutes(region))))
    return _("%(day)s pukul %(time)s %(zone)s") % {
        "day": date_format(there, "j F Y"),
        "time": there.strftime("%H.%M"),
        "zone": zone_name(region),
    }
