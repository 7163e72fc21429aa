"""The codes of files, lists and results, exactly as they are written outside, and those that Salur itself gives.

A code is its own text (`StrEnum`), so it goes into tables, files and messages as it is.
"""

from enum import StrEnum
from typing import Final


class Relation(StrEnum):
    """`hubungan`: to the head of the family card."""

    KEPALA = "KEPALA"
    PASANGAN = "PASANGAN"
    ANAK = "ANAK"
    ORANGTUA = "ORANGTUA"
    CUCU = "CUCU"
    FAMILI = "FAMILI"
    LAIN = "LAIN"


class Sex(StrEnum):
    """`jenis_kelamin`."""

    L = "L"
    P = "P"


class School(StrEnum):
    """`status_sekolah`; empty counts as TIDAK."""

    TIDAK = "TIDAK"
    SD = "SD"
    SMP = "SMP"
    SMA = "SMA"


class YesNo(StrEnum):
    """`hamil`, `disabilitas_berat`; empty is unknown and counts as T."""

    Y = "Y"
    T = "T"


class CivilStatus(StrEnum):
    """`status_dukcapil`: what the civil registry answers about a NIK; empty counts as BELUM_CEK."""

    PADAN = "PADAN"
    TIDAK_PADAN = "TIDAK_PADAN"
    GANDA = "GANDA"
    MENINGGAL = "MENINGGAL"
    PINDAH = "PINDAH"
    BELUM_CEK = "BELUM_CEK"


class AccountStatus(StrEnum):
    """`status` of an account; money goes to AKTIF only."""

    AKTIF = "AKTIF"
    PASIF = "PASIF"
    TUTUP = "TUTUP"
    BLOKIR = "BLOKIR"
    PROSES = "PROSES"


class Channel(StrEnum):
    """`bank`, `kanal`: who carries the money."""

    BRI = "BRI"
    BNI = "BNI"
    MANDIRI = "MANDIRI"
    BTN = "BTN"
    BSI = "BSI"
    POS = "POS"


CHANNELS_WITHOUT_ACCOUNT: Final = frozenset({Channel.POS})


class ExcludedOccupation(StrEnum):
    """Occupations of a living member that exclude the whole family."""

    PNS = "PNS"
    TNI = "TNI"
    POLRI = "POLRI"
    PENSIUNAN = "PENSIUNAN"
    BUMN = "BUMN"
    BUMD = "BUMD"
    PEJABAT = "PEJABAT"
    SDM_KESOS = "SDM_KESOS"


class ResultKind(StrEnum):
    """`hasil`: what a channel reports about an instruction, in the order that breaks ties of time."""

    GAGAL = "GAGAL"
    KREDIT = "KREDIT"
    AMBIL = "AMBIL"
    TARIK = "TARIK"
    KEMBALI = "KEMBALI"

    @property
    def order(self) -> int:
        return tuple(ResultKind).index(self)


class ResultReason(StrEnum):
    """`kode_alasan` of a result line; a code that is not here becomes LAIN, with a finding."""

    NIK_TIDAK_PADAN = "NIK_TIDAK_PADAN"
    NAMA_BEDA = "NAMA_BEDA"
    DATA_TIDAK_LENGKAP = "DATA_TIDAK_LENGKAP"
    ALAMAT_TIDAK_LENGKAP = "ALAMAT_TIDAK_LENGKAP"
    DI_BAWAH_UMUR = "DI_BAWAH_UMUR"
    MENINGGAL = "MENINGGAL"
    PINDAH = "PINDAH"
    PEKERJAAN = "PEKERJAAN"
    TIDAK_LAYAK_DAERAH = "TIDAK_LAYAK_DAERAH"
    MENOLAK = "MENOLAK"
    MAMPU = "MAMPU"
    GANDA_NIK = "GANDA_NIK"
    GANDA_KK = "GANDA_KK"
    PROGRAM_LAIN = "PROGRAM_LAIN"
    REKENING_SALAH = "REKENING_SALAH"
    FORMAT_NAMA = "FORMAT_NAMA"
    KODE_WILAYAH = "KODE_WILAYAH"
    REKENING_PASIF = "REKENING_PASIF"
    REKENING_TUTUP = "REKENING_TUTUP"
    REKENING_BLOKIR = "REKENING_BLOKIR"
    KKS_BELUM_TERSALUR = "KKS_BELUM_TERSALUR"
    KKS_RUSAK = "KKS_RUSAK"
    TIDAK_DITEMUKAN = "TIDAK_DITEMUKAN"
    TIDAK_TRANSAKSI = "TIDAK_TRANSAKSI"
    SALDO_NOL = "SALDO_NOL"
    TIDAK_HADIR = "TIDAK_HADIR"
    LAIN = "LAIN"

    @property
    def group(self) -> "ReasonGroup":
        return next(group for group, reasons in RESULT_REASONS.items() if self in reasons)


