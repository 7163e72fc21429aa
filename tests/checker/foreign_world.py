"""A small world made without Salur: the files that districts, banks and ministries might really send."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from .checker import World
from .foreign_families import KINDS, build
from .foreign_home import Cells, Home
from .foreign_results import results as results

# Real village codes of the provinces 62 to 65, two villages in each of two districts of eleven regencies.
VILLAGES = (
    *("6201011011", "6201011012", "6201021002", "6201021003", "6271011001", "6271011002", "6271021001", "6271021002"),
    *("6301012001", "6301012002", "6301022001", "6301022002", "6303012001", "6303012002", "6303021001", "6303021008"),
    *("6371011001", "6371011002", "6371021001", "6371021002", "6372021003", "6372021004", "6372031001", "6372031002"),
    *("6402012001", "6402012002", "6402022001", "6402022002", "6471011001", "6471011002", "6471021001", "6471021002"),
    *("6472011001", "6472011002", "6472021001", "6472021002", "6501011001", "6501011002", "6501022001", "6501022002"),
    *("6571011001", "6571011002", "6571021001", "6571021002"),
)
CYCLES = (("SEMBAKO", "2023-05"), ("PKH", "2023-T2"))
# A regency without a row has no channel; 64 speaks for its whole province.
CHANNELS = {
    "SEMBAKO": {"6201": "BRI", "6271": "BNI", "6301": "MANDIRI", "6303": "POS", "6371": "BRI", "6372": "BSI"}
    | {"64": "BTN", "6501": "POS"},
    "PKH": {"6201": "BRI", "6271": "BNI", "6301": "MANDIRI", "6303": "BNI", "6371": "POS", "6372": "BSI"}
    | {"64": "BTN", "6501": "BRI"},
}
# Share of the families below that each row allows; the tree has provinces, regencies, districts and villages.
QUOTAS = {
    "SEMBAKO": {"62": 0.45, "6271": 0.4, "627101": 0.3, "6271011001": 0.2, "6301": 0.5, "6303": 0.4, "6371": 0.35}
    | {"6372": 0.0, "64": 0.4, "6402": 0.3, "647101": 0.25, "6501": 2.0},
    "PKH": {"00": 0.3, "62": 0.25, "6301": 0.3, "637101": 0.2, "6371011002": 0.0, "64": 0.28, "6402": 0.28, "65": 0.3},
}


def make(
    out: Path, *, families: int = 800, seed: str = "asing", villages: Sequence[str] = VILLAGES, key: bytes = b""
) -> World:
    """Write the files of the world below `out`; the same seed writes the same bytes. A home may bring its own `key`."""
    rng = Random(seed)
    homes = _homes(rng, families, villages)
    out.mkdir(parents=True, exist_ok=True)
    halves = [homes[: len(homes) // 2], homes[len(homes) // 2 :]]
    first = [
        _write(out / "keluarga-a.csv", _rows(halves[0], "families"), rng, ";", is_dotted=True, has_bom=True),
        _write(out / "keluarga-b.csv", _rows(halves[1], "families"), rng, "\t"),
        _write(out / "orang-1.csv", _rows(halves[0], "persons"), rng, "|", is_day_first=True),
        _write(out / "orang-2.csv", _rows(halves[1], "persons"), rng, ";", has_bom=True),
        _write(out / "rekening.csv", _rows(homes, "accounts"), rng, ","),
    ]
    second = [
        _write(out / f"susulan-{kind}.csv", _later(homes, kind), rng, ";", is_dotted=True)
        for kind in ("families", "persons", "accounts")
    ]
    counts = Counter(home.village for home in homes)
    quotas = [_region_row(p, "kuota", region, str(n)) for p in QUOTAS for region, n in _quota(p, counts).items()]
    channels = [_region_row(p, "kanal", region, bank) for p in CHANNELS for region, bank in CHANNELS[p].items()]
    drawn_key = rng.randbytes(32)
    world = World(
        key or drawn_key,
        (tuple(first), tuple(second)),
        _write(out / "kuota.csv", quotas, rng, "\t", is_dotted=True, has_faults=False),
        _write(out / "kanal.csv", channels, rng, ";", is_dotted=True, has_bom=True, has_faults=False),
        {programme: f"undian {programme} {seed}" for programme, _period in CYCLES},
        villages,
        date(2023, 5, 31),
        date(2026, 1, 1),
    )
    (out / "kunci.txt").write_text(world.key.hex(), encoding="ascii")
    return world


def _homes(rng: Random, families: int, villages: Sequence[str]) -> list[Home]:
    """Half of the families have nothing odd; the other half takes the oddities in turn."""
    odd, serials, homes = list(KINDS)[1:], [0], []
    for number in range(families):
        village = rng.choice(villages)
        card = f"{village[:6]}{rng.randrange(1, 29):02d}0{rng.randrange(1, 10)}{rng.randrange(10, 23)}{number + 1:04d}"
        bank = next((CHANNELS["SEMBAKO"][r] for r in (village[:4], village[:2]) if r in CHANNELS["SEMBAKO"]), "BRI")
        home = Home(card, village, "BRI" if bank == "POS" else bank, rng, serials)
        build(home, odd[number // 2 % len(odd)] if number % 2 else "plain")
        homes.append(home)
    return homes


def _rows(homes: Sequence[Home], kind: str) -> list[Cells]:
    return [row for home in homes for row in getattr(home, kind)]


def _later(homes: Sequence[Home], kind: str) -> list[Cells]:
    return [row for home in homes for row in home.later[kind]]


def _quota(programme: str, counts: Counter[str]) -> dict[str, int]:
    return {
        region: int(share * sum(n for village, n in counts.items() if region == "00" or village.startswith(region)))
        for region, share in QUOTAS[programme].items()
    }


def _region_row(programme: str, column: str, region: str, value: str) -> Cells:
    return {"program": programme, "periode": dict(CYCLES)[programme], "kode_wilayah": region, column: value}


def _write(
    path: Path,
    rows: Sequence[Cells],
    rng: Random,
    delimiter: str,
    *,
    is_dotted: bool = False,
    is_day_first: bool = False,
    has_bom: bool = False,
    has_faults: bool = True,
) -> Path:
    """Columns in any order and case, two more of the sender's own, blanks around values, CRLF behind a BOM."""
    columns = [*rows[0], "catatan", "Petugas Lapangan"]
    rng.shuffle(columns)
    rows = rng.sample(list(rows), len(rows))
    with path.open("w", encoding="utf-8-sig" if has_bom else "utf-8", newline="") as handle:
        line_end = "\r\n" if has_bom else "\n"
        writer = csv.writer(handle, delimiter=delimiter, lineterminator=line_end)
        writer.writerow([name.upper() if rng.random() < 0.3 else f" {name.title()}" for name in columns])
        for number, row in enumerate(rows):
            cells = row | {"catatan": rng.choice(["", "ok", "a; b, c"]), "Petugas Lapangan": "7"}
            writer.writerow([_cell(name, cells[name], rng, is_dotted, is_day_first) for name in columns])
            if has_faults and number == len(rows) // 2:
                handle.write(line_end)
                writer.writerow(["ragged", "row"])
    return path


def _cell(name: str, text: str, rng: Random, is_dotted: bool, is_day_first: bool) -> str:
    if name.startswith("kode_") and is_dotted:
        text = ".".join(part for part in (text[:2], text[2:4], text[4:6], text[6:]) if part)
    if name == "tanggal_lahir" and is_day_first:
        text = "-".join(reversed(text.split("-")))
    return f" {text}  " if text and rng.random() < 0.1 else text


def load_key(world_dir: Path) -> str:
    """The home's id key as hex text, for SALUR_ID_KEY."""
    return (world_dir / "kunci.txt").read_text(encoding="ascii")
