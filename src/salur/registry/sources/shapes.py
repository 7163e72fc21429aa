"""The kinds of files that make up the register, told apart by their headers."""

from __future__ import annotations

from salur.foundation.intake.shapes import Shape

# Housing and assets as the national registry asks them; kept with the family, not yet used by a rule.
HOUSING = (
    "status_rumah", "lantai", "dinding", "atap", "sumber_air", "penerangan", "daya_listrik", "bahan_bakar", "jamban", "kloset",
    "pembuangan_tinja", "tabung_gas", "kulkas", "ac", "pemanas_air", "telepon", "televisi", "emas_gram", "komputer", "sepeda_motor",
    "sepeda", "mobil", "perahu", "perahu_motor", "ponsel", "lahan_ha", "lahan_lain", "rumah_lain", "ternak_besar", "ternak_kecil",
)  # fmt: skip

FAMILIES = Shape("families", ("no_kk", "kode_desa"), ("alamat", "desil", "no_kk_lama", *HOUSING))
PERSONS = Shape(
    "persons",
    ("nik", "no_kk", "nama", "tanggal_lahir", "jenis_kelamin", "hubungan", "status_dukcapil"),
    ("status_sekolah", "hamil", "disabilitas_berat", "pekerjaan"),
)
ACCOUNTS = Shape("accounts", ("nik", "bank", "nomor_rekening", "nama_rekening", "status"))
ALL = (FAMILIES, PERSONS, ACCOUNTS)
