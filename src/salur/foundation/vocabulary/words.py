"""What codes are called in sentences for people. Files keep the codes; here, and only here, they get words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from salur.foundation.vocabulary.language import _


def gettext_noop(text: str) -> str:
    """Marks a sentence for the translators where it stands as data; it is translated when it is said."""
    return text


OUTCOMES: Final[Mapping[str, str]] = {
    "admitted": gettext_noop("diterima"),
    "held": gettext_noop("ditahan sampai diputuskan petugas"),
    "waiting": gettext_noop("menunggu kuota"),
    "not_admitted": gettext_noop("tidak diterima"),
}

REASONS: Final[Mapping[str, str]] = {
    "DALAM_KUOTA": gettext_noop("Keluarga ini layak dan masuk dalam kuota."),
    "DI_BAWAH_GARIS_KUOTA": gettext_noop("Keluarga ini berada di bawah garis kuota; tempat habis sebelum gilirannya."),
    "PENGURUS_TIDAK_PADAN": gettext_noop("NIK pengurus tidak padan dengan data Dukcapil."),
    "PENGURUS_GANDA": gettext_noop("NIK pengurus tercatat ganda di Dukcapil."),
    "PENGURUS_PINDAH": gettext_noop("Pengurus tercatat pindah di Dukcapil."),
    "PENGURUS_BELUM_CEK": gettext_noop("NIK pengurus belum dicek ke Dukcapil."),
    "PENGURUS_MENINGGAL": gettext_noop("Pengurus tercatat meninggal di Dukcapil."),
    "TANPA_DEWASA": gettext_noop("Pada hari pertama periode tidak ada anggota hidup berumur 17 tahun atau lebih."),
    "PEKERJAAN": gettext_noop("Seorang anggota yang hidup memiliki pekerjaan yang mengecualikan keluarganya."),
    "DESIL_TIDAK_DIKETAHUI": gettext_noop("Desil keluarga ini tidak diketahui."),
    "DESIL_DI_LUAR": gettext_noop("Desil keluarga ini di luar batas program."),
    "TANPA_KOMPONEN": gettext_noop("Tidak ada anggota yang memenuhi satu pun komponen program."),
    "TANPA_KUOTA": gettext_noop("Tidak ada kuota untuk wilayah keluarga ini."),
    "TAHAN_LEWAT_BATAS": gettext_noop("Keluarga ini ditahan melewati batas waktu tanpa keputusan."),
}

COMPONENTS: Final[Mapping[str, str]] = {
    "INDEKS": gettext_noop("indeks bulanan"),
    "TETAP": gettext_noop("bantuan tetap"),
    "HAMIL": gettext_noop("ibu hamil"),
    "ANAK_USIA_DINI": gettext_noop("anak usia dini"),
    "SD": gettext_noop("anak SD"),
    "SMP": gettext_noop("anak SMP"),
    "SMA": gettext_noop("anak SMA"),
    "DISABILITAS_BERAT": gettext_noop("penyandang disabilitas berat"),
    "LANSIA": gettext_noop("lanjut usia"),
}

STATES: Final[Mapping[str, str]] = {
    "NOT_SENT": gettext_noop("Belum diinstruksikan kepada bank atau pos."),
    "SI_SENT": gettext_noop("Sudah diinstruksikan; bank atau pos belum melaporkan dana masuk."),
    "FAILED": gettext_noop("Bank atau pos melaporkan gagal salur."),
    "CREDITED": gettext_noop("Dana sudah masuk rekening dan belum seluruhnya diambil."),
    "COLLECTED": gettext_noop("Dana sudah diambil."),
    "RETURNED": gettext_noop("Dana sudah kembali ke kas negara."),
    "HELD": gettext_noop("Laporan bank atau pos saling bertentangan; menunggu diperiksa."),
    "REPLACED": gettext_noop("Instruksi ini sudah diganti dengan instruksi berikutnya."),
}

CAUSES: Final[Mapping[str, str]] = {
    # not sent to a channel
    "TANPA_KANAL": gettext_noop("Belum ada bank atau pos untuk wilayahnya"),
    "TANPA_REKENING": gettext_noop("Belum punya rekening"),
    "REKENING_PASIF": gettext_noop("Rekening pasif"),
    "REKENING_TUTUP": gettext_noop("Rekening sudah ditutup"),
    "REKENING_BLOKIR": gettext_noop("Rekening diblokir"),
    "REKENING_PROSES": gettext_noop("Rekening masih dibuka"),
    "BANK_LAIN": gettext_noop("Rekening di bank lain dari bank penyalur"),
    # reported by the channel
    "NIK_TIDAK_PADAN": gettext_noop("NIK tidak cocok dengan data Dukcapil"),
    "NAMA_BEDA": gettext_noop("Nama di rekening berbeda"),
    "DATA_TIDAK_LENGKAP": gettext_noop("Data tidak lengkap"),
    "ALAMAT_TIDAK_LENGKAP": gettext_noop("Alamat tidak lengkap"),
    "DI_BAWAH_UMUR": gettext_noop("Pengurus masih di bawah umur"),
    "MENINGGAL": gettext_noop("Penerima meninggal"),
    "PINDAH": gettext_noop("Penerima pindah"),
    "PEKERJAAN": gettext_noop("Pekerjaan tidak memenuhi syarat"),
    "TIDAK_LAYAK_DAERAH": gettext_noop("Dinilai tidak layak oleh daerah"),
    "MENOLAK": gettext_noop("Penerima menolak"),
    "MAMPU": gettext_noop("Penerima sudah mampu"),
    "GANDA_NIK": gettext_noop("NIK ganda"),
    "GANDA_KK": gettext_noop("Kartu keluarga ganda"),
    "PROGRAM_LAIN": gettext_noop("Sudah menerima dari program lain"),
    "REKENING_SALAH": gettext_noop("Nomor rekening salah"),
    "FORMAT_NAMA": gettext_noop("Penulisan nama tidak sesuai"),
    "KODE_WILAYAH": gettext_noop("Kode wilayah salah"),
    "KKS_BELUM_TERSALUR": gettext_noop("Kartu Keluarga Sejahtera belum dibagikan"),
    "KKS_RUSAK": gettext_noop("Kartu Keluarga Sejahtera rusak"),
    "TIDAK_DITEMUKAN": gettext_noop("Penerima tidak ditemukan"),
    "TIDAK_TRANSAKSI": gettext_noop("Tidak ada transaksi"),
    "SALDO_NOL": gettext_noop("Saldo nol"),
    "TIDAK_HADIR": gettext_noop("Penerima tidak hadir"),
    "LAIN": gettext_noop("Sebab lain"),
    # found by reconciliation
    "TANPA_HASIL": gettext_noop("Belum ada hasil dari bank atau pos"),
    "KREDIT_GANDA": gettext_noop("Dana masuk dua kali"),
    "LEBIH_BAYAR": gettext_noop("Dibayar lebih dari hak"),
    "KURANG_BAYAR": gettext_noop("Dibayar kurang dari hak"),
    "KONTRADIKSI": gettext_noop("Laporan saling bertentangan"),
    "GAGAL_SETELAH_KREDIT": gettext_noop("Dilaporkan gagal setelah dana masuk"),
    "KREDIT_TIDAK_ADA": gettext_noop("Dana diambil tanpa laporan dana masuk"),
    "TARIK_MELEBIHI_KREDIT": gettext_noop("Penarikan kembali melebihi dana masuk"),
    "KEMBALI_MELEBIHI_SISA": gettext_noop("Pengembalian melebihi sisa dana"),
    "AMBIL_MELEBIHI_KREDIT": gettext_noop("Pengambilan melebihi dana masuk"),
    "TARIK_SETELAH_AMBIL": gettext_noop("Ditarik kembali setelah diambil"),
    "KANAL_LAIN": gettext_noop("Dilaporkan oleh bank atau pos yang lain"),
    "ID_TIDAK_DIKENAL": gettext_noop("Nomor instruksi tidak dikenal"),
    "ID_SALAH_KETIK": gettext_noop("Nomor instruksi salah ketik"),
    "KODE_ALASAN_TIDAK_DIKENAL": gettext_noop("Kode alasan bank atau pos tidak dikenal"),
    "TANPA_TOTAL_KONTROL": gettext_noop("Berkas hasil tanpa total kontrol"),
}

REGISTER: Final[Mapping[str, str]] = {
    # findings: the row was accepted
    "TANPA_KEPALA": gettext_noop("Keluarga tanpa kepala keluarga"),
    "NIK_BEDA_LAHIR": gettext_noop("Tanggal lahir di NIK berbeda dari data anggota"),
    "NIK_BEDA_KELAMIN": gettext_noop("Jenis kelamin di NIK berbeda dari data anggota"),
    "REKENING_PANJANG": gettext_noop("Panjang nomor rekening tidak lazim"),
    "REKENING_NAMA_BEDA": gettext_noop("Nama rekening berbeda dari nama anggota"),
    "ANGGOTA_DITOLAK": gettext_noop("Baris seorang anggota ditolak saat impor"),
    # reviews: the rows wait for a person
    "NIK_DI_DUA_KELUARGA": gettext_noop("Satu NIK tercatat di dua keluarga"),
    "BARIS_BERBEDA_SATU_BERKAS": gettext_noop("Baris yang sama dikirim dengan isi berbeda"),
    "KELAMIN_ATAU_LAHIR_BERUBAH": gettext_noop("Jenis kelamin atau tanggal lahir berubah"),
    "HAMIL_L": gettext_noop("Anggota laki-laki tercatat hamil"),
    "DUA_KEPALA": gettext_noop("Dua kepala dalam satu keluarga"),
    "DUA_REKENING": gettext_noop("Dua anggota satu keluarga memiliki rekening"),
    "KELUARGA_BELUM_ADA": gettext_noop("Keluarga anggota ini belum ada di registri"),
    "ORANG_BELUM_ADA": gettext_noop("Pemilik rekening ini belum ada di registri"),
}


def outcome(code: str) -> str:
    return _said(OUTCOMES, code)


def reason(code: str) -> str:
    """Why a family is in or out, as a sentence."""
    return _said(REASONS, code)


def component(code: str) -> str:
    return _said(COMPONENTS, code)


def state(code: str) -> str:
    """Where the money stands, as a sentence."""
    return _said(STATES, code)


def cause(code: str) -> str:
    """Why money stays open or what does not agree, without a full stop."""
    return _said(CAUSES, code)


def register(code: str) -> str:
    """What the register noticed about a family, without a full stop."""
    return _said(REGISTER, code)


def _said(known: Mapping[str, str], code: str) -> str:
    """A code without words is shown as it is rather than hidden."""
    return _(known[code]) if code in known else code
