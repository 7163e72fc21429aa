"""Post to the double-entry ledger, and read what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from salur.budget.models import Account, Posting


@dataclass(frozen=True)
class Movement:
    """Rupiah that move from one state to another, in one regency and channel. A negative amount is posted as its reversal."""

    debit: Account
    credit: Account
    rupiah: int
    region_code: str
    channel: str = ""


def post(movements: Iterable[Movement], *, programme: str, year: int, cycle: str, step: str, by: str) -> int:
    """Write the movements; those of 0 rupiah are left out. How many postings were written."""
    lines = []
    for movement in movements:
        if movement.rupiah == 0:
            continue
        debit, credit = (movement.debit, movement.credit) if movement.rupiah > 0 else (movement.credit, movement.debit)
        lines.append(
            Posting(
                day=date.today(),
                debit=debit,
                credit=credit,
                rupiah=abs(movement.rupiah),
                programme=programme,
                year=year,
                cycle=cycle,
                region_code=movement.region_code,
                channel=movement.channel,
                step=step,
                by=by,
            )  # fmt: skip
        )
    Posting.objects.bulk_create(lines, batch_size=1000)
    return len(lines)


def balances(cycle: str) -> dict[tuple[str, str], dict[str, int]]:
    """For each (regency, channel) of a cycle: the balance of every account, debits less credits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select region_code, channel, account, sum(rupiah)::bigint from (
                   select region_code, channel, debit as account, rupiah from budget_posting where cycle = %s
                   union all
                   select region_code, channel, credit, -rupiah from budget_posting where cycle = %s) b
               group by 1, 2, 3""",
            [cycle, cycle],
        )
        found: dict[tuple[str, str], dict[str, int]] = {}
        for region, channel, account, rupiah in cursor.fetchall():
            found.setdefault((region, channel), {})[account] = rupiah
    return found


def totals(cycle: str) -> dict[str, int]:
    """The balance of every account over the whole cycle."""
    whole = dict.fromkeys(Account.values, 0)
    for accounts in balances(cycle).values():
        for account, rupiah in accounts.items():
            whole[account] += rupiah
    return whole
