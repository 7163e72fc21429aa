"""Commit the draw that breaks ties, before anybody can know whom it favours."""

from __future__ import annotations

import hashlib
import secrets

from django.db import connection, transaction

from salur.enrolment.models import Draw
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.database.locks import one_at_a_time
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period


@transaction.atomic
def commit(
    programme: str,
    period: Period,
    *,
    by: Actor,
    secret: str | None = None,
    reason: str = "",
    checker: Actor | None = None,
) -> dict[str, str]:
    """Keep the secret and print its hash. A second commit needs a reason and a checker who is another person.

    Raises Refused when one exists and reason or checker is missing.
    """
    by.require("draw.commit")
    by.require_whole_country()
    with connection.cursor() as cursor:  # while there is no draw yet there is no row that could be locked
        one_at_a_time(cursor, f"draw {programme} {period}")
    current = Draw.objects.select_for_update().filter(programme=programme, period=str(period), is_current=True).first()
    value = secret or secrets.token_hex(16)
    commitment = hashlib.sha256(value.encode()).hexdigest()
    if current and current.commitment == commitment:
        return {"programme": programme, "period": str(period), "commitment": commitment}
    if current:
        if not reason.strip() or checker is None:
            raise Refused(
                _(
                    "Undian %(programme)s %(period)s sudah dikunci; untuk mengganti sertakan --reason dan --checker petugas lain."
                )
                % {"programme": programme, "period": period}
            )
        checker.require("draw.commit")
        checker.require_whole_country()
        if checker.person == by.person:
            raise Refused(_("Pemeriksa harus orang lain daripada yang mengganti undian."))
        Draw.objects.filter(pk=current.pk).update(is_current=False)
    Draw.objects.create(
        programme=programme, period=str(period), secret=value, commitment=commitment, committed_by=by.name, person=by.person,
        reason=reason, checked_by=checker.name if checker else "",
    )  # fmt: skip
    audit.record("draw.committed", f"{programme} {period}", by=by.name, commitment=commitment, reason=reason)
    return {"programme": programme, "period": str(period), "commitment": commitment}
