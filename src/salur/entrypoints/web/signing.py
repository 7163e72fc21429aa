"""Who is signed in, kept in a signed cookie."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from salur.foundation.access.actions.officers import Actor, NotProven, actor, prove, stamp
from salur.foundation.access.models import Officer, Role
from salur.foundation.access.permissions import MAY
from salur.foundation.database.home import secret
from salur.foundation.regions import codes

KEY, STAMP = "officer", "stamp"


@dataclass(frozen=True)
class Invitation:
    """One button of a demo home: an account that anyone may try."""

    name: str
    roles: tuple[str, ...]
    area: str


def is_demo() -> bool:
    """Whether all data of this home are synthetic; only then is a name enough."""
    return secret("demo") == "yes"


def officer_of(request: HttpRequest) -> Actor | None:
    """Who is signed in. The account is read anew each time, so that one that was disabled is out at once, and so is whoever
    signed in with a token or password that has been replaced."""
    name = request.session.get(KEY)
    if not name:
        return None
    if not constant_time_compare(request.session.get(STAMP, ""), stamp(name)):
        close(request)
        return None
    try:
        return actor(name)
    except NotProven:
        close(request)
        return None


def is_proven(name: str, password: str) -> bool:
    """Whether the password, or the account's token, belongs to the name; in a demo home the name is enough."""
    if is_demo() and not password:
        return any(invited.name == name for invited in invitations())
    return prove(name, password=password) or prove(name, token=password)


def open_for(request: HttpRequest, name: str) -> None:
    """Sign in: whatever the cookie held before is forgotten, and forms get another token."""
    request.session.flush()
    request.session[KEY], request.session[STAMP] = name, stamp(name)
    rotate_token(request)


def close(request: HttpRequest) -> None:
    request.session.flush()


def invitations() -> list[Invitation]:
    """The accounts of a demo home that may look at this page, those made for looking first; none in any other home."""
    if not is_demo():
        return []
    found = Officer.objects.filter(is_active=True, grants__role__in=MAY["monitor"]).distinct()
    invited = [
        Invitation(each.name, tuple(sorted(grant.role for grant in each.grants.all())), codes.name(each.area))
        for each in found.prefetch_related("grants").order_by("area", "id")
    ]
    return sorted(invited, key=lambda each: Role.MONITOR not in each.roles)
