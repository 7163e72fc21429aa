"""The provinces as a grid of squares: a picture of where a province lies, not a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salur.entrypoints.web.sheet import Ratio
from salur.foundation.regions import codes

SIDE: Final = 40  # of one square, in units of the drawing
COLUMNS: Final = 15
ROWS: Final = 8

# code label column row
PLACES: Final = """
11 AC 0 0; 12 SU 1 1; 13 SB 1 2; 14 RI 2 2; 21 KR 3 2; 15 JA 2 3; 17 BE 2 4; 16 SS 3 4; 19 BB 4 4; 18 LA 3 5;
36 BT 4 6; 31 JK 5 5; 32 JB 5 6; 33 JT 6 6; 34 YO 6 7; 35 JI 7 6; 51 BA 8 7; 52 NB 9 7; 53 NT 10 7;
61 KB 5 3; 62 KT 6 3; 63 KS 6 4; 64 KI 7 3; 65 KU 7 2; 76 SR 8 4; 72 ST 9 3; 73 SN 9 4; 74 SG 10 4; 75 GO 9 2;
71 SA 10 2; 82 MU 11 3; 81 MA 11 4; 96 PD 12 3; 92 PB 13 3; 91 PA 14 3; 94 PT 13 4; 95 PE 14 4; 93 PS 14 5
"""


@dataclass(frozen=True)
class Tile:
    """One province; `address` is empty where there is nothing to open."""

    label: str
    name: str
    x: int
    y: int
    ratio: Ratio
    address: str

    @property
    def middle(self) -> int:
        return self.x + (SIDE - 3) // 2

    @property
    def label_y(self) -> int:
        return self.y + 17

    @property
    def percent_y(self) -> int:
        return self.y + 29


def drawn(ratios: Mapping[str, Ratio], addresses: Mapping[str, str]) -> list[Tile]:
    """All 38 provinces; those without a ratio are drawn as without data."""
    tiles = []
    for place in PLACES.replace("\n", "").strip().split(";"):
        code, label, column, row = place.split()
        ratio = ratios.get(code, Ratio("tersalur"))
        tiles.append(Tile(label, codes.name(code), int(column) * SIDE, int(row) * SIDE, ratio, addresses.get(code, "")))
    return tiles
