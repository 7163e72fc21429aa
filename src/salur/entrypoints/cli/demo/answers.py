"""How a channel answers an instruction, well and badly: its lines by round, and what the fold must make of them.

Amounts are SQL over `i`, the instructed rupiah; hours count from the channel's first working hour of the period.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One result line. Lines of one answer with the same `proof` and the same `result` have the same key."""

    round: int
    hour: int
    result: str
    amount: str = "i"
    proof: str = "a"
    reason: str = ""
    other_channel: bool = False
    mistyped: bool = False


@dataclass(frozen=True)
class Sums:
    """The settlement after the last round, each a sum in SQL over `i`."""

    credited: str = "0"
    collected: str = "0"
    returned: str = "0"
    excess: str = "0"
    still_open: str = "0"


@dataclass(frozen=True)
class Answer:
    """All lines about one instruction; `code` is the exception expected after the last round ('' = none).

    `share` is per 100,000 instructions of the kind (post or bank), `least` a minimum.
    """

    name: str
    lines: tuple[Line, ...]
    code: str
    share: int
    sums: Sums
    least: int = 4
    post: bool = False
    finding: str = ""
    names_mistyped: bool = False  # the exception names the id as written, not the id that was meant


OPEN, CREDITED, RETURNED = Sums(still_open="i"), Sums(credited="i"), Sums(returned="i")
COLLECTED, TWICE = Sums(credited="i", collected="i"), Sums(credited="2 * i", excess="i")
HALF_RETURNED = Sums(credited="i - i // 2", collected="i - i // 2", returned="i // 2")
CREDIT = Line(1, 2, "KREDIT")
COLLECT = Line(1, 50, "AMBIL")
REVERT = Line(2, 500, "KEMBALI")


def _failed(reason: str, share: int, *, code: str = "", post: bool = False, finding: str = "") -> Answer:
    line = Line(1, 3, "GAGAL", reason=reason)
    return Answer(f"GAGAL_{reason}", (line,), code or reason, share, OPEN, post=post, finding=finding)


# Sound answers, drawn by chance where nothing happens: (lines, share of 100), first at a bank, then at the post.
SOUND_BANK: tuple[tuple[tuple[Line, ...], int], ...] = (
    ((CREDIT,), 40),
    ((CREDIT, COLLECT), 35),
    ((CREDIT, Line(2, 400, "AMBIL")), 25),
)
SOUND_POST: tuple[tuple[tuple[Line, ...], int], ...] = (((Line(1, 30, "AMBIL"),), 100),)

CORRECTED = (Line(1, 2, "GAGAL", reason="REKENING_PASIF"), Line(2, 420, "KREDIT"))
CONTRADICTED = Line(1, 2, "KREDIT", "i // 2")
TAKEN_AFTER = (CREDIT, COLLECT, Line(2, 400, "TARIK", "i // 2"), Line(2, 500, "KEMBALI", "i // 2"))
TAKEN_TOO_MUCH = (CREDIT, Line(2, 400, "TARIK", "i + 10000"), REVERT)
SHORT = Sums(credited="i - i // 4", still_open="i // 4")
MORE = Sums(credited="i + 50000", excess="50000")

