"""Add officers, prove who they are, check what they may do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import connections, transaction
from django.utils.crypto import salted_hmac

from salur.foundation.access.models import Grant, Officer, Role
from salur.foundation.access.permissions import INCOMPATIBLE, MAY
from salur.foundation.audit import record as audit
from salur.foundation.regions import codes
from salur.foundation.vocabulary.codes import Channel
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.region_code import area_bounds, normalise
from salur.foundation.vocabulary.search_key import search_key

PASSWORD_LENGTH_MIN = 12
NAME_LENGTH_MIN = 3  # a shorter account name stands in most words, so it makes no password weak


class NotPermitted(Refused):
    """The officer's roles do not allow this."""


class NotProven(Refused):
    """Nobody has proved to be this officer."""


class RolesIncompatible(Refused):
    """One person may not hold both roles, under any account."""


@dataclass(frozen=True)
class Actor:
    """Who acts, as far as commands and pages need to know."""

    id: int
    name: str
    person: str
    area: str
    channel: str
    roles: frozenset[str]

    def may(self, what: str) -> bool:
        return bool(MAY[what] & self.roles)

    def require(self, what: str) -> None:
        """Raise NotPermitted unless one of the actor's roles allows it."""
        if not self.may(what):
            needed = ", ".join(sorted(MAY[what]))
            raise NotPermitted(
                _("%(name)s tidak berwenang untuk ini; diperlukan peran: %(needed)s. Minta admin menambah pengguna.")
                % {"name": self.name, "needed": needed}
            )

    def require_whole_country(self) -> None:
        """Runs over all families may be started only by officers whose area is the country."""
        if self.area != "00":
            raise NotPermitted(
                _(
                    "Pekerjaan ini mencakup seluruh negeri, wilayah %(name)s hanya %(area)s; minta petugas pusat (wilayah 00)."
                )
                % {"name": self.name, "area": self.area}
            )

    def sees(self, region_code: str) -> bool:
        low, high = area_bounds(self.area)
        return low <= region_code < high


def actor(name: str) -> Actor:
    """The officer with this name. Raises NotProven when there is none."""
    officer = Officer.objects.filter(name=name, is_active=True).first()
    if officer is None:
        raise NotProven(
            _("Tidak ada pengguna %(name)s yang aktif; lihat salur user list, atau tambahkan dengan salur user add.")
            % {"name": name}
        )
    return Actor(
        officer.pk,
        officer.name,
        officer.person,
        officer.area,
        officer.channel,
        frozenset(officer.grants.values_list("role", flat=True)),
    )


def anybody() -> bool:
    """Whether there is an account at all."""
    return Officer.objects.exists()


def prove(name: str, *, token: str | None = None, password: str | None = None) -> bool:
    """True when the token or the password belongs to the officer."""
    officer = Officer.objects.filter(name=name, is_active=True).first()
    if officer is None:
        if password:
            make_password(
                password
            )  # an unknown name takes as long as a known one, so that the time tells nobody which names exist
        return False
    if token and officer.token_sha256:
        return hmac.compare_digest(digest_of(token), officer.token_sha256)
    return bool(password and officer.password and check_password(password, officer.password))


def stamp(name: str) -> str:
    """Differs as soon as the account's token or password does: a session that carries an older one is over. '' when there is none."""
    officer = Officer.objects.filter(name=name, is_active=True).first()
    return salted_hmac("officer", f"{officer.token_sha256} {officer.password}").hexdigest() if officer else ""


