"""One family of a made-up place: the rows that speak of it in each file. People and numbers are synthetic."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

Cells = dict[str, str]
STAGE_DAY = date(2023, 4, 1)
NAMES = [
    "SITI",
    "BUDI",
    "AGUS",
    "DEWI",
    "NUR'AINI",
    "YOHANES",
    "RÉNÉ",
    "MARIA",
    "JOKO",
    "INDAH",
    "=SUM(A1)",
    "RINA; ADE",
]
LENGTHS = {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16, "BSI": 10}


@dataclass
class Home:
    """Rows of one family for the first delivery, and for a second one that comes later."""

    card: str
    village: str
    bank: str
    rng: Random
    serials: list[int]
    families: list[Cells] = field(default_factory=list)
    persons: list[Cells] = field(default_factory=list)
    accounts: list[Cells] = field(default_factory=list)
    later: dict[str, list[Cells]] = field(default_factory=lambda: {"families": [], "persons": [], "accounts": []})

    def person(self, relation: str, born: date, sex: str, **more: str) -> Cells:
        """A PADAN member; `more` overrides columns."""
        self.serials[0] += 1
        day = born.day + (40 if sex == "P" else 0)
        cells = {
            "nik": f"{self.village[:6]}{day:02d}{born.month:02d}{born.year % 100:02d}{self.serials[0] % 9999 + 1:04d}",
            "no_kk": self.card,
            "nama": f"{self.rng.choice(NAMES)} CONTOH {self.serials[0]}",
            "tanggal_lahir": born.isoformat(),
            "jenis_kelamin": sex,
            "hubungan": relation,
            "status_dukcapil": "PADAN",
            "status_sekolah": "TIDAK",
            "hamil": "T",
            "disabilitas_berat": "T",
            "pekerjaan": self.rng.choice(["", "PETANI", "BURUH HARIAN", "NELAYAN"]),
        } | more
        self.persons.append(cells)
        return cells

    def account(self, person: Cells, **more: str) -> Cells:
        """An active account of usual length at the place's bank."""
        bank = more.get("bank", self.bank)
        number = "".join(self.rng.choice("0123456789") for _ in range(LENGTHS[bank]))
        cells = {"nik": person["nik"], "bank": bank, "nomor_rekening": number, "nama_rekening": person["nama"]}
        self.accounts.append(cells | {"status": "AKTIF"} | more)
        return self.accounts[-1]

    def days(self, youngest: int, oldest: int) -> date:
        """A birth date for an age between the two on the stage's first day."""
        return STAGE_DAY - timedelta(days=self.rng.randrange(youngest * 365 + 30, oldest * 365 + 300))
