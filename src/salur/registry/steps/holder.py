"""Choose the holder (pengurus) of each family: who receives for it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from salur.foundation.vocabulary.codes import CivilStatus, Relation

ADULT_YEARS = 17
_ORDER_ACCOUNT, _ORDER_HEAD, _ORDER_SPOUSE, _ORDER_OLDEST = 0, 1, 2, 3


def holder(persons: ir.Table, account_holders: ir.Table, *, as_of_year: int, as_of_day: int) -> ir.Table:
    """One row per family that has one: recipient_id, holder_id, holder_status.

    persons: release persons. account_holders: person_id. The living person with an account; none: the head, dead or alive, else
    the living spouse, else the oldest living member of 17 or more on the release's date (as_of_day is month × 100 + day).
    """
    marked = persons.left_join(account_holders.mutate(has_account=True), "person_id")
    alive = persons.civil_status != CivilStatus.MENINGGAL.value
    born = marked.birth_date
    age = as_of_year - born.year() - ibis.cases((born.month() * 100 + born.day() > as_of_day, 1), else_=0)
    order = ibis.cases(
        (alive & marked.has_account.fill_null(False), _ORDER_ACCOUNT),
        (marked.relation == Relation.KEPALA.value, _ORDER_HEAD),
        (alive & (marked.relation == Relation.PASANGAN.value), _ORDER_SPOUSE),
        (alive & (age >= ADULT_YEARS), _ORDER_OLDEST),
        else_=ibis.null("int8"),
    )
    able = marked.mutate(order=order).filter(lambda t: t.order.notnull())
    first = ibis.row_number().over(group_by=able.recipient_id, order_by=[able.order, able.birth_date, able.person_id])
    return (
        able.mutate(place=first)
        .filter(lambda t: t.place == 0)
        .select(recipient_id="recipient_id", holder_id="person_id", holder_status="civil_status")
    )
