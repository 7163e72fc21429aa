"""Is one row well formed? Wrong form rejects the row; conflicts between rows are register.py's business."""

from collections.abc import Collection
from datetime import date

from .reading import as_date, is_digits, plain_code

RELATIONS = {"KEPALA", "PASANGAN", "ANAK", "ORANGTUA", "CUCU", "FAMILI", "LAIN"}
CIVIL = {"PADAN", "TIDAK_PADAN", "GANDA", "MENINGGAL", "PINDAH", "BELUM_CEK", ""}
BANKS = {"BRI", "BNI", "MANDIRI", "BTN", "BSI", "POS"}
ACCOUNT_STATES = {"AKTIF", "PASIF", "TUTUP", "BLOKIR", "PROSES"}


def well_formed(kind: str, cells: dict[str, str], villages: Collection[str], today: date) -> bool:
    """`villages`: the known codes without dots."""
    if kind == "families":
        return _family(cells, villages)
    if kind == "persons":
        return _person(cells, today)
    return _account(cells, today)


def _family(cells: dict[str, str], villages: Collection[str]) -> bool:
    decile = cells.get("desil", "")
    old_card = cells.get("no_kk_lama", "")
    return (
        is_digits(cells["no_kk"], 16)
        and plain_code(cells["kode_desa"]) in villages
        and (decile == "" or (is_digits(decile) and 1 <= int(decile) <= 10))
        and (old_card == "" or is_digits(old_card, 16))
    )


def _person(cells: dict[str, str], today: date) -> bool:
    born = as_date(cells["tanggal_lahir"])
    return (
        nik_is_possible(cells["nik"], today)
        and is_digits(cells["no_kk"], 16)
        and cells["nama"] != ""
        and born is not None
        and born <= today
        and cells["jenis_kelamin"] in ("L", "P")
        and cells["hubungan"] in RELATIONS
        and cells["status_dukcapil"] in CIVIL
        and cells.get("status_sekolah", "") in ("", "TIDAK", "SD", "SMP", "SMA")
        and cells.get("hamil", "") in ("", "Y", "T")
        and cells.get("disabilitas_berat", "") in ("", "Y", "T")
    )


def _account(cells: dict[str, str], today: date) -> bool:
    return (
        nik_is_possible(cells["nik"], today)
        and cells["bank"] in BANKS
        and is_digits(cells["nomor_rekening"])
        and cells["nama_rekening"] != ""
        and cells["status"] in ACCOUNT_STATES
    )


def nik_is_possible(nik: str, today: date) -> bool:
    """16 digits whose birth date exists in 19YY or 20YY and is not in the future, with a serial above 0."""
    if not is_digits(nik, 16) or nik[12:] == "0000":
        return False
    day, month, year = int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])
    if int(nik[6:8]) > 71:
        return False
    for century in (1900, 2000):
        try:
            if date(century + year, month, day) <= today:
                return True
        except ValueError:
            continue
    return False


def nik_differs(nik: str, born: date, sex: str) -> set[str]:
    """Findings of an accepted person whose NIK and record disagree."""
    found = set()
    if int(nik[6:8]) > 40 and sex == "L" or int(nik[6:8]) <= 40 and sex == "P":
        found.add("NIK_BEDA_KELAMIN")
    if (int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])) != (born.day, born.month, born.year % 100):
        found.add("NIK_BEDA_LAHIR")
    return found
