"""Opening a file that we do not trust: what it is, whether we can read it, whether it stayed the same."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

CSV, PARQUET, XLSX = "csv", "parquet", "xlsx"
READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Fingerprint:
    """Which bytes a file held: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes for reading. Refused when it is missing, a link, a folder, a pipe, or not ours to read."""
    try:
        kind = os.lstat(path).st_mode
        if stat.S_ISLNK(kind):
            raise Refused(_("Ini tautan, bukan berkas; tunjuk berkas aslinya."))
        if not stat.S_ISREG(kind):
            raise Refused(_("Ini bukan berkas biasa; tunjuk satu berkas CSV, Parquet, atau XLSX."))
        # The name may have been exchanged for a link or a pipe since we looked.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Refused(_("Berkas tidak ditemukan; periksa nama dan foldernya.")) from None
    except OSError:
        raise Refused(_("Berkas tidak dapat dibaca; periksa izin bacanya.")) from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(_("Ini bukan berkas biasa; tunjuk satu berkas CSV, Parquet, atau XLSX."))
        yield file


@contextmanager
def among(path: Path, files: Sequence[Path]) -> Iterator[None]:
    """A refusal of one of several files says which."""
    try:
        yield
    except Refused as refusal:
        if len(files) > 1:
            raise type(refusal)(f"{path.name}: {refusal.sentence}") from refusal
        raise


def fingerprint(path: Path) -> Fingerprint:
    """SHA-256 and size of the bytes, read as a stream."""
    digest, size = hashlib.sha256(), 0
    with opened(path) as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
            size += len(block)
    return Fingerprint(digest.hexdigest(), size)


@contextmanager
def unchanging(path: Path) -> Iterator[Fingerprint]:
    """Refused at the end when the file was changed or exchanged while we read it."""
    before = _trace(path)
    yield fingerprint(path)
    if _trace(path) != before:
        raise Refused(_("Berkas berubah saat dibaca; kirim lagi setelah selesai disimpan."))


def _trace(path: Path) -> tuple[int, int, int]:
    with opened(path) as file:
        now = os.fstat(file.fileno())
    return now.st_ino, now.st_size, now.st_mtime_ns


def format_of(path: Path) -> str:
    """CSV, Parquet or XLSX, told by the first bytes; the name only forbids. Refused for other kinds, by name."""
    with opened(path) as file:
        start = file.read(8)
    suffix = path.suffix.lower()
    if start.startswith(b"PK\x03\x04"):
        return XLSX
    if start.startswith(b"PAR1"):
        return PARQUET
    if suffix == ".xlsx":
        raise Refused(_("Berkas ini bernama XLSX tetapi isinya bukan XLSX; simpan ulang dari aplikasi lembar kerja."))
    if suffix == ".parquet":
        raise Refused(_("Berkas ini bernama Parquet tetapi isinya bukan Parquet atau terpotong; kirim ulang."))
    for magic, name in _FOREIGN:
        if start.startswith(magic):
            raise Refused(
                _("Berkas ini berformat %(name)s; simpan sebagai CSV UTF-8, Parquet, atau XLSX.") % {"name": name}
            )
    return CSV


_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "XLS / XLSX + password"),
    (b"\x1f\x8b", "GZIP"),
    (b"%PDF", "PDF"),
    (b"PK", "ZIP"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite f", "SQLite"),
)


@contextmanager
def private_file(folder: Path, name: str) -> Iterator[Path]:
    """A new file, readable by its owner only, that disappears again when its writing fails."""
    descriptor, made = tempfile.mkstemp(prefix=f"{name}-", suffix=".parquet", dir=folder)
    os.close(descriptor)
    try:
        yield Path(made)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
