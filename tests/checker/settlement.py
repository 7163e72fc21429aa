"""What became of each instruction: the set of result lines, folded in the order of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .delivery import Order, is_mistyped
from .reading import as_moment, is_digits, read, zone_minutes

KINDS = ("GAGAL", "KREDIT", "AMBIL", "TARIK", "KEMBALI")
REASONS = {
    "NIK_TIDAK_PADAN",
    "NAMA_BEDA",
    "DATA_TIDAK_LENGKAP",
    "ALAMAT_TIDAK_LENGKAP",
    "DI_BAWAH_UMUR",
    "MENINGGAL",
    "PINDAH",
    "PEKERJAAN",
    "TIDAK_LAYAK_DAERAH",
    "MENOLAK",
    "MAMPU",
    "GANDA_NIK",
    "GANDA_KK",
    "PROGRAM_LAIN",
    "REKENING_SALAH",
    "FORMAT_NAMA",
    "KODE_WILAYAH",
    "REKENING_PASIF",
    "REKENING_TUTUP",
    "REKENING_BLOKIR",
    "KKS_BELUM_TERSALUR",
    "KKS_RUSAK",
    "TIDAK_DITEMUKAN",
    "TIDAK_TRANSAKSI",
    "SALDO_NOL",
    "TIDAK_HADIR",
    "LAIN",
}


@dataclass(frozen=True, order=True)
class Line:
    """One result line in its place in time: moment in ms UTC, index in KINDS, proof."""

    moment: int
    kind: int
    proof: str
    rupiah: int
    reason: str = ""
    place: str = ""


@dataclass
class Settlement:
    """Where the rupiah of one entitlement are. `named` must be reported, `perhaps` may be."""

    order: Order
    credited: int = 0
    collected: int = 0
    returned: int = 0
    excess: int = 0
    open: int = 0
    reasons: set[str] = field(default_factory=set)  # admissible reasons of what stays open; empty: not judged
    states: set[str] = field(default_factory=set)  # admissible states; empty: not judged
    named: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)


@dataclass
class Received:
    """Result lines by instruction id after removing repetitions and contradictions, and what went wrong beside them."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    contradicted: set[str] = field(default_factory=set)
    other_channel: set[str] = field(default_factory=set)
    strangers: dict[str, int] = field(default_factory=lambda: {"ID_TIDAK_DIKENAL": 0, "ID_SALAH_KETIK": 0})
    rejected: dict[Path, int] = field(default_factory=dict)


def receive(files: Iterable[tuple[str, Path]], orders: Mapping[str, Order]) -> Received:
    """`files`: channel and path of each result file, in any order and as often as they came."""
    received = Received()
    by_key: dict[tuple[str, str, str], set[Line]] = defaultdict(set)
    strangers: set[tuple[str, str]] = set()
    for channel, path in files:
        received.rejected[path] = 0
        for cells in read(path).rows:
            if cells is None or not _is_well_formed(cells):
                received.rejected[path] += 1
                continue
            identity = cells["id_instruksi"]
            if identity not in orders:
                strangers.add(("ID_SALAH_KETIK" if is_mistyped(identity) else "ID_TIDAK_DIKENAL", identity))
            elif orders[identity].channel != channel:
                received.other_channel.add(identity)
            else:
                line = _line(cells, zone_minutes(orders[identity].regency))
                by_key[identity, cells["hasil"], line.proof].add(line)
    for cause, _identity in strangers:
        received.strangers[cause] += 1
    for (identity, _kind, _proof), contents in by_key.items():
        if len(contents) > 1:
            received.contradicted.add(identity)
        else:
            received.lines.setdefault(identity, []).extend(contents)
    return received


def _is_well_formed(cells: Mapping[str, str]) -> bool:
    return (
        cells["id_instruksi"] != ""
        and cells["hasil"] in KINDS
        and is_digits(cells["jumlah"])
        and as_moment(cells["waktu"], 0) is not None
    )


def _line(cells: Mapping[str, str], zone: int) -> Line:
    moment = as_moment(cells["waktu"], zone)
    assert moment is not None
    reason = cells.get("kode_alasan", "")
    return Line(
        moment,
        KINDS.index(cells["hasil"]),
        cells["bukti"] or f"{moment}|{cells['jumlah']}",
        int(cells["jumlah"]),
        reason if reason in REASONS or not reason else "LAIN",
        cells.get("tempat", ""),
    )


