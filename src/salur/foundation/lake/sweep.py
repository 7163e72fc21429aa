"""Clear up after runs that were killed: what nothing lists does not exist, so it may go once no run is under way."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.db import OperationalError, connection, transaction

from salur.foundation.database import partitions
from salur.foundation.database.home import clear_workplaces, folder
from salur.foundation.database.locks import try_to_be_alone
from salur.foundation.lake.models import ArchivedFile, Dataset


@dataclass(frozen=True)
class Swept:
    """How many of each were left over."""

    stages: int = 0
    datasets: int = 0
    archived: int = 0
    workplaces: int = 0


def sweep() -> Swept | None:
    """Take away stage tables, sealed folders and archived files that nothing lists, and deserted workplaces.

    None when a run is under way: then the next call clears up. Runs wait for the moment that this takes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not try_to_be_alone(cursor):
            return None
        return Swept(
            stages=sum(_dropped(name) for name in partitions.left_over(cursor)),
            datasets=sum(_removed(place) for place in left_over_datasets()),
            archived=sum(_removed(place) for place in left_over_archived()),
            workplaces=clear_workplaces(),
        )


def left_over_datasets() -> list[Path]:
    """Folders of the lake that no row of the catalogue lists."""
    lake = folder("lake")
    listed = {
        lake / Path(entry["path"]).parent
        for files in Dataset.objects.values_list("files", flat=True)
        for entry in files
    }
    return _unlisted(set(lake.glob("*/*")), listed)


def left_over_archived() -> list[Path]:
    """Files of the archive that no row lists: copies of personal data without a date on which they are deleted."""
    archive = folder("archive")
    listed = {archive.parent / path for path in ArchivedFile.objects.values_list("path", flat=True)}
    return _unlisted(set(archive.glob("*/*")), listed)


def _unlisted(found: set[Path], listed: set[Path]) -> list[Path]:
    """A catalogue that lists nothing of what is there belongs to another home (a wrong DATABASE_URL): then nothing may go."""
    return sorted(found - listed) if found & listed else []


def _removed(place: Path) -> bool:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
    return True


def _dropped(name: str) -> bool:
    """False when the server still works on the table for a process that is gone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"lock table {name} in access exclusive mode nowait")
            cursor.execute(f"drop table {name}")
    except OperationalError:
        return False
    return True
