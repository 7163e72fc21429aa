"""A measured world for pages: figures of villages, added up for every region above them by slow, plain addition."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from salur.foundation.vocabulary.region_code import level, path

AS_OF = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
QUOTA_LENGTHS = (0, 2, 4)  # quotas are known down to the regency
RATIOS = {
    "sasaran": ("eligible", "paid"),
    "jumlah": ("exact", "paid"),
    "jumlah_nilai": ("credited", "entitled_rupiah"),
    "waktu": ("on_time", "entitled"),
    "administrasi": ("evidence", "instructed"),
    "tersalur": ("paid", "entitled"),
    "diambil_nilai": ("collected", "credited"),
    "terbuka_nilai": ("open", "entitled_rupiah"),
    "kembali_nilai": ("returned", "entitled_rupiah"),
    "lebih_nilai": ("excess", "entitled_rupiah"),
}
CAUSES = (
    "TANPA_REKENING", "REKENING_PASIF", "KKS_BELUM_TERSALUR", "NAMA_BEDA", "TANPA_HASIL", "KREDIT_GANDA",
    "KURANG_BAYAR", "KONTRADIKSI", "MENINGGAL", "TIDAK_DITEMUKAN", "BANK_LAIN", "REKENING_TUTUP",
)  # fmt: skip


def village(code: str, *, amount: int = 200_000, seed: str = "") -> dict[str, int]:
    """Counts and rupiah of one village, the same at each call."""
    chance = random.Random(f"{code}{seed}")
    luck = random.Random(f"{code[:4]}{seed}").uniform(0.55, 0.97)
    entitled = chance.randint(18, 240)
    paid = round(entitled * min(1, luck + chance.uniform(-0.05, 0.05)))
    exact = paid - chance.randint(0, 2)
    found = {
        "entitled": entitled,
        "instructed": entitled - chance.randint(0, 3),
        "paid": paid,
        "exact": exact,
        "eligible": round(paid * 0.98),
        "on_time": round(paid * chance.uniform(0.7, 0.95)),
        "evidence": round(paid * 0.96),
        "entitled_rupiah": entitled * amount,
        "credited": exact * amount + (paid - exact) * amount // 2,
        "collected": round(exact * 0.7) * amount,
        "held": chance.randint(0, 4),
        "waiting": chance.randint(0, 30),
        "quota": entitled + 5,
    }
    found["excess"] = amount * chance.randint(0, 1)
    found["returned"] = amount * chance.randint(0, entitled - paid)
    found["credited"] += found["excess"]
    found["open"] = found["entitled_rupiah"] + found["excess"] - found["credited"] - found["returned"]
    for _ in range(entitled - paid + 2):
        name = f"sebab.{chance.choices(CAUSES, range(len(CAUSES), 0, -1))[0]}"
        found[name] = found.get(name, 0) + 1
    return found


def measures(villages: Iterable[str], *, programme: str, period: str, amount: int = 200_000) -> list:
    """Unsaved measures of these villages and of everything above them."""
    from salur.monitoring.models import Measure

    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for code in villages:
        for region in path(code):
            sums[region].update(village(code, amount=amount, seed=period))
    made = []
    for region, found in sums.items():
        for indicator, pair in _figures(region, found).items():
            made.append(
                Measure(
                    programme=programme, period=period, cycle=f"{programme}-{period}", region_code=region,
                    level=level(region).value, indicator=indicator, numerator=pair[0], denominator=pair[1],
                    data_as_of=AS_OF,
                )
            )  # fmt: skip
    return made


def _figures(region: str, found: Counter[str]) -> dict[str, tuple[int | None, int | None]]:
    figures: dict[str, tuple[int | None, int | None]] = {
        name: (found[top], found[bottom]) for name, (top, bottom) in RATIOS.items()
    }
    quota = found["quota"] if len(region) in QUOTA_LENGTHS or region == "00" else None
    figures |= {
        "kuota_terisi": (found["entitled"] + found["held"], quota),
        "cakupan": (found["paid"] if quota else None, quota),
        "menunggu": (found["waiting"], None),
        "ditahan": (found["held"], None),
        "harga": (None, None),
        "kualitas": (None, None),
        "sp2d": (None, None),
    }
    return figures | {name: (count, found["entitled"]) for name, count in found.items() if name.startswith("sebab.")}
