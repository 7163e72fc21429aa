"""Load the packaged list of regions where pages look it up."""

from __future__ import annotations

from django.db import connection, transaction

from salur.foundation.database.load import copy_arrow
from salur.foundation.regions import codes

# Only what differs is written: the list is loaded again at every start.
_WRITE = """insert into regions_region (code, parent, level, name)
    select code, coalesce(parent, ''), level, name from packaged_region
    on conflict (code) do update set parent = excluded.parent, level = excluded.level, name = excluded.name
    where (regions_region.parent, regions_region.level, regions_region.name) is distinct from
          (excluded.parent, excluded.level, excluded.name)"""


@transaction.atomic
def load_regions() -> int:
    """Bring the table to the packaged list; how many regions there are. Regions no longer listed stay: old data name them."""
    packaged = codes.table()
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table packaged_region (code text, parent text, level text, name text) on commit drop"
        )
        copy_arrow(connection.connection, "packaged_region", [packaged])
        cursor.execute(_WRITE)
    return packaged.num_rows
