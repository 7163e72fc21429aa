"""Who is admitted, held, waiting or not admitted: the quota tree and the draw, family by family."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .reading import plain_code, read
from .register import Household
from .rules import Month, doubt, refusal


@dataclass(frozen=True)
class Outcome:
    """`rank` is the place inside the quota region, from 1; 0 for who is not ranked."""

    outcome: str
    reason: str
    rank: int


def path_upwards(code: str) -> list[str]:
    """The code itself, then the regions that hold it, up to the country."""
    return [code[:length] for length in (10, 6, 4, 2) if length <= len(code) and code != "00"] + ["00"]


def rows_for(path: Path, programme: str, period: str, column: str) -> dict[str, str]:
    """Value by region code from a quotas or channels file, for one programme and period."""
    wanted = [row for row in read(path).rows if row and (row["program"], row["periode"]) == (programme, period)]
    return {plain_code(row["kode_wilayah"]): row[column] for row in wanted}


def nearest(code: str, table: Mapping[str, object]) -> str | None:
    """The most detailed region on the path for which the table has a row."""
    return next((region for region in path_upwards(code) if region in table), None)


def places(quotas: Mapping[str, int]) -> dict[str, int]:
    """Each region keeps what the quota regions directly below it leave over."""
    left = dict(quotas)
    for region, quota in quotas.items():
        above = nearest_above(region, quotas)
        if above is not None:
            left[above] -= quota
    return left


def nearest_above(region: str, quotas: Mapping[str, int]) -> str | None:
    """The closest region that holds this one and has a quota of its own."""
    return next((higher for higher in path_upwards(region) if higher != region and higher in quotas), None)


def draw(secret: str, recipient: int) -> str:
    """The lot of one family, as hex text."""
    return hashlib.sha256(f"{secret}:{recipient}".encode()).hexdigest()


def determine(
    households: Sequence[Household], programme: str, period: Month, quotas: Mapping[str, int], secret: str
) -> dict[int, Outcome]:
    """Outcome by recipient."""
    outcomes: dict[int, Outcome] = {}
    queues: dict[str, list[tuple[int, str, int, str]]] = defaultdict(list)
    for home in households:
        reason = refusal(programme, period, home.decile, home.members)
        region = nearest(home.village, quotas)
        if reason or region is None:
            outcomes[home.recipient] = Outcome("not_admitted", reason or "TANPA_KUOTA", 0)
            continue
        hold = doubt(period, home.holder, home.members)
        queues[region].append((home.decile or 0, draw(secret, home.recipient), home.recipient, hold))
    left = places(quotas)
    for region, queue in queues.items():
        for rank, (_decile, _lot, recipient, hold) in enumerate(sorted(queue), start=1):
            if rank > left[region]:
                outcomes[recipient] = Outcome("waiting", "DI_BAWAH_GARIS_KUOTA", rank)
            elif hold:
                outcomes[recipient] = Outcome("held", hold, rank)
            else:
                outcomes[recipient] = Outcome("admitted", "DALAM_KUOTA", rank)
    return outcomes
