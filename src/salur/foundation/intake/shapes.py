"""The kinds of file we know, and how a header tells them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _

# Codes with leading zeros or more digits than a spreadsheet's number holds: as a number they are damaged.
TEXT_ONLY = frozenset({"nik", "no_kk", "no_kk_lama", "nomor_rekening", "kode_desa", "kode_wilayah", "id_instruksi"})
# Where midnight is a time; in every other column a moment at midnight is a spreadsheet's way to write a day.
MOMENTS = frozenset({"waktu"})


@dataclass(frozen=True)
class Shape:
    """A kind of file: the columns it must have and those it may have, in lower case."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        present = set(names)
        return tuple(column for column in self.required if column not in present)


@dataclass(frozen=True)
class Line:
    """One of the first lines of a file: its number and its cells."""

    number: int
    cells: tuple[str, ...]


def folded(name: str) -> str:
    """A column's name as we compare it: without blanks around, without a byte order mark, in lower case."""
    return name.strip().lstrip("\ufeff").strip().strip('"').strip().lower()


def known_count(cells: Iterable[str], known: frozenset[str]) -> int:
    """How many different columns that we know these cells name."""
    return len({folded(cell) for cell in cells} & known)


def known_columns(shapes: Iterable[Shape]) -> frozenset[str]:
    return frozenset(column for shape in shapes for column in shape.columns)


def header_line(lines: Sequence[Line], known: frozenset[str]) -> Line:
    """The first line that is not blank, the header. Refused when it is a title or names a column twice."""
    filled = [line for line in lines if any(cell.strip() for cell in line.cells)]
    if not filled:
        raise Refused(_("Berkas ini kosong; kirim berkas yang baris pertamanya berisi nama kolom."))
    first = filled[0]
    if known_count(first.cells, known) < 2:
        _refuse_title(filled, known)
    twice = sorted(name for name, count in Counter(map(folded, first.cells)).items() if name in known and count > 1)
    unknown_twice = any(name and count > 1 for name, count in Counter(map(folded, first.cells)).items())
    if twice:
        raise Refused(_("Kolom %(names)s tertulis lebih dari sekali; sisakan satu saja.") % {"names": ", ".join(twice)})
    if unknown_twice:
        raise Refused(_("Ada nama kolom yang tertulis lebih dari sekali; beri setiap kolom nama yang berbeda."))
    return first


def _refuse_title(filled: Sequence[Line], known: frozenset[str]) -> None:
    for line in filled[1:]:
        if known_count(line.cells, known) >= 2:
            raise Refused(
                _("Nama kolom baru ada di baris %(row)s; hapus judul atau baris lain di atasnya.")
                % {"row": line.number}
            )


def of_header(names: Sequence[str], shapes: Sequence[Shape]) -> Shape:
    """The shape with all required columns there, and most columns known. Refused when none or two are that."""
    present = {folded(name) for name in names}
    fitting = [shape for shape in shapes if not shape.missing(present)]
    if not fitting:
        raise Refused(_nearest(present, shapes))
    most = max(len(present.intersection(shape.columns)) for shape in fitting)
    best = [shape for shape in fitting if len(present.intersection(shape.columns)) == most]
    if len(best) > 1:
        kinds = ", ".join(shape.name for shape in best)
        raise Refused(
            _("Berkas ini bisa berarti %(kinds)s; hapus kolom yang bukan miliknya lalu kirim lagi.") % {"kinds": kinds}
        )
    return best[0]


def check_complete(names: Sequence[str], shape: Shape) -> None:
    """Refused when a required column of the shape is not in the header."""
    present = {folded(name) for name in names}
    if shape.missing(present):
        raise Refused(_nearest(present, (shape,)))


def _nearest(present: set[str], shapes: Sequence[Shape]) -> str:
    if not any(present.intersection(shape.columns) for shape in shapes):
        return _("Baris pertama tidak memuat nama kolom yang dikenal; tulis nama kolom sebagai baris pertama.")
    near = max(shapes, key=lambda shape: len(present.intersection(shape.required)) / len(shape.required))
    return _("Kolom wajib %(columns)s tidak ada untuk berkas %(kind)s; tambahkan kolom itu lalu kirim lagi.") % {
        "columns": ", ".join(near.missing(present)),
        "kind": near.name,
    }
