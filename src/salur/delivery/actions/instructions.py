"""Release prepared instructions: from then on the money is at the channels."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from salur.budget.ledger import Movement, post
from salur.budget.models import Account
from salur.cycles.actions import approval
from salur.cycles.models import Cycle, State
from salur.delivery.models import Batch
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.lake.read import check_bytes
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _


@transaction.atomic
def release(code: str, *, by: Actor) -> dict[str, object]:
    """A third person, neither planner nor approver of the list, sends the instructions. Posts the money to the channels."""
    by.require("disburse")
    by.require_whole_country()
    approval.find(code)
    cycle = Cycle.objects.select_for_update().get(code=code)
    batch = Batch.objects.filter(cycle=cycle).order_by("-attempt").first()
    if batch is None:
        raise Refused(_("Instruksi %(code)s belum disiapkan; jalankan salur instruction write.") % {"code": code})
    if not batch.released_by:
        if by.person in (cycle.opened_person, cycle.submitted_person, cycle.approved_person):
            raise Refused(
                _("Instruksi harus dilepas orang ketiga, bukan penyusun atau penyetuju daftar %(code)s.")
                % {"code": code}
            )
        approval.check_unchanged(cycle)
        check_bytes(batch.instructed)
        _post(cycle, batch, by)
        batch.released_by, batch.released_person, batch.released_at = by.name, by.person, timezone.now()
        batch.save()
        cycle.state = State.RELEASED
        cycle.save()
        audit.record("instruction.released", code, by=by.name, instructions=batch.instructions, rupiah=batch.rupiah)
    return {"cycle": code, "instructions": batch.instructions, "instructed_rupiah": batch.rupiah, "state": cycle.state}


def _post(cycle: Cycle, batch: Batch, by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """select left(region_code, 4), channel, sum(amount_rupiah)::bigint from instruction
               where cycle_id = %s and attempt = %s group by 1, 2 order by 1, 2""",
            [cycle.pk, batch.attempt],
        )
        found = cursor.fetchall()
    if sum(rupiah for _r, _c, rupiah in found) != batch.rupiah:
        raise approval.ListChanged(
            _("Instruksi %(code)s tidak lagi sama dengan yang disegel; jalankan salur audit.") % {"code": cycle.code}
        )
    # Committed money carries no channel yet: it leaves the regency's commitment and arrives at the regency's channel.
    movements = [
        Movement(Account.AT_CHANNEL, Account.COMMITTED, rupiah, region, channel) for region, channel, rupiah in found
    ]
    post(
        movements, programme=cycle.programme, year=approval.year_of(cycle), cycle=cycle.code, step="release", by=by.name
    )
