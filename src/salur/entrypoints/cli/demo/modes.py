"""What is made wrong on purpose in the registry: one mode at most per family, so that no consequence hides another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """A way in which a family's data go wrong.

    `kind` says where it must show, `code` as what (for a rejected row: the column at fault), `about` whose key the
    truth names, `when` on which condition: `always`, `admitted` (the family is inside a quota), `entitled` (a sum is
    due to it).
    """

    name: str
    kind: str
    code: str
    about: str
    when: str
    per_100k: int  # families


MODES: tuple[Mode, ...] = (
    Mode("BARIS_SAMA_KELUARGA", "import_unchanged", "", "no_kk", "always", 100),
    Mode("BARIS_SAMA_ORANG", "import_unchanged", "", "nik of head", "always", 300),
    Mode("BARIS_SAMA_REKENING", "import_unchanged", "", "nik of holder", "always", 100),
    Mode("NIK_MUSTAHIL", "import_rejected", "nik", "nik of child", "always", 100),
    Mode("TANGGAL_SALAH", "import_rejected", "tanggal_lahir", "nik of child", "always", 60),
    Mode("DESA_TIDAK_DIKENAL", "import_rejected", "kode_desa", "no_kk", "always", 20),
    Mode("NIK_DI_DUA_KELUARGA", "import_review", "NIK_DI_DUA_KELUARGA", "nik of spouse", "always", 200),
    Mode("BARIS_BERBEDA_SATU_BERKAS", "import_review", "BARIS_BERBEDA_SATU_BERKAS", "nik of spouse", "always", 50),
    Mode("HAMIL_L", "import_review", "HAMIL_L", "nik of child", "always", 40),
    Mode("DUA_KEPALA", "import_review", "DUA_KEPALA", "nik of both", "always", 50),
    Mode("DUA_REKENING", "import_review", "DUA_REKENING", "nik of both", "always", 40),
    Mode("TANPA_KEPALA", "import_finding", "TANPA_KEPALA", "no_kk", "always", 100),
    Mode("NIK_BEDA_LAHIR", "import_finding", "NIK_BEDA_LAHIR", "nik of head", "always", 400),
    Mode("NIK_BEDA_KELAMIN", "import_finding", "NIK_BEDA_KELAMIN", "nik of head", "always", 100),
    Mode("REKENING_PANJANG", "import_finding", "REKENING_PANJANG", "nik of holder", "always", 50),
    Mode("REKENING_NAMA_BEDA", "import_finding", "REKENING_NAMA_BEDA", "nik of holder", "always", 300),
    Mode("PENGURUS_MENINGGAL", "enrolment", "PENGURUS_MENINGGAL", "no_kk", "admitted", 500),
    Mode("PENGURUS_TIDAK_PADAN", "enrolment", "PENGURUS_TIDAK_PADAN", "no_kk", "admitted", 500),
    Mode("PENGURUS_GANDA", "enrolment", "PENGURUS_GANDA", "no_kk", "admitted", 100),
    Mode("PENGURUS_PINDAH", "enrolment", "PENGURUS_PINDAH", "no_kk", "admitted", 300),
    Mode("PENGURUS_BELUM_CEK", "enrolment", "PENGURUS_BELUM_CEK", "no_kk", "admitted", 200),
    Mode("TANPA_DEWASA", "enrolment", "TANPA_DEWASA", "no_kk", "admitted", 40),
    Mode("PEKERJAAN", "enrolment", "PEKERJAAN", "no_kk", "always", 800),
    Mode("DESIL_TIDAK_DIKETAHUI", "enrolment", "DESIL_TIDAK_DIKETAHUI", "no_kk", "always", 700),
    Mode("TANPA_REKENING", "instruction", "TANPA_REKENING", "no_kk", "entitled", 600),
    Mode("REKENING_PASIF", "instruction", "REKENING_PASIF", "no_kk", "entitled", 800),
    Mode("REKENING_TUTUP", "instruction", "REKENING_TUTUP", "no_kk", "entitled", 300),
    Mode("REKENING_BLOKIR", "instruction", "REKENING_BLOKIR", "no_kk", "entitled", 100),
    Mode("REKENING_PROSES", "instruction", "REKENING_PROSES", "no_kk", "entitled", 400),
    Mode("BANK_LAIN", "instruction", "BANK_LAIN", "no_kk", "entitled", 200),
)


def places(families: int) -> list[tuple[str, int, int]]:
    """Mode, first and last place it takes in the shuffled queue of families: an exact count, at least one each."""
    result, first = [], 1
    for mode in MODES:
        count = max(1, families * mode.per_100k // 100_000)
        result.append((mode.name, first, first + count - 1))
        first += count
    return result