class ReasonGroup(StrEnum):
    """What kind of trouble a reason is, which says who can mend it."""

    ADMINISTRATIVE = "administrative"
    NOT_ELIGIBLE = "not_eligible"
    ALREADY_AIDED = "already_aided"
    INPUT = "input"
    DELIVERY = "delivery"
    OTHER = "other"


_R = ResultReason
RESULT_REASONS: Final[dict[ReasonGroup, tuple[ResultReason, ...]]] = {
    ReasonGroup.ADMINISTRATIVE: (
        _R.NIK_TIDAK_PADAN, _R.NAMA_BEDA, _R.DATA_TIDAK_LENGKAP, _R.ALAMAT_TIDAK_LENGKAP, _R.DI_BAWAH_UMUR,
    ),
    ReasonGroup.NOT_ELIGIBLE: (
        _R.MENINGGAL, _R.PINDAH, _R.PEKERJAAN, _R.TIDAK_LAYAK_DAERAH, _R.MENOLAK, _R.MAMPU,
    ),
    ReasonGroup.ALREADY_AIDED: (_R.GANDA_NIK, _R.GANDA_KK, _R.PROGRAM_LAIN),
    ReasonGroup.INPUT: (_R.REKENING_SALAH, _R.FORMAT_NAMA, _R.KODE_WILAYAH),
    ReasonGroup.DELIVERY: (
        _R.REKENING_PASIF, _R.REKENING_TUTUP, _R.REKENING_BLOKIR, _R.KKS_BELUM_TERSALUR, _R.KKS_RUSAK,
        _R.TIDAK_DITEMUKAN, _R.TIDAK_TRANSAKSI, _R.SALDO_NOL, _R.TIDAK_HADIR,
    ),
    ReasonGroup.OTHER: (_R.LAIN,),
}  # fmt: skip


class Outcome(StrEnum):
    """What became of a family that was considered; one each."""

    ADMITTED = "admitted"
    HELD = "held"
    WAITING = "waiting"
    NOT_ADMITTED = "not_admitted"


class EnrolmentReason(StrEnum):
    """Why a family has its outcome."""

    DALAM_KUOTA = "DALAM_KUOTA"
    DI_BAWAH_GARIS_KUOTA = "DI_BAWAH_GARIS_KUOTA"
    PENGURUS_TIDAK_PADAN = "PENGURUS_TIDAK_PADAN"
    PENGURUS_GANDA = "PENGURUS_GANDA"
    PENGURUS_PINDAH = "PENGURUS_PINDAH"
    PENGURUS_BELUM_CEK = "PENGURUS_BELUM_CEK"
    PENGURUS_MENINGGAL = "PENGURUS_MENINGGAL"
    TANPA_DEWASA = "TANPA_DEWASA"
    PEKERJAAN = "PEKERJAAN"
    DESIL_TIDAK_DIKETAHUI = "DESIL_TIDAK_DIKETAHUI"
    DESIL_DI_LUAR = "DESIL_DI_LUAR"
    TANPA_KOMPONEN = "TANPA_KOMPONEN"
    TANPA_KUOTA = "TANPA_KUOTA"
    TAHAN_LEWAT_BATAS = "TAHAN_LEWAT_BATAS"

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES.get(self, Outcome.NOT_ADMITTED)


