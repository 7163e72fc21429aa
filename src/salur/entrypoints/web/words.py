"""What indicators, levels, programmes, roles and periods are called on screens, and what each indicator means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.period import MONTH, Period, parse_span
from salur.foundation.vocabulary.region_code import Level

Words = str | Promise


@dataclass(frozen=True)
class Indicator:
    """How one indicator is shown: `share` names numerator (n) and denominator (d), `meaning` stands behind "
    "the "i"."""

    title: Words
    share: Words
    meaning: Words
    is_rupiah: bool = False


RIGHTS: Final[dict[str, Indicator]] = {
    "sasaran": Indicator(
        _("Tepat sasaran"),
        _("%(n)s masih layak dari %(d)s keluarga dibayar"),
        _(
            "Keluarga dibayar yang masih layak menurut rilis data terbaru, dibagi semua keluarga dibayar. "
            "Layak berarti "
            "desil di dalam batas, tidak ada pekerjaan yang mengecualikan, dan syarat program terpenuhi."
        ),
    ),
    "jumlah": Indicator(
        _("Tepat jumlah"),
        _("%(n)s menerima persis haknya dari %(d)s keluarga dibayar"),
        _(
            "Keluarga yang menerima rupiah persis sebesar haknya, dibagi semua keluarga dibayar. Kurang atau "
            "lebih sama-sama tidak tepat."
        ),
    ),
    "harga": Indicator(
        _("Tepat harga"),
        "",
        _(
            "Belanja dengan harga wajar, dibagi semua belanja yang dicatat. Bukti harga belum dikumpulkan, "
            "jadi belum ada angkanya."
        ),
    ),
    "waktu": Indicator(
        _("Tepat waktu"),
        _("%(n)s menerima tepat waktu dari %(d)s keluarga berhak"),
        _(
            "Keluarga yang dananya masuk paling lambat pada tanggal jatuh tempo, dibagi semua keluarga berhak. "
            "Yang belum menerima dihitung tidak tepat waktu."
        ),
    ),
    "kualitas": Indicator(
        _("Tepat kualitas"),
        "",
        _(
            "Barang yang memenuhi standar, dibagi semua barang yang diperiksa. Bukti mutu belum dikumpulkan, "
            "jadi belum ada angkanya."
        ),
    ),
    "administrasi": Indicator(
        _("Tepat administrasi"),
        _("%(n)s berbukti lengkap dari %(d)s keluarga diinstruksikan"),
        _(
            "Keluarga dengan bukti penyaluran dari bank atau pos, dibagi semua keluarga yang diinstruksikan "
            "kepada bank atau pos."
        ),
    ),
}

OTHERS: Final[dict[str, Indicator]] = {
    "tersalur": Indicator(
        _("Keluarga tersalur"),
        _("%(n)s dibayar dari %(d)s keluarga berhak"),
        _("Keluarga yang dananya sudah masuk rekening atau diterima di pos, dibagi semua keluarga berhak."),
    ),
    "jumlah_nilai": Indicator(
        _("Nilai tersalur"),
        _("%(n)s masuk rekening dari %(d)s hak"),
        _(
            "Rupiah yang masuk rekening atau diterima di pos setelah dikurangi penarikan kembali, dibagi "
            "rupiah yang menjadi hak. Kelebihan bayar ikut terhitung."
        ),
        is_rupiah=True,
    ),
    "diambil_nilai": Indicator(
        _("Nilai diambil"),
        _("%(n)s diambil dari %(d)s yang masuk rekening"),
        _("Rupiah yang sudah diambil keluarga, dibagi rupiah yang masuk rekening."),
        is_rupiah=True,
    ),
    "kuota_terisi": Indicator(
        _("Kuota terisi"),
        _("%(n)s tempat terisi dari %(d)s kuota"),
        _(
            "Keluarga yang masuk dalam kuota, termasuk yang ditahan untuk diperiksa, dibagi kuota wilayah. "
            "Tanpa kuota di tingkat ini, tidak ada data."
        ),
    ),
    "cakupan": Indicator(
        _("Cakupan"),
        _("%(n)s dibayar dari %(d)s kuota"),
        _("Keluarga dibayar, dibagi kuota wilayah."),
    ),
    "sp2d": Indicator(
        _("SP2D (Surat Perintah Pencairan Dana)"),
        "",
        _("Rupiah menurut SP2D. Data SP2D belum dimasukkan, dan angka tersalur tidak menggantikannya."),
        is_rupiah=True,
    ),
}

