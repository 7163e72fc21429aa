"""In which encoding a text file is written: UTF-8 is read, every other one is refused by its name."""

import codecs

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

UTF8, UTF8_BOM = "utf-8", "utf-8-sig"

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (b"+/v8", "UTF-7"),
    (b"\x84\x31\x95\x33", "GB18030"),
)


def of_start(start: bytes) -> str:
    """The encoding as the first bytes tell it. Refused for UTF-16 and UTF-32, with or without a mark, and for NUL."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            raise _other(name)
    if b"\0" in start:
        raise _with_nul(start)
    return UTF8_BOM if start.startswith(codecs.BOM_UTF8) else UTF8


def _with_nul(start: bytes) -> Refused:
    """Latin letters in UTF-16 have a NUL in every second place, in UTF-32 in three of four."""
    sample = start[: len(start) // 4 * 4][:4096]
    quarter = max(len(sample) // 4, 1)
    nuls = [sample[place::4].count(0) / quarter for place in range(4)]
    if min(nuls[1:]) > 0.9 or min(nuls[:3]) > 0.9:
        return _other("UTF-32")
    if min(nuls[1], nuls[3]) > 0.5 or min(nuls[0], nuls[2]) > 0.5:
        return _other("UTF-16")
    return nul_in_row(1 + start[: start.index(b"\0")].count(b"\n"))


def _other(name: str) -> Refused:
    return Refused(_("Berkas ini berenkode %(name)s; simpan ulang sebagai CSV UTF-8 lalu kirim lagi.") % {"name": name})


def nul_in_row(row: int) -> Refused:
    return Refused(
        _("Baris %(row)s berisi bita NUL, jadi berkas ini rusak atau bukan teks; simpan ulang sebagai CSV UTF-8.")
        % {"row": row}
    )


def not_utf8(block: bytes, row: int) -> Refused:
    """What to say of a block that is not UTF-8, whose first wrong byte is in this row."""
    # Windows puts letters and quotes where Latin-1 has control characters that nobody types.
    name = "Windows-1252" if any(0x80 <= byte <= 0x9F for byte in set(block)) else "Latin-1 (ISO-8859-1)"
    return Refused(
        _("Baris %(row)s bukan UTF-8, tampaknya %(name)s; simpan ulang sebagai CSV UTF-8 lalu kirim lagi.")
        % {"row": row, "name": name}
    )
