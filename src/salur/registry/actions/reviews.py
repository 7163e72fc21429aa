"""Decide rows that wait: take one, or turn it down."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, connections, transaction

from salur.foundation.access.actions.officers import Actor, reading_as
from salur.foundation.audit import record as audit
from salur.foundation.database.connection import connect
from salur.foundation.database.locks import keep_sweeper_out, run_lock
from salur.foundation.database.rehearsal import rehearsal
from salur.foundation.vocabulary.codes import ReviewReason
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.registry.merge import merge, stages

WAITING = (ReviewReason.KELUARGA_BELUM_ADA, ReviewReason.ORANG_BELUM_ADA)


class NothingToDecide(Refused):
    """The row does not wait, or not in this officer's area."""


class StillContradicts(Refused):
    """The row cannot be taken as things stand."""


class BeyondArea(Refused):
    """The decision would change a family, or turn down a row, outside the officer's area."""


@dataclass(frozen=True)
class Review:
    """A row that waits. `is_on_record`: the standing row that a newer one contradicts."""

    id: int
    kind: str
    reason: str
    nik: str | None
    no_kk: str | None
    region_code: str
    state: str
    is_on_record: bool


def decide(review_id: int, *, accept: bool, reason: str, by: Actor, dry_run: bool = False) -> dict[str, object]:
    """Take the row as it was handed in, or turn it down; other open rows of the same key are turned down with a taken one.

    A taken row passes the same merge as an import; a row that was turned down changes nothing when it comes again, but may
    still be taken later.
    """
    by.require("registry.import")
    if not reason.strip():
        raise Refused(_("Sebutkan alasannya dengan --reason; alasan disimpan bersama keputusan."))
    with connect("owner") as owner, run_lock(owner, "registry.import"), stages(owner) as stem:
        found = _find(review_id, by)
        with transaction.atomic(), rehearsal(dry_run), connection.cursor() as cursor:
            keep_sweeper_out(cursor)
            audit.act_as(by.name)
            if accept:
                _refuse_beyond(found, by)
                _accept(stem, found, reason)
            else:
                _drop(found, reason)
            audit.record(
                "registry.review_decided", f"registry_review:{found.id}", by=by.name, kind=found.kind, reason=found.reason,
                decision="ACCEPTED" if accept else "DROPPED",
            )  # fmt: skip
    return {"id": found.id, "kind": found.kind, "reason": found.reason, "state": "ACCEPTED" if accept else "DROPPED"}


def _find(review_id: int, by: Actor) -> Review:
    """The row, as far as the officer's area reaches."""
    query = """select id, kind, reason, nik, no_kk, region_code, state, file_id is null from registry_review
               where id = %s and state in ('OPEN', 'DROPPED')"""
    with reading_as(by) as alias, connections[alias].cursor() as cursor:
        cursor.execute(query, [review_id])
        row = cursor.fetchone()
    if row is None:
        raise NothingToDecide(
            _("Tidak ada baris %(id)s yang menunggu keputusan; lihat salur registry review list.") % {"id": review_id}
        )
    return Review(*row)


def _refuse_beyond(found: Review, by: Actor) -> None:
    """Who takes a row into one family takes it from another: the person's present one, the one of the card that it names, or the one
    that another waiting row speaks of. Turning a row down concerns its own family only, so that stays with the area.

    A waiting row whose family is not known yet has no region: only an officer of the country sees it.
    """
    key = "no_kk" if found.kind == "families" else "nik"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select o.region_code from registry_review o
                where o.kind = %(kind)s and o.state = 'OPEN' and o.id <> %(id)s and o.{key} = %(key)s
                union select p.region_code from registry_person p where p.nik = %(nik)s
                union select f.region_code from registry_review r
                  join registry_card c on c.no_kk in (r.no_kk, r.given ->> 'no_kk_lama')
                  join registry_family f on f.family_id = c.family_id
                  where r.id = %(id)s""",
            {"kind": found.kind, "id": found.id, "key": getattr(found, key), "nik": found.nik},
        )
        touched = [region for (region,) in cursor.fetchall()]
    if not all(by.sees(region) for region in touched):
        raise BeyondArea(
            _(
                "Keputusan ini juga menyangkut keluarga di luar wilayah Anda; minta registrar pusat (wilayah 00) atau registrar yang "
                "wilayahnya mencakup kedua keluarga."
            )
        )


def _accept(stem: str, found: Review, reason: str) -> None:
    if found.reason in WAITING:
        raise StillContradicts(
            _("Baris ini menunggu keluarga atau orangnya; impor dahulu, lalu baris ini ikut masuk sendiri.")
        )
    _close(found.id, "ACCEPTED", reason)
    _close_others(found)
    if found.is_on_record:
        return
    stage = f"{stem}_{found.kind}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {stage} select (jsonb_populate_record(null::{stage},
                    given - 'decision' - 'reason' || jsonb_build_object('review_id', id, 'is_decided', true))).*
                from registry_review where id = %s""",
            [found.id],
        )
        merge(stem)
        cursor.execute(f"select reason from {stage} where is_decided and decision = 'to_review'")
        if again := cursor.fetchone():
            raise StillContradicts(
                _(
                    "Baris ini masih bertentangan dengan registri (%(reason)s); kirim berkas yang membetulkan baris lainnya."
                )
                % {"reason": again[0]}
            )


def _drop(found: Review, reason: str) -> None:
    if found.state != "OPEN":
        raise NothingToDecide(_("Baris %(id)s sudah ditolak; tidak ada yang perlu dilakukan.") % {"id": found.id})
    if found.is_on_record:
        raise StillContradicts(
            _("Baris ini sudah tercatat di registri; terima baris lain dari orang ini, atau terima baris ini.")
        )
    _close(found.id, "DROPPED", reason)
    with connection.cursor() as cursor:
        # Nothing contradicts the row on record any more when the last newer one has been turned down.
        cursor.execute(
            """update registry_review r set state = 'ACCEPTED', decided_at = now(), decided_by = acting(), decision_reason = %(why)s
               where r.kind = %(kind)s and r.state = 'OPEN' and r.file_id is null and r.nik = %(nik)s and not exists (
                   select 1 from registry_review o
                   where o.kind = r.kind and o.state = 'OPEN' and o.file_id is not null and o.nik = r.nik)""",
            {"why": f"review {found.id}", "kind": found.kind, "nik": found.nik},
        )


def _close(review_id: int, state: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update registry_review set state = %s, decided_at = now(), decided_by = acting(), decision_reason = %s where id = %s",
            [state, reason, review_id],
        )


def _close_others(found: Review) -> None:
    """The other rows of the same person, account or card are turned down with it."""
    key = "no_kk" if found.kind == "families" else "nik"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update registry_review set state = 'DROPPED', decided_at = now(), decided_by = acting(), decision_reason = %s
                where kind = %s and state = 'OPEN' and id <> %s and {key} = %s""",
            [f"review {found.id}", found.kind, found.id, getattr(found, key)],
        )
