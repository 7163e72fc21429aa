"""Set and revise the ceiling of a programme and year; reserve money for an approved list."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from salur.budget.ledger import Movement, post
from salur.budget.models import Account, BudgetLine, CeilingRevision
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.rupiah import format_rupiah
from salur.programmes.queries import rules


class CeilingExceeded(Refused):
    """The money asked for is more than the ceiling leaves."""


@transaction.atomic
def set_ceiling(programme: str, year: int, rupiah: int, decree: str, *, by: Actor) -> dict[str, object]:
    """A decree sets the ceiling; the earlier ones stay on record. Raises CeilingExceeded below what is committed already."""
    by.require("plan")
    by.require_whole_country()
    if not decree.strip():
        raise Refused(_("Sebutkan nomor keputusannya dengan --decree."))
    rules(programme)
    line, _created = BudgetLine.objects.select_for_update().get_or_create(programme=programme, year=year)
    if rupiah < line.committed:
        raise CeilingExceeded(
            _("Pagu %(new)s di bawah komitmen %(committed)s; naikkan pagu.")
            % {"new": format_rupiah(rupiah), "committed": format_rupiah(line.committed)}
        )
    latest = line.revisions.order_by("-pk").first()
    if not (latest and latest.rupiah == rupiah and latest.decree == decree):
        CeilingRevision.objects.create(line=line, rupiah=rupiah, decree=decree, by=by.name)
        line.ceiling = rupiah
        line.save(update_fields=["ceiling"])
        audit.record("budget.ceiling", f"{programme} {year}", by=by.name, rupiah=rupiah, decree=decree)
    return {
        "programme": programme,
        "year": year,
        "ceiling_rupiah": rupiah,
        "committed_rupiah": line.committed,
        "decree": decree,
    }


def check(programme: str, year: int, rupiah: int) -> None:
    """Raise CeilingExceeded, naming the shortage, when the ceiling does not carry the amount."""
    line = BudgetLine.objects.filter(programme=programme, year=year).first()
    names = {"programme": programme, "year": year}
    if line is None:
        raise CeilingExceeded(_("Belum ada pagu %(programme)s %(year)s; jalankan salur budget ceiling.") % names)
    free = line.ceiling - line.committed
    if rupiah > free:
        raise CeilingExceeded(
            _(
                "Pagu %(programme)s %(year)s kurang %(short)s: tersisa %(free)s, diperlukan %(needed)s; minta revisi pagu."
            )
            % {
                **names,
                "short": format_rupiah(rupiah - free),
                "free": format_rupiah(free),
                "needed": format_rupiah(rupiah),
            }
        )


def reserve(programme: str, year: int, cycle: str, per_regency: Mapping[str, int], *, by: str) -> None:
    """Commit the rupiah of an approved list, regency by regency. The database refuses what the ceiling does not carry."""
    BudgetLine.objects.select_for_update().get(programme=programme, year=year)
    check(programme, year, sum(per_regency.values()))
    movements = [
        Movement(Account.COMMITTED, Account.CEILING, rupiah, regency) for regency, rupiah in sorted(per_regency.items())
    ]
    post(movements, programme=programme, year=year, cycle=cycle, step="approve", by=by)
