"""Submit a list, approve it, or send it back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from salur.budget.actions import ceilings
from salur.cycles.models import Control, Cycle, PaymentPeriod, State
from salur.cycles.queries import summary
from salur.enrolment.actions import approved
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.lake.read import check_bytes
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _


class SameOfficer(Refused):
    """Nobody approves their own list, under a second account of the same person either."""


class ListChanged(Refused):
    """The rows are no longer those whose digest was seen."""


class WrongState(Refused):
    """The cycle does not stand where this step begins."""


def find(code: str) -> Cycle:
    """The cycle with this code. Raises Refused when there is none."""
    cycle = Cycle.objects.filter(code=code).first()
    if cycle is None:
        raise Refused(_("Tahap %(code)s tidak ada; buka dengan salur cycle open.") % {"code": code})
    return cycle


def year_of(cycle: Cycle) -> int:
    """The budget year: that of the first month owed."""
    return first_period(cycle).first_month // 12


def first_period(cycle: Cycle) -> PaymentPeriod:
    """The period of the earliest month owed; every cycle has one."""
    return cycle.periods.order_by("first_month")[0]


@transaction.atomic
def submit(code: str, *, by: Actor) -> dict[str, object]:
    """The planner puts the list before the approver. Refused when the ceiling does not carry it, naming the shortage."""
    by.require("plan")
    by.require_whole_country()
    cycle = _locked(code)
    if cycle.state == State.SUBMITTED:
        return summary(cycle)
    _require_state(cycle, State.DRAFT)
    check_unchanged(cycle)
    ceilings.check(cycle.programme, year_of(cycle), cycle.entitled_rupiah)
    cycle.state, cycle.submitted_by, cycle.submitted_person, cycle.submitted_at = (
        State.SUBMITTED,
        by.name,
        by.person,
        timezone.now(),
    )
    cycle.save()
    audit.record("cycle.submitted", code, by=by.name, digest=cycle.list_digest, rupiah=cycle.entitled_rupiah)
    return summary(cycle)


@transaction.atomic
def approve(code: str, *, by: Actor, seen_digest: str | None = None) -> dict[str, object]:
    """A second officer accepts the list, so money is reserved. `seen_digest`: the digest that was on the approver's screen."""
    by.require("approve")
    by.require_whole_country()
    cycle = _locked(code)
    if cycle.state not in (State.DRAFT, State.SUBMITTED, State.SENT_BACK) and cycle.approved_by == by.name:
        return summary(cycle)
    _require_state(cycle, State.SUBMITTED)
    if by.person in (cycle.opened_person, cycle.submitted_person):
        raise SameOfficer(
            _("Daftar %(code)s disusun orang yang sama; persetujuan harus dari petugas lain.") % {"code": code}
        )
    if seen_digest and seen_digest != cycle.list_digest:
        raise ListChanged(
            _("Daftar %(code)s berubah sejak dilihat; periksa ringkasan baru lalu setujui lagi.") % {"code": code}
        )
    check_unchanged(cycle)
    cycle.state, cycle.approved_by, cycle.approved_person = State.APPROVED, by.name, by.person
    cycle.approved_at, cycle.approved_digest = timezone.now(), cycle.list_digest
    cycle.save()
    for period in cycle.periods.select_related("determination"):
        approved.keep(period.determination, by=by.name)
    ceilings.reserve(cycle.programme, year_of(cycle), code, per_regency(cycle), by=by.name)
    audit.record("cycle.approved", code, by=by.name, digest=cycle.list_digest, rupiah=cycle.entitled_rupiah)
    return {**summary(cycle), "audit_head": audit.head()}


@transaction.atomic
def send_back(code: str, *, by: Actor, reason: str) -> dict[str, object]:
    """The approver returns the list with a reason; the planner opens it anew."""
    by.require("approve")
    by.require_whole_country()
    cycle = _locked(code)
    _require_state(cycle, State.SUBMITTED)
    if not reason.strip():
        raise Refused(_("Sebutkan alasan pengembalian dengan --reason."))
    cycle.state, cycle.sent_back_reason = State.SENT_BACK, reason
    cycle.save()
    audit.record("cycle.sent_back", code, by=by.name, reason=reason)
    return summary(cycle)


def per_regency(cycle: Cycle) -> dict[str, int]:
    """Rupiah of the list in each regency, all periods together."""
    sums: Counter[str] = Counter()
    for region, rupiah in Control.objects.filter(cycle=cycle).values_list("region_code", "rupiah"):
        sums[region] += rupiah
    return dict(sums)


def check_unchanged(cycle: Cycle) -> None:
    """Compare the rows, regency by regency, with the control figures, and the sealed files with their seal. Raises ListChanged."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from
                 (select period_id, left(region_code, 4) as region_code, count(*) as n, sum(amount_rupiah)::bigint as rupiah
                  from entitlement where period_id in (select id from cycles_paymentperiod where cycle_id = %s) group by 1, 2) found
               full join (select period_id, region_code, entitlements as n, rupiah from cycles_control where cycle_id = %s) stored
                 using (period_id, region_code)
               where found.n is distinct from stored.n or found.rupiah is distinct from stored.rupiah""",
            [cycle.pk, cycle.pk],
        )
        differing = cursor.fetchone()[0]
    totals = Control.objects.filter(cycle=cycle).values_list("entitlements", "rupiah")
    count, rupiah = sum(n for n, _r in totals), sum(r for _n, r in totals)
    if differing or (count, rupiah) != (cycle.entitlements, cycle.entitled_rupiah):
        raise ListChanged(
            _(
                "Daftar %(code)s tidak lagi sama dengan yang disegel (%(n)s kabupaten/kota berbeda); jalankan salur audit."
            )
            % {"code": cycle.code, "n": differing}
        )
    for period in cycle.periods.select_related("entitled"):
        check_bytes(period.entitled)


def comparison(cycle: Cycle) -> dict[str, Any]:
    """What the checker sees besides the list's own figures: the difference from the previous cycle, and warnings."""
    first = first_period(cycle).first_month
    earlier = (
        Cycle.objects.filter(programme=cycle.programme, periods__end_month__lte=first).exclude(approved_digest="")
        .order_by("-periods__end_month").first()
    )  # fmt: skip
    warnings = []
    for period in cycle.periods.select_related("determination"):
        unfilled = sum(period.determination.summary.get("unfilled", {}).values())
        if unfilled:
            warnings.append(_("%(n)s tempat kuota %(period)s belum terisi") % {"n": unfilled, "period": period.period})
    return {
        "previous_cycle": earlier.code if earlier else None,
        "entitlements_difference": cycle.entitlements - earlier.entitlements if earlier else None,
        "rupiah_difference": cycle.entitled_rupiah - earlier.entitled_rupiah if earlier else None,
        "warnings": warnings,
    }


def _locked(code: str) -> Cycle:
    find(code)
    return Cycle.objects.select_for_update().get(code=code)


def _require_state(cycle: Cycle, expected: State) -> None:
    if cycle.state != expected:
        raise WrongState(
            _("Tahap %(code)s berstatus %(state)s; langkah ini memerlukan %(expected)s.")
            % {"code": cycle.code, "state": cycle.state, "expected": expected.value}
        )
