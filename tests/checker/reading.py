"""Received files, read the slow way: every row is text by column name, or ragged."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

REQUIRED: dict[str, tuple[str, ...]] = {
    "families": ("no_kk", "kode_desa"),
    "persons": ("nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "hubungan", "status_dukcapil"),
    "accounts": ("nik", "bank", "nomor_rekening", "nama_rekening", "status"),
    "quotas": ("program", "periode", "kode_wilayah", "kuota"),
    "channels": ("program", "periode", "kode_wilayah", "kanal"),
    "results": ("id_instruksi", "hasil", "jumlah", "waktu", "bukti"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "families": ("alamat", "desil", "no_kk_lama"),
    "persons": ("status_sekolah", "hamil", "disabilitas_berat", "pekerjaan"),
    "results": ("kode_alasan", "tempat"),
}
# UTC offset in minutes by province code; the rest of the country is on +7.
EAST = {"81", "82", "91", "92", "93", "94", "95", "96"}
MIDDLE = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}


@dataclass(frozen=True)
class Sheet:
    """One file: its kind by header, its rows as cells by lower-case column name; None stands for a ragged row."""

    kind: str
    rows: tuple[dict[str, str] | None, ...]


def read(path: Path) -> Sheet:
    """The delimiter is the one that makes the required columns of a kind appear in the header."""
    text = path.read_bytes().decode("utf-8-sig")
    for delimiter in ",;\t|":
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if line]
        header = [name.strip().lower() for name in lines[0]]
        for kind, required in REQUIRED.items():
            if set(required) <= set(header):
                return Sheet(kind, tuple(_cells(header, line) for line in lines[1:]))
    raise ValueError(f"no known header in {path.name}")


def _cells(header: list[str], line: list[str]) -> dict[str, str] | None:
    if len(line) != len(header):
        return None
    return {name: cell.strip() for name, cell in zip(header, line, strict=True)}


def content(kind: str, cells: dict[str, str]) -> tuple[str, ...]:
    """What makes two rows the same: the known columns in one spelling, a missing optional one being empty."""
    return tuple(_one_spelling(name, cells.get(name, "")) for name in REQUIRED[kind] + OPTIONAL.get(kind, ()))


def _one_spelling(name: str, text: str) -> str:
    if name == "tanggal_lahir":
        return str(as_date(text))
    return plain_code(text) if name.startswith("kode_") else text


def as_date(text: str) -> date | None:
    """`2023-05-09` or `09-05-2023`, nothing else."""
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            if len(text) == 10:
                return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def as_moment(text: str, zone_minutes: int) -> int | None:
    """Milliseconds UTC; a time without offset is in the given zone (minutes east of UTC)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=zone_minutes)))
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def zone_minutes(region: str) -> int:
    """UTC offset of the province in front of a region code."""
    return 540 if region[:2] in EAST else 480 if region[:2] in MIDDLE else 420


def is_digits(text: str, length: int | None = None) -> bool:
    """ASCII digits only; Python's own isdigit also takes superscripts."""
    return text != "" and all("0" <= sign <= "9" for sign in text) and length in (None, len(text))


def plain_code(text: str) -> str:
    """A region code without its dots."""
    return text.replace(".", "")


def age_on(born: date, day: date) -> int:
    """Completed years; negative before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