# Where the rupiah are: entitled + excess = credited + returned + open.
MONEY: Final[dict[str, Indicator]] = {
    "terbuka_nilai": Indicator(
        _("Belum tersalur"),
        _("%(n)s belum tersalur dari %(d)s hak"),
        _(
            "Rupiah hak yang belum masuk rekening dan belum kembali ke kas negara: belum diinstruksikan, masih di bank "
            "atau pos, atau gagal. Hak ditambah kelebihan bayar sama dengan dana tersalur, kembali, dan belum tersalur."
        ),
        is_rupiah=True,
    ),
    "kembali_nilai": Indicator(
        _("Kembali ke kas negara"),
        _("%(n)s kembali dari %(d)s hak"),
        _("Rupiah yang dikembalikan bank atau pos ke kas negara, menurut laporan mereka."),
        is_rupiah=True,
    ),
    "lebih_nilai": Indicator(
        _("Kelebihan bayar"),
        _("%(n)s kelebihan atas %(d)s hak"),
        _("Rupiah yang masuk rekening atau dikembalikan melebihi yang diinstruksikan; harus diperiksa."),
        is_rupiah=True,
    ),
}

INDICATORS: Final = RIGHTS | OTHERS | MONEY

LEVELS: Final[dict[Level, Words]] = {
    Level.COUNTRY: _("Nasional"),
    Level.PROVINCE: _("Provinsi"),
    Level.REGENCY: _("Kabupaten/Kota"),
    Level.DISTRICT: _("Kecamatan"),
    Level.VILLAGE: _("Desa/Kelurahan"),
}

PROGRAMMES: Final[dict[str, Words]] = {
    "SEMBAKO": _("Program Sembako"),
    "PKH": _("Program Keluarga Harapan (PKH)"),
}

ROLES: Final[dict[str, Words]] = {
    "registrar": _("Petugas data"),
    "planner": _("Perencana"),
    "approver": _("Penyetuju"),
    "disburser": _("Penyalur"),
    "channel": _("Bank atau pos"),
    "reconciler": _("Petugas rekonsiliasi"),
    "monitor": _("Pemantau"),
    "auditor": _("Pemeriksa"),
    "admin": _("Admin pengguna"),
}

MONTHS: Final[tuple[Words, ...]] = (
    _("Januari"), _("Februari"), _("Maret"), _("April"), _("Mei"), _("Juni"),
    _("Juli"), _("Agustus"), _("September"), _("Oktober"), _("November"), _("Desember"),
)  # fmt: skip


def programme(code: str) -> str:
    return str(PROGRAMMES.get(code, code))


def roles(codes: tuple[str, ...]) -> str:
    return ", ".join(str(ROLES.get(code, code)) for code in codes)


def period(text: str) -> str:
    """ "Mei 2023", "Mei 2023 – Juni 2023", "Tahap 2 2023 (April–Juni)"; what cannot be read stays as written."""
    try:
        periods = parse_span(text)
    except Refused:
        return text
    ends = dict.fromkeys((periods[0], periods[-1]))
    return " – ".join(_one(each) for each in ends)


def _one(period: Period) -> str:
    first, last = MONTHS[period.first_day.month - 1], MONTHS[period.last_day.month - 1]
    if period.kind == MONTH:
        return f"{first} {period.year}"
    return str(_("Tahap %(number)s %(year)s (%(first)s–%(last)s)")) % {
        "number": period.number,
        "year": period.year,
        "first": first,
        "last": last,
    }