_OUTCOMES = {
    EnrolmentReason.DALAM_KUOTA: Outcome.ADMITTED,
    EnrolmentReason.DI_BAWAH_GARIS_KUOTA: Outcome.WAITING,
    EnrolmentReason.PENGURUS_TIDAK_PADAN: Outcome.HELD,
    EnrolmentReason.PENGURUS_GANDA: Outcome.HELD,
    EnrolmentReason.PENGURUS_PINDAH: Outcome.HELD,
    EnrolmentReason.PENGURUS_BELUM_CEK: Outcome.HELD,
    EnrolmentReason.PENGURUS_MENINGGAL: Outcome.HELD,
    EnrolmentReason.TANPA_DEWASA: Outcome.HELD,
}


class ImportFinding(StrEnum):
    """What is odd about a row or file that was accepted."""

    TANPA_KEPALA = "TANPA_KEPALA"
    NIK_BEDA_LAHIR = "NIK_BEDA_LAHIR"
    NIK_BEDA_KELAMIN = "NIK_BEDA_KELAMIN"
    REKENING_PANJANG = "REKENING_PANJANG"
    REKENING_NAMA_BEDA = "REKENING_NAMA_BEDA"
    ANGGOTA_DITOLAK = "ANGGOTA_DITOLAK"
    KODE_ALASAN_TIDAK_DIKENAL = "KODE_ALASAN_TIDAK_DIKENAL"
    TANPA_TOTAL_KONTROL = "TANPA_TOTAL_KONTROL"


class ReviewReason(StrEnum):
    """Why a row waits for a person to decide."""

    NIK_DI_DUA_KELUARGA = "NIK_DI_DUA_KELUARGA"
    BARIS_BERBEDA_SATU_BERKAS = "BARIS_BERBEDA_SATU_BERKAS"
    KELAMIN_ATAU_LAHIR_BERUBAH = "KELAMIN_ATAU_LAHIR_BERUBAH"
    HAMIL_L = "HAMIL_L"
    DUA_KEPALA = "DUA_KEPALA"
    DUA_REKENING = "DUA_REKENING"
    KELUARGA_BELUM_ADA = "KELUARGA_BELUM_ADA"
    ORANG_BELUM_ADA = "ORANG_BELUM_ADA"


class NotInstructed(StrEnum):
    """Why an entitlement was not sent to a channel."""

    TANPA_KANAL = "TANPA_KANAL"
    TANPA_REKENING = "TANPA_REKENING"
    REKENING_PASIF = "REKENING_PASIF"
    REKENING_TUTUP = "REKENING_TUTUP"
    REKENING_BLOKIR = "REKENING_BLOKIR"
    REKENING_PROSES = "REKENING_PROSES"
    BANK_LAIN = "BANK_LAIN"


class SettlementState(StrEnum):
    """Where the money of one entitlement or instruction stands."""

    NOT_SENT = "NOT_SENT"
    SI_SENT = "SI_SENT"
    FAILED = "FAILED"
    CREDITED = "CREDITED"
    COLLECTED = "COLLECTED"
    RETURNED = "RETURNED"
    HELD = "HELD"
    REPLACED = "REPLACED"


class ReconcileException(StrEnum):
    """What is wrong between what was sent and what arrived.

    Besides these, the reason of what stays open stands as an exception too: a `kode_alasan` or a `NotInstructed`.
    """

    TANPA_HASIL = "TANPA_HASIL"
    KREDIT_GANDA = "KREDIT_GANDA"
    LEBIH_BAYAR = "LEBIH_BAYAR"
    KURANG_BAYAR = "KURANG_BAYAR"
    KONTRADIKSI = "KONTRADIKSI"
    GAGAL_SETELAH_KREDIT = "GAGAL_SETELAH_KREDIT"
    KREDIT_TIDAK_ADA = "KREDIT_TIDAK_ADA"
    TARIK_MELEBIHI_KREDIT = "TARIK_MELEBIHI_KREDIT"
    KEMBALI_MELEBIHI_SISA = "KEMBALI_MELEBIHI_SISA"
    AMBIL_MELEBIHI_KREDIT = "AMBIL_MELEBIHI_KREDIT"
    TARIK_SETELAH_AMBIL = "TARIK_SETELAH_AMBIL"
    KANAL_LAIN = "KANAL_LAIN"
    ID_TIDAK_DIKENAL = "ID_TIDAK_DIKENAL"
    ID_SALAH_KETIK = "ID_SALAH_KETIK"