def new_token() -> str:
    """192 bits by chance, so that a plain digest of it is enough."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def administered(name: str, *, by: Actor) -> Officer:
    """The active account of this name, for an administrator of its area. Raises NotPermitted to anybody else."""
    by.require("users")
    officer = Officer.objects.filter(name=name, is_active=True).first()
    if officer is None:
        raise Refused(_("Tidak ada akun %(name)s yang aktif; lihat salur user list.") % {"name": name})
    if not by.sees(officer.area):
        raise NotPermitted(
            _("Pengguna %(name)s di luar wilayah Anda (%(area)s); minta admin wilayahnya.")
            % {"name": name, "area": by.area}
        )
    return officer


@transaction.atomic
def add(name: str, *, role: str, area: str, by: str, channel: str = "", person: str = "", password: str = "") -> str:
    """Give an account a role. A new account gets a token, returned once and kept only as its digest; an old one gets ''.

    Raises RolesIncompatible when the person behind the account holds a role that excludes this one, under any account, also one
    that has been disabled: what a person did under it may still have to be checked by another.
    """
    if role not in Role.values:
        raise Refused(
            _("Peran %(role)s tidak dikenal; pilih: %(all)s.") % {"role": role, "all": ", ".join(Role.values)}
        )
    code = normalise(area)
    if code is None or not (code == "00" or codes.exists(code)):
        raise Refused(_("Kode wilayah %(area)s tidak dikenal; pakai 00 atau kode Kemendagri.") % {"area": area})
    if (role == Role.CHANNEL) != bool(channel):
        raise Refused(_("Peran channel, dan hanya peran itu, memerlukan --channel (misalnya BRI)."))
    if channel and channel not in set(Channel):
        raise Refused(
            _("Kanal %(channel)s tidak dikenal; pilih: %(known)s.") % {"channel": channel, "known": ", ".join(Channel)}
        )
    officer = Officer.objects.filter(name=name).first()
    person = officer.person if officer and not person else search_key(person or name)
    if not person:
        raise Refused(_("Nama akun %(name)s tidak memuat huruf atau angka; pakai nama lain.") % {"name": name})
    _lock_person(person)
    officer = Officer.objects.filter(name=name).first()
    if officer and not officer.is_active:
        raise Refused(
            _("Akun %(name)s sudah dinonaktifkan; pakai nama akun lain dengan --person yang sama.") % {"name": name}
        )
    if officer and (officer.area != code or officer.person != person or officer.channel != channel):
        raise Refused(
            _("Akun %(name)s sudah ada untuk wilayah %(area)s; pakai nama akun lain dengan --person yang sama.")
            % {"name": name, "area": officer.area}
        )
    held = set(Grant.objects.filter(officer__person=person).values_list("role", flat=True))
    for pair in INCOMPATIBLE:
        if role in pair and held & (pair - {role}):
            other = next(iter(held & (pair - {role})))
            raise RolesIncompatible(
                _(
                    "Satu orang tidak boleh memegang peran %(one)s dan %(two)s, juga dengan akun lain; tunjuk orang lain."
                )
                % {"one": other, "two": role}
            )
    token = ""
    if officer is None:
        token = new_token()
        officer = Officer.objects.create(
            name=name,
            person=person,
            area=code,
            channel=channel,
            created_by=by,
            token_sha256=digest_of(token),
            password=make_password(password) if password else "",
        )
    Grant.objects.get_or_create(officer=officer, role=role, defaults={"granted_by": by})
    audit.record("user.granted", f"officer:{officer.pk}", by=by, role=role, area=code)
    return token


@transaction.atomic
def set_password(name: str, password: str, *, by: Actor) -> None:
    """Let an account sign in with a password. Officers set their own; an admin sets those of the own area."""
    officer = Officer.objects.filter(name=name, is_active=True).first()
    if officer is None or officer.pk != by.id:
        officer = administered(name, by=by)
    if _is_weak(password, name):
        raise Refused(
            _("Kata sandi minimal %(n)s karakter, beragam, dan tanpa nama akun; pakai misalnya empat kata acak.")
            % {"n": PASSWORD_LENGTH_MIN}
        )
    Officer.objects.filter(pk=officer.pk).update(password=make_password(password))
    audit.record("user.password", f"officer:{officer.pk}", by=by.name)


def _is_weak(password: str, name: str) -> bool:
    """Short, made of few characters, or built around the account's name."""
    is_short = len(password) < PASSWORD_LENGTH_MIN or len(set(password)) < PASSWORD_LENGTH_MIN // 2
    key = search_key(name)
    return is_short or (len(key) >= NAME_LENGTH_MIN and key in search_key(password))


def _lock_person(person: str) -> None:
    """Two grants to one person wait for each other, so that neither overlooks the other."""
    with connections["default"].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"person:{person}"])


@contextmanager
def reading_as(who: Actor) -> Iterator[str]:
    """The database alias on which every query sees the actor's area only: `.using(alias)` or `connections[alias]`."""
    with transaction.atomic(using="app"), connections["app"].cursor() as cursor:
        cursor.execute("select set_config('salur.actor', %s, true)", [str(who.id)])
        yield "app"
