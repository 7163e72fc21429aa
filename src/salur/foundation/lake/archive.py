"""Keep files as received and as sent: they hold personal data, so they stay out of the lake, readable by the owner only."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction

from salur.foundation.database.home import home, sync_folder
from salur.foundation.database.locks import keep_sweeper_out
from salur.foundation.lake.models import ArchivedFile

# Ten years: the usual retention of financial records in Indonesian government; unconfirmed for these files.
KEEP_DAYS = 3653


def keep(source: Path, *, purpose: str, name: str, by: str, partner: str = "") -> ArchivedFile:
    """Copy a file into the archive (0600, synced) and list it. The copy is complete before the row exists."""
    with transaction.atomic(), connection.cursor() as cursor:
        keep_sweeper_out(cursor)
        stored = store(source, purpose=purpose, name=name, by=by, partner=partner)
        stored.save()
        return stored


def store(source: Path, *, purpose: str, name: str, by: str, partner: str = "") -> ArchivedFile:
    """Copy a file into the archive and give the row, not saved yet: for callers that hold a run lock and list the file
    together with what it belongs to. A file that nobody lists is swept."""
    folder = home() / "archive" / purpose
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / uuid.uuid4().hex
    with (
        source.open("rb") as reading,
        os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as writing,
    ):
        shutil.copyfileobj(reading, writing, 1 << 20)
        writing.flush()
        os.fsync(writing.fileno())
    sync_folder(folder)
    with target.open("rb") as written:
        sha = hashlib.file_digest(written, "sha256").hexdigest()
    return ArchivedFile(
        purpose=purpose,
        name=name,
        path=str(target.relative_to(home())),
        size=target.stat().st_size,
        sha256=sha,
        partner=partner,
        by=by,
        keep_until=date.today() + timedelta(days=KEEP_DAYS),
    )


def path_of(archived: ArchivedFile) -> Path:
    """Where an archived file lies."""
    return home() / archived.path


def is_intact(archived: ArchivedFile) -> bool:
    """True when the archived bytes are still those that were kept."""
    file = path_of(archived)
    if not file.is_file():
        return False
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() == archived.sha256
