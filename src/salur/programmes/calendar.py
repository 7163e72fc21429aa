"""By which day a payment should have reached the family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salur.foundation.vocabulary.legal import LegalReference
from salur.foundation.vocabulary.period import Period


@dataclass(frozen=True)
class DueRule:
    """`day` of the first month owed, or 0 for the last day of the period."""

    programme: str
    day: int
    basis: LegalReference


# The 10th for Sembako is told by practitioners only; for PKH no day was found, so the stage's last day stands in.
CALENDAR = (
    DueRule(
        "SEMBAKO",
        10,
        LegalReference("Kalender penyaluran Sembako", "tanggal 10 setiap bulan", "pengetahuan umum", "unverified"),
    ),
    DueRule(
        "PKH", 0, LegalReference("Kalender penyaluran PKH", "hari terakhir tahap", "pengetahuan umum", "unverified")
    ),
)


def due_on(programme: str, period: Period) -> date:
    """The day by which a payment counts as on time; the period's last day for a programme without a rule."""
    rule = next((one for one in CALENDAR if one.programme == programme), None)
    if rule is None or rule.day == 0:
        return period.last_day
    return period.first_day.replace(day=rule.day)
