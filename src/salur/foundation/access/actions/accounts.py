"""The accounts of an area: list them, disable one, renew a token."""

from __future__ import annotations

from django.db import connections, transaction

from salur.foundation.access.actions.officers import Actor, administered, digest_of, new_token, reading_as
from salur.foundation.access.models import Officer
from salur.foundation.audit import record as audit
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _


class OwnAccount(Refused):
    """Nobody disables the account they act under, so that an area keeps an administrator."""


def listed(*, by: Actor) -> list[dict[str, object]]:
    """The accounts of the own area, disabled ones too, by name."""
    by.require("users")
    with reading_as(by) as alias, connections[alias].cursor() as cursor:
        cursor.execute(
            '''select name as "user", person, area, channel, roles, is_active as active, created_at, created_by
               from accounts_of_area() order by name collate "C"'''
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@transaction.atomic
def disable(name: str, *, reason: str, by: Actor) -> None:
    """From now on nobody acts under the account, signs in to it or goes on with a session of it. What it did, and the roles that
    its person held, stay on record: they are checked when that person gets another account."""
    officer = administered(name, by=by)
    if officer.pk == by.id:
        raise OwnAccount(_("Akun sendiri tidak dapat dinonaktifkan; minta admin lain melakukannya."))
    if not reason.strip():
        raise Refused(_("Sebutkan alasannya dengan --reason; alasan disimpan di jejak audit."))
    Officer.objects.filter(pk=officer.pk).update(is_active=False, token_sha256="", password="")
    audit.record("user.disabled", f"officer:{officer.pk}", by=by.name, reason=reason)


@transaction.atomic
def renew(name: str, *, by: Actor) -> str:
    """Another token, returned once; the old one and every session of the account end with it."""
    officer = administered(name, by=by)
    token = new_token()
    Officer.objects.filter(pk=officer.pk).update(token_sha256=digest_of(token))
    audit.record("user.renewed", f"officer:{officer.pk}", by=by.name)
    return token
