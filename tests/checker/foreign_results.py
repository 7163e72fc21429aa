"""Result files as channels might send them: every kind of line, repeated, contradicted, in any order."""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

from .delivery import instruction_id

Cells = dict[str, str]
Told = list[tuple[str, int, int, str]]  # kind, rupiah, hour, kode_alasan
MIDNIGHT = datetime(2023, 5, 9, tzinfo=timezone(timedelta(hours=7)))

# What a channel says about an instruction of x rupiah; hours from midnight, so that order of time is part of the story.
STORIES: dict[str, Callable[[int], Told]] = {
    "credited": lambda x: [("KREDIT", x, 1, "")],
    "collected": lambda x: [("KREDIT", x, 1, ""), ("AMBIL", x, 5, "")],
    "collected in the same minute": lambda x: [("KREDIT", x, 1, ""), ("AMBIL", x, 1, "")],
    "collected in part": lambda x: [("KREDIT", x, 1, ""), ("AMBIL", x // 3, 5, ""), ("AMBIL", x // 3, 6, "")],
    "no answer": lambda x: [],
    "failed": lambda x: [("GAGAL", 0, 1, "REKENING_PASIF")],
    "failed for two reasons": lambda x: [("GAGAL", x, 1, "NAMA_BEDA"), ("GAGAL", 0, 9, "KKS_BELUM_TERSALUR")],
    "failed for a reason of its own": lambda x: [("GAGAL", 0, 1, "SEBAB_SENDIRI")],
    "failed, then credited": lambda x: [("GAGAL", 0, 1, "REKENING_SALAH"), ("KREDIT", x, 30, "")],
    "failed and credited at once": lambda x: [("GAGAL", 0, 2, "NAMA_BEDA"), ("KREDIT", x, 2, "")],
    "credited, then failed": lambda x: [("KREDIT", x, 1, ""), ("GAGAL", 0, 8, "REKENING_TUTUP")],
    "short": lambda x: [("KREDIT", x - 25_000, 1, "")],
    "short and collected": lambda x: [("KREDIT", x - 25_000, 1, ""), ("AMBIL", x - 25_000, 4, "")],
    "double": lambda x: [("KREDIT", x, 1, ""), ("KREDIT", x, 26, "")],
    "too much": lambda x: [("KREDIT", x + 7, 1, "")],
    "in two halves": lambda x: [("KREDIT", x // 2, 1, ""), ("KREDIT", x - x // 2, 3, "")],
    "taken back": lambda x: [("KREDIT", x, 1, ""), ("TARIK", x, 40, "")],
    "taken back twice": lambda x: [("KREDIT", x, 1, ""), ("TARIK", x, 40, ""), ("TARIK", x, 41, "")],
    "taken back and returned": lambda x: [("KREDIT", x, 1, ""), ("TARIK", x, 40, ""), ("KEMBALI", x, 60, "")],
    "taken back and credited again": lambda x: [("KREDIT", x, 1, ""), ("TARIK", x, 40, ""), ("KREDIT", x, 50, "")],
    "taken back after collection": lambda x: [("KREDIT", x, 1, ""), ("AMBIL", x, 5, ""), ("TARIK", x // 2, 40, "")],
    "returned": lambda x: [("KEMBALI", x, 1, "")],
    "returned in part": lambda x: [("KREDIT", x - 50_000, 1, ""), ("KEMBALI", 20_000, 40, "")],
    "returned too much": lambda x: [("KREDIT", x, 1, ""), ("TARIK", 10_000, 20, ""), ("KEMBALI", 30_000, 40, "")],
    "returned, then credited": lambda x: [("KEMBALI", x, 1, ""), ("KREDIT", x, 20, "")],
    "collected without credit": lambda x: [("AMBIL", x, 5, "")],
    "collected twice without credit": lambda x: [("AMBIL", x, 5, ""), ("AMBIL", x, 7, "")],
    "collected before the credit": lambda x: [("AMBIL", x, 1, ""), ("KREDIT", x, 5, "")],
    "collected above the credit": lambda x: [("KREDIT", x - 10_000, 1, ""), ("AMBIL", x, 5, "")],
    "collected, credited late and less": lambda x: [
        ("AMBIL", x, 1, ""),
        ("KREDIT", x // 2, 5, ""),
        ("AMBIL", 9, 6, ""),
    ],
}
ODD = ("contradiction", "contradiction beside a credit", "other channel", "empty proof", "no offset")


def results(instruction_dir: Path, out_dir: Path, seed: str) -> list[tuple[str, Path]]:
    """Answers to the instruction files below the folder: channel and path in the order in which to import them."""
    rng = Random(seed)
    lines: dict[str, list[Cells]] = defaultdict(list)
    orders = [row for path in sorted(instruction_dir.rglob("*.csv")) for row in _orders(path)]
    channels = sorted({row["kanal"] for row in orders})
    for number, row in enumerate(sorted(orders, key=lambda row: row["id_instruksi"])):
        for channel, cells in _answer(row, number, channels, rng):
            lines[channel].append(cells)
    out_dir.mkdir(parents=True, exist_ok=True)
    written: list[tuple[str, Path]] = []
    for channel in channels:
        lines[channel] += _strangers(lines[channel], rng)
        lines[channel] += rng.sample(lines[channel], len(lines[channel]) // 10)  # told twice
        rng.shuffle(lines[channel])
        written += _files(out_dir, channel, lines[channel], rng)
    rng.shuffle(written)
    return written


def _orders(path: Path) -> list[Cells]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [row for row in csv.DictReader(handle) if "id_instruksi" in row]


def _answer(order: Cells, number: int, channels: list[str], rng: Random) -> list[tuple[str, Cells]]:
    """Every second instruction is simply paid; the others take the stories in turn."""
    turn = [*STORIES, *ODD]
    story = turn[number // 2 % len(turn)] if number % 2 else rng.choice(["credited", "collected"])
    rupiah, channel = int(order["jumlah"]), order["kanal"]
    told = STORIES.get(story, STORIES["collected"])(rupiah)
    lines = [_line(order, *what, f"{channel}{number:06d}{step}") for step, what in enumerate(told)]
    if story.startswith("contradiction"):
        lines = [lines[0], lines[0] | {"jumlah": str(rupiah - 1_000)}]
        if story != "contradiction":
            lines.append(_line(order, "KREDIT", rupiah, 7, "", f"{channel}{number:06d}9"))
    if story == "other channel":
        return [(next((other for other in channels if other != channel), channel), lines[0])]
    if story == "empty proof":
        lines = [line | {"bukti": ""} for line in lines]
    if story == "no offset":
        lines = [line | {"waktu": line["waktu"][:19]} for line in lines]
    return [(channel, line) for line in lines]


def _line(order: Cells, kind: str, rupiah: int, hour: int, reason: str, proof: str) -> Cells:
    return {
        "id_instruksi": order["id_instruksi"],
        "hasil": kind,
        "jumlah": str(rupiah),
        "waktu": (MIDNIGHT + timedelta(hours=hour, minutes=7)).isoformat(),
        "bukti": proof,
        "kode_alasan": reason,
        "tempat": "",
    }


def _strangers(lines: list[Cells], rng: Random) -> list[Cells]:
    """An unknown id, a mistyped one, and a row of wrong form (0 rupiah, so that totals are beyond dispute)."""
    if not lines:
        return []
    sample = rng.choice(lines)
    cycle = sample["id_instruksi"].rsplit("-", 3)[0]
    unknown = instruction_id(cycle, rng.getrandbits(62), 1)
    last = str((int(sample["id_instruksi"][-1]) + 1) % 10)
    return [
        sample | {"id_instruksi": unknown, "bukti": "ASING1"},
        sample | {"id_instruksi": sample["id_instruksi"][:-1] + last, "bukti": "ASING2"},
        sample | {"hasil": "SUKSES", "jumlah": "0", "bukti": "ASING3"},
        sample | {"waktu": "kemarin", "jumlah": "0", "bukti": "ASING4"},
    ]


def _files(out_dir: Path, channel: str, lines: list[Cells], rng: Random) -> list[tuple[str, Path]]:
    """Three files of one channel, the last one without control totals and with an amount in dots."""
    written = []
    for part in range(3):
        rows = lines[part::3]
        if not rows:
            continue
        if part == 2:
            rows.append(rows[0] | {"jumlah": "200.000", "bukti": "TITIK"})
        path = out_dir / f"{channel}-{part + 1}.csv"
        columns = list(rows[0])
        rng.shuffle(columns)
        with path.open("w", encoding="utf-8-sig" if part else "utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, delimiter=",;\t"[part], lineterminator="\r\n" if part else "\n")
            writer.writeheader()
            writer.writerows(rows)
        if part != 2:
            totals = {
                "rows": len(rows),
                "rupiah": sum(int(row["jumlah"]) for row in rows),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            path.with_name(f"{path.stem}.manifest.json").write_text(json.dumps(totals), encoding="utf-8")
        written.append((channel, path))
    return written
