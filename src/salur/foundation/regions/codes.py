"""The packaged list of regions: 38 provinces, 514 regencies and cities, 7,285 districts, 83,762 villages.

It is read once, when first asked. Codes are those of Kemendagri without dots; the country is not in the file, and is
added as "00".
"""

import csv
import gzip
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from salur.foundation.vocabulary import region_code
from salur.foundation.vocabulary.region_code import COUNTRY, Level
from salur.foundation.vocabulary.tables import Table

FILE: Final = Path(__file__).parent / "data" / "regions.csv.gz"
COUNTRY_NAME: Final = "Indonesia"

REGIONS: Final = Table("regions", {"code": "text", "parent": "text?", "level": "text", "name": "text"}, ("code",))


def exists(code: str) -> bool:
    """Whether there is a place with this code (without dots); the country is one."""
    return code in _names()


def name(code: str) -> str:
    """The name of a place, or the code itself when it is not on the list: an old code must still be shown."""
    return _names().get(code, code)


def path_names(code: str) -> tuple[str, ...]:
    """The names from the province down to the place; the country alone for itself."""
    steps = region_code.path(code)
    return tuple(name(step) for step in (steps[1:] or steps))


def known_codes(level: Level) -> pa.Table:
    """One column `code`: all places of one level, sorted."""
    return pa.table({"code": pa.array(codes_of(level), pa.string())})


@lru_cache
def codes_of(level: Level) -> tuple[str, ...]:
    """All codes of one level, sorted."""
    return tuple(code for code in _names() if region_code.level(code) == level)


def children(code: str) -> tuple[str, ...]:
    """The places directly inside a place, sorted; none inside a village."""
    levels = list(Level)
    below = levels.index(region_code.level(code)) + 1
    if below == len(levels):
        return ()
    return tuple(child for child in codes_of(levels[below]) if region_code.is_inside(child, code))


@lru_cache
def table() -> pa.Table:
    """All places as `REGIONS`: code, parent, level, name; sorted by code, the country first."""
    names = _names()
    columns = {
        "code": list(names),
        "parent": [region_code.parent(code) for code in names],
        "level": [region_code.level(code).value for code in names],
        "name": list(names.values()),
    }
    return pa.table(columns, schema=REGIONS.arrow_schema())


@lru_cache
def _names() -> Mapping[str, str]:
    """Code to name, in order of the codes."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        named = {row["code"]: row["name"] for row in csv.DictReader(lines, strict=True)}
    return MappingProxyType({COUNTRY: COUNTRY_NAME} | named)
