"""The channels we know, and which one serves a region and period."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from salur.delivery.models import Channel, ChannelAssignment
from salur.foundation.access.actions.officers import Actor
from salur.foundation.audit import record as audit
from salur.foundation.intake.shapes import Shape
from salur.foundation.intake.smallfile import Problem, Row, take
from salur.foundation.lake import archive
from salur.foundation.vocabulary.language import _
from salur.programmes.actions.quotas import judge_place, refuse_bps_codes
from salur.programmes.queries import period_kinds

CHANNELS = Shape("channels", ("program", "periode", "kode_wilayah", "kanal"))
KEY = ("program", "periode", "kode_wilayah")

# Code, name, needs an account, usual digits of an account number (unconfirmed).
SHIPPED = (
    ("BRI", "Bank Rakyat Indonesia", True, 15),
    ("BNI", "Bank Negara Indonesia", True, 10),
    ("MANDIRI", "Bank Mandiri", True, 13),
    ("BTN", "Bank Tabungan Negara", True, 16),
    ("BSI", "Bank Syariah Indonesia", True, 10),
    ("POS", "PT Pos Indonesia", False, None),
)


def load() -> None:
    """Put the shipped channels on record; those that stand are left as they are."""
    for code, name, needs_account, digits in SHIPPED:
        Channel.objects.get_or_create(
            code=code, defaults={"name": name, "needs_account": needs_account, "account_digits": digits}
        )


def import_file(
    path: Path, *, by: Actor, rejected_to: Path | None = None, dry_run: bool = False
) -> list[dict[str, object]]:
    """Say which channel serves which region in which period. A region that is assigned again gets the new channel."""
    by.require("plan")
    by.require_whole_country()
    programmes = period_kinds()
    channels = set(Channel.objects.values_list("code", flat=True))
    taken = take(
        path,
        CHANNELS,
        lambda row: _judge(row, programmes, channels),
        KEY,
        rejected_to=rejected_to,
        refuse=refuse_bps_codes,
        dry_run=dry_run,
    )
    rows = {(r["program"], r["periode"], r["kode_wilayah"]): r["kanal"] for r in taken.rows}
    standing = {
        (c.programme, c.period, c.region_code): c.channel_id
        for c in ChannelAssignment.objects.filter(programme__in=programmes)
    }
    unchanged = sum(standing.get(place) == channel for place, channel in rows.items())
    taken.answer["accepted"] = int(str(taken.answer["accepted"])) - unchanged
    taken.answer["unchanged"] = int(str(taken.answer["unchanged"])) + unchanged
    if not dry_run:
        with transaction.atomic():
            archived = archive.keep(path, purpose="received", name=path.name, by=by.name)
            if taken.rejected_copy:
                archive.keep(taken.rejected_copy, purpose="rejected", name=taken.rejected_copy.name, by=by.name)
            ChannelAssignment.objects.bulk_create(
                [ChannelAssignment(programme=p, period=t, region_code=r, channel_id=c, by=by.name) for (p, t, r), c in rows.items()],
                batch_size=5000, update_conflicts=True, unique_fields=["programme", "period", "region_code"],
                update_fields=["channel", "by", "at"],
            )  # fmt: skip
            audit.record("channel.assigned", f"archive:{archived.pk}", by=by.name, rows=len(rows))
    return [taken.answer]


def _judge(row: Row, programmes: Mapping[str, frozenset[str]], channels: set[str]) -> Problem | None:
    row["kanal"] = row["kanal"].upper()
    if row["kanal"] not in channels:
        return "kanal", _("Kanal tidak dikenal"), _("Pakai salah satu: %(all)s") % {"all": ", ".join(sorted(channels))}
    return judge_place(row, programmes)
