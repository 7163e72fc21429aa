"""What an XLSX really holds, found before anything big is built from it.

An XLSX is a ZIP of XML, and both can lie: a few kilobytes may unpack to gigabytes, and two filled cells in opposite
corners make a reader allocate the whole sheet between them. We unpack each part once as a stream within limits, and
note which rows of each sheet are filled; that count is independent of the library that reads the values.
"""

import os
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from salur.foundation.intake.opening import READ_BYTES
from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

ROWS_MAX = 100_000
_ENTRIES_MAX = 2_000
_UNPACKED_MAX = 400 << 20
_RATIO_MAX = 200
# Below this a high ratio is only a small file that repeats itself.
_RATIO_FROM = 20 << 20
_CELLS_MAX = 10_000_000
_COLUMNS_MAX = 1_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass
class Sheet:
    """The rows of a sheet that hold something else than blanks, and those with an error value such as #N/A."""

    name: str
    filled: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0


_last: tuple[tuple[int, int, int, int], list[Sheet]] | None = None


def survey(file: BinaryIO) -> list[Sheet]:
    """Every worksheet in its order. Refused when the ZIP is over its limits, damaged, locked, or no plain workbook.

    The last answer is kept, for one file is asked about several times on its way in; it holds row numbers only.
    """
    global _last
    now = os.fstat(file.fileno())
    same = (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns)
    if _last is None or _last[0] != same:
        _last = (same, _survey(file))
    return _last[1]


def _survey(file: BinaryIO) -> list[Sheet]:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_limits(archive)
            return _surveyed(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, expat.ExpatError):
        raise broken() from None
    except RuntimeError:
        raise Refused(_("Berkas XLSX ini terkunci kata sandi; simpan ulang tanpa kata sandi.")) from None


def broken() -> Refused:
    return Refused(
        _("Berkas XLSX ini rusak atau terpotong; simpan ulang dari aplikasi lembar kerja, atau sebagai CSV.")
    )


def too_many_rows() -> Refused:
    return Refused(
        _("Berkas XLSX ini lebih dari %(max)s baris; simpan sebagai CSV lalu kirim lagi.") % {"max": "100.000"}
    )


def _check_limits(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused(_("Berkas ini ZIP tetapi bukan XLSX; buka ZIP itu lalu kirim berkas di dalamnya."))
    unpacked_bytes = sum(entry.file_size for entry in entries)
    packed_bytes = max(sum(entry.compress_size for entry in entries), 1)
    is_bomb = unpacked_bytes > _RATIO_FROM and unpacked_bytes // packed_bytes > _RATIO_MAX
    if len(entries) > _ENTRIES_MAX or unpacked_bytes > _UNPACKED_MAX or is_bomb:
        raise Refused(_("Isi XLSX ini terlalu besar setelah dibuka; simpan sebagai CSV lalu kirim lagi."))


def _surveyed(archive: zipfile.ZipFile) -> list[Sheet]:
    filled_strings = _filled_strings(archive)
    sheets, surveyed = [], set()
    for name, part in _parts(archive):
        sheets.append(_sheet(archive, name, part, filled_strings))
        surveyed.add(part)
    for entry in archive.infolist():
        if entry.filename not in surveyed:
            _drain(archive, entry)
    return sheets


def _drain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack without keeping: a part longer than it says, or with a wrong checksum, is found here."""
    with archive.open(entry) as part:
        while part.read(READ_BYTES):
            pass


def _parse(archive: zipfile.ZipFile, part: str, begin: Callable, end: Callable, text: Callable | None = None) -> None:
    """Stream one part through expat. A DOCTYPE, which office files never have, is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(part) as file:
        while block := file.read(READ_BYTES):
            parser.Parse(block, False)
        parser.Parse(b"", True)


def _refuse_doctype(*_ignored: object) -> None:
    raise broken()


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and part of each worksheet."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []

    def relation(name: str, given: dict[str, str]) -> None:
        if _local(name) == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, given: dict[str, str]) -> None:
        if _local(name) == "sheet":
            named.append((given.get("name", ""), next((v for k, v in given.items() if k.endswith(":id")), "")))

    _parse(archive, "xl/_rels/workbook.xml.rels", relation, _nothing)
    _parse(archive, "xl/workbook.xml", sheet, _nothing)
    return [(name, targets[key]) for name, key in named if key in targets]


def _local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def _nothing(_name: str) -> None:
    pass


def _filled_strings(archive: zipfile.ZipFile) -> bytearray:
    """One byte for each shared string: 1 when it holds more than blanks."""
    filled, is_phonetic = bytearray(), False
    if "xl/sharedStrings.xml" not in archive.namelist():
        return filled

    def begin(name: str, _given: dict[str, str]) -> None:
        nonlocal is_phonetic
        if _local(name) == "si":
            filled.append(0)
        is_phonetic = is_phonetic or _local(name) == "rPh"

    def end(name: str) -> None:
        nonlocal is_phonetic
        is_phonetic = is_phonetic and _local(name) != "rPh"

    def text(part: str) -> None:
        if filled and not is_phonetic and part.strip():
            filled[-1] = 1

    _parse(archive, "xl/sharedStrings.xml", begin, end, text)
    return filled


def _sheet(archive: zipfile.ZipFile, name: str, part: str, filled_strings: bytearray) -> Sheet:
    found = Sheet(name)
    row = column = 0
    kind, value, is_value = "", "", False

    def begin(tag: str, given: dict[str, str]) -> None:
        nonlocal row, column, kind, value, is_value
        if ":" in tag:
            tag = _local(tag)
        if tag == "row":
            row, column = int(given.get("r", row + 1)), 0
        elif tag == "c":
            column, kind, value = column + 1, given.get("t", "n"), ""
            if "r" in given:
                row, column = _place(given["r"])
        elif tag in ("v", "t"):
            is_value = True

    def text(piece: str) -> None:
        nonlocal value
        if is_value:
            value += piece

    def end(tag: str) -> None:
        nonlocal is_value
        if ":" in tag:
            tag = _local(tag)
        if tag in ("v", "t"):
            is_value = False
            found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
        elif tag == "c" and _is_filled(kind, value, filled_strings):
            found.filled.add(row)
            if kind == "e":
                found.wrong.add(row)
            if len(found.filled) > ROWS_MAX + 1:
                raise too_many_rows()

    try:
        _parse(archive, part, begin, end, text)
    except ValueError:
        raise broken() from None
    if found.last_column > _COLUMNS_MAX or found.last_row * found.last_column > _CELLS_MAX:
        raise Refused(_("Lembar XLSX ini terlalu lebar atau panjang; hapus sel yang jauh di luar tabel."))
    return found


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as AB12, both from 1."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise broken()
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _is_filled(kind: str, value: str, filled_strings: bytearray) -> bool:
    if not value.strip():
        return False
    if kind != "s":
        return True
    index = int(value)
    return 0 <= index < len(filled_strings) and filled_strings[index] == 1