def fold(order: Order, lines: Sequence[Line], *, contradicted: bool = False) -> Settlement:
    """The running state of one instruction: K credited, A collected, T taken back, R returned to the treasury."""
    end = Settlement(order)
    instructed = order.rupiah
    K = A = T = R = 0  # the names of the documented rule
    for line in sorted(lines):
        kind, x = KINDS[line.kind], line.rupiah
        reached = max(K, A)
        if kind == "KREDIT":
            K += x
        elif kind == "AMBIL":
            new = A + x if _credits_before(lines, line) == 0 else max(A, min(A + x, K))
            _name_cut(end, "AMBIL_MELEBIHI_KREDIT", new, A + x)
            A = new
        elif kind == "TARIK":
            new = min(T + x, reached)
            _name_cut(end, "TARIK_MELEBIHI_KREDIT", new, T + x)
            T = new
        elif kind == "KEMBALI":
            new = max(R, min(R + x, instructed - (reached - T)))
            _name_cut(end, "KEMBALI_MELEBIHI_SISA", new, R + x)
            R = new
    end.credited = max(K, A) - T
    end.collected = min(A, end.credited)
    end.returned = R
    end.excess = max(0, end.credited + R - instructed)
    end.open = instructed + end.excess - end.credited - R
    if end.credited < A:
        end.named.add("TARIK_SETELAH_AMBIL")
    if contradicted:
        end.named.add("KONTRADIKSI")
    _name_pattern(end, sorted(lines), K)
    _judge(end, sorted(lines), contradicted)
    return end


def _credits_before(lines: Sequence[Line], line: Line) -> int:
    return sum(1 for other in lines if KINDS[other.kind] == "KREDIT" and other < line)


def _name_cut(end: Settlement, name: str, reached: int, asked: int) -> None:
    if reached < asked:
        end.named.add(name)


def _name_pattern(end: Settlement, lines: Sequence[Line], credited: int) -> None:
    """Causes that follow from the sequence; where the documented words leave room, `perhaps`."""
    kinds = [KINDS[line.kind] for line in lines]
    credits = kinds.count("KREDIT")
    if end.excess:
        end.named.add("KREDIT_GANDA" if credits > 1 else "LEBIH_BAYAR")
        end.perhaps.add("LEBIH_BAYAR")
    elif credits > 1:
        end.perhaps |= {"KREDIT_GANDA", "LEBIH_BAYAR"}
    if credited and end.open:
        is_plain = "KONTRADIKSI" not in end.named and not {"GAGAL", "TARIK", "KEMBALI"} & set(kinds)
        (end.named if is_plain and end.credited == credited else end.perhaps).add("KURANG_BAYAR")
    if "AMBIL" in kinds and end.open:
        end.perhaps.add("KURANG_BAYAR")
    if "KREDIT" in kinds and "GAGAL" in kinds[kinds.index("KREDIT") :]:
        (end.perhaps if "TARIK" in kinds else end.named).add("GAGAL_SETELAH_KREDIT")
    if "AMBIL" in kinds and end.order.channel != "POS":
        if not credits:
            end.named.add("KREDIT_TIDAK_ADA")
        elif kinds.index("AMBIL") < kinds.index("KREDIT"):
            end.perhaps.add("KREDIT_TIDAK_ADA")


def _judge(end: Settlement, lines: Sequence[Line], contradicted: bool) -> None:
    """State and reason, where the documented rules settle them."""
    kinds = {KINDS[line.kind] for line in lines}
    failures = [line.reason for line in lines if KINDS[line.kind] == "GAGAL"]
    if contradicted:
        return
    if not kinds:
        end.states, end.reasons = {"SI_SENT"}, {"TANPA_HASIL"}
    elif kinds == {"GAGAL"}:
        end.states = {"FAILED"}
        end.reasons = {failures[-1]} if failures[-1] else set()
    elif end.collected and end.collected == end.credited and not end.returned:
        end.states = {"COLLECTED"}
    elif kinds == {"KREDIT"}:
        end.states = {"CREDITED"}
    elif end.returned == end.order.rupiah and not end.credited:
        end.states = {"RETURNED"}


def settle(orders: Sequence[Order], received: Received) -> dict[int, Settlement]:
    """Settlement by recipient, also of who was entitled but not instructed."""
    settled: dict[int, Settlement] = {}
    for order in orders:
        if order.reason:
            end = Settlement(order, open=order.rupiah, reasons={order.reason}, states={"NOT_SENT"})
        else:
            contradicted = order.id in received.contradicted
            end = fold(order, received.lines.get(order.id, []), contradicted=contradicted)
            if order.id in received.other_channel:
                end.named.add("KANAL_LAIN")
                if not received.lines.get(order.id):
                    # Whether a line of another channel counts as "a line at all" is not documented.
                    end.states, end.reasons = set(), set()
        settled[order.recipient] = end
    return settled
