"""The rights counted slowly: one region after the other, one family after the other."""

from __future__ import annotations

from agreement.given import Row

LEVELS = {"desa": 10, "kecamatan": 6, "kabupaten": 4, "provinsi": 2, "nasional": 0}
ZONES = {"31": 7, "63": 8, "94": 9, "91": 9, "11": 7}
Figure = tuple[int | None, int | None]


def at(code: str, level: str) -> str:
    return code[: LEVELS[level]] or "00"


def measures(
    entitled: list[Row],
    settled: list[Row],
    still: set[int],
    due_day: int,
    listed: list[Row],
    quotas: dict[str, int],
    causes: list[Row],
) -> dict[tuple[str, str], Figure]:
    """(region, indicator) → numerator, denominator."""
    found: dict[tuple[str, str], Figure] = {}
    for level in LEVELS:
        for region in sorted({at(one["village_code"], level) for one in listed}):
            inside = [one for one in entitled if at(one["region_code"], level) == region]
            if inside:
                found |= {
                    (region, name): figure for name, figure in of_entitled(inside, settled, still, due_day).items()
                }
            considered = [one for one in listed if at(one["village_code"], level) == region]
            found |= {(region, name): figure for name, figure in of_listed(considered, quotas.get(region)).items()}
            paid = found.get((region, "tersalur"), (0, 0))[0]
            found[region, "cakupan"] = (None if region not in quotas else paid, quotas.get(region))
            found |= {(region, name): (None, None) for name in ("harga", "kualitas", "sp2d")}
        for cause in sorted({one["cause"] for one in causes}):
            for region in {at(one["region_code"], level) for one in causes if one["cause"] == cause}:
                count = sum(1 for one in causes if one["cause"] == cause and at(one["region_code"], level) == region)
                whole = sum(1 for one in entitled if at(one["region_code"], level) == region)
                found[region, f"sebab.{cause}"] = (count, whole or None)
    return found


def of_entitled(inside: list[Row], settled: list[Row], still: set[int], due_day: int) -> dict[str, Figure]:
    paid = exact = on_time = right = sent = proven = owed = credited = collected = 0
    returned = excess = left = 0
    for one in inside:
        mine = [row for row in settled if row["recipient_id"] == one["recipient_id"]]
        got = sum(row["credited_rupiah"] for row in mine)
        owed, credited, collected = (
            owed + one["amount_rupiah"],
            credited + got,
            collected + sum(row["collected_rupiah"] for row in mine),
        )
        returned += sum(row["returned_rupiah"] for row in mine)
        excess += sum(row["excess_rupiah"] for row in mine)
        left += sum(row["open_rupiah"] for row in mine) if mine else one["amount_rupiah"]
        paid += got > 0
        exact += got > 0 and got == one["amount_rupiah"]
        right += got > 0 and one["recipient_id"] in still
        days = [local_day(row) for row in mine if row["credited_rupiah"] > 0 and row["credited_at_ms"] is not None]
        on_time += bool(days) and min(days) <= due_day
        sent += any(row["attempt"] > 0 for row in mine)
        proven += any(row["attempt"] > 0 and row["has_proof"] for row in mine)
    return {
        "sasaran": (right, paid),
        "jumlah": (exact, paid),
        "jumlah_nilai": (credited, owed),
        "waktu": (on_time, len(inside)),
        "administrasi": (proven, sent),
        "tersalur": (paid, len(inside)),
        "diambil_nilai": (collected, credited),
        "kembali_nilai": (returned, owed),
        "lebih_nilai": (excess, owed),
        "terbuka_nilai": (left, owed),
    }


def of_listed(considered: list[Row], quota: int | None) -> dict[str, Figure]:
    count = {name: sum(1 for one in considered if one["outcome"] == name) for name in ("admitted", "held", "waiting")}
    return {
        "kuota_terisi": (count["admitted"] + count["held"], quota),
        "dipertimbangkan": (len(considered), None),
        "menunggu": (count["waiting"], None),
        "ditahan": (count["held"], None),
    }


def local_day(row: Row) -> int:
    hours = ZONES[row["region_code"][:2]]
    day: int = (row["credited_at_ms"] + hours * 3_600_000) // 86_400_000
    return day