ANSWERS: tuple[Answer, ...] = (
    Answer("TERLAMBAT", (Line(2, 410, "KREDIT"),), "", 4_500, CREDITED),
    Answer("TANPA_HASIL", (), "TANPA_HASIL", 400, OPEN),
    Answer("GAGAL_LALU_KREDIT", CORRECTED, "", 600, CREDITED),
    _failed("KKS_BELUM_TERSALUR", 700),
    _failed("REKENING_PASIF", 500),
    _failed("NAMA_BEDA", 300),
    _failed("REKENING_TUTUP", 120),
    _failed("REKENING_SALAH", 100),
    _failed("TIDAK_DITEMUKAN", 100),
    _failed("MENINGGAL", 80),
    _failed("KODE_BANK_99", 40, code="LAIN", finding="KODE_ALASAN_TIDAK_DIKENAL"),
    Answer("KREDIT_GANDA", (CREDIT, Line(1, 26, "KREDIT", proof="b")), "KREDIT_GANDA", 60, TWICE, 10),
    Answer("KREDIT_GANDA_SUSULAN", (CREDIT, Line(2, 430, "KREDIT", proof="b")), "KREDIT_GANDA", 60, TWICE, 12),
    Answer("LEBIH_BAYAR", (Line(1, 2, "KREDIT", "i + 50000"),), "LEBIH_BAYAR", 30, MORE),
    Answer("KURANG_BAYAR", (Line(1, 2, "KREDIT", "i - i // 4"),), "KURANG_BAYAR", 120, SHORT, 22),
    Answer("KONTRADIKSI", (CREDIT, CONTRADICTED), "KONTRADIKSI", 60, OPEN, 11),
    Answer("KONTRADIKSI_SUSULAN", (CREDIT, Line(2, 2, "KREDIT", "i // 2")), "KONTRADIKSI", 60, OPEN, 11),
    Answer(
        "GAGAL_SETELAH_KREDIT",
        (CREDIT, Line(1, 60, "GAGAL", reason="REKENING_BLOKIR")),
        "GAGAL_SETELAH_KREDIT",
        60,
        CREDITED,
    ),
    Answer("TARIK_KEMBALI", (CREDIT, Line(2, 400, "TARIK"), REVERT), "", 250, RETURNED),
    Answer("KREDIT_TIDAK_ADA", (COLLECT,), "KREDIT_TIDAK_ADA", 60, COLLECTED),
    Answer("KANAL_LAIN", (CREDIT, Line(2, 440, "KREDIT", proof="b", other_channel=True)), "KANAL_LAIN", 30, CREDITED),
    Answer(
        "ID_SALAH_KETIK",
        (Line(1, 2, "KREDIT", proof="b", mistyped=True), Line(2, 450, "KREDIT")),
        "ID_SALAH_KETIK",
        30,
        CREDITED,
        names_mistyped=True,
    ),
    Answer(
        "AMBIL_MELEBIHI_KREDIT", (CREDIT, Line(1, 50, "AMBIL", "i + 50000")), "AMBIL_MELEBIHI_KREDIT", 30, COLLECTED
    ),
    Answer("TARIK_MELEBIHI_KREDIT", TAKEN_TOO_MUCH, "TARIK_MELEBIHI_KREDIT", 30, RETURNED),
    Answer("KEMBALI_MELEBIHI_SISA", (CREDIT, Line(2, 500, "KEMBALI", "i // 2")), "KEMBALI_MELEBIHI_SISA", 30, CREDITED),
    Answer("TARIK_SETELAH_AMBIL", TAKEN_AFTER, "TARIK_SETELAH_AMBIL", 30, HALF_RETURNED),
    Answer("BARIS_DIULANG", (CREDIT, CREDIT, Line(2, 2, "KREDIT")), "", 400, CREDITED),
    _failed("TIDAK_HADIR", 1_500, post=True),
    _failed("ALAMAT_TIDAK_LENGKAP", 500, post=True),
    Answer(
        "POS_SUSULAN",
        (Line(1, 30, "GAGAL", reason="TIDAK_HADIR"), Line(2, 400, "AMBIL")),
        "",
        3_000,
        COLLECTED,
        post=True,
    ),
)


def places(instructions: int, *, post: bool) -> list[tuple[str, bool, int, int]]:
    """Answer, kind, first and last place in the shuffled queue of instructions of that kind.

    The minimum holds from two thousand instructions on; below, one in a hundred may carry a mode.
    """
    result, first = [], 1
    for answer in ANSWERS:
        if answer.post == post:
            floor = min(answer.least, max(1, instructions // 100))
            count = max(floor, instructions * answer.share // 100_000)
            result.append((answer.name, post, first, first + count - 1))
            first += count
    return result
