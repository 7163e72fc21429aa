"""Whose place the next period keeps."""

from __future__ import annotations

from pathlib import Path

from support.house import House

SATU, DUA = "6371010101200001", "6371010101200002"
PERSONS = (
    "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
    f"6371014101800001,{SATU},Satu Contoh,1980-01-01,P,KEPALA,PADAN\n"
    f"6371014101800002,{DUA},Dua Contoh,1980-01-01,P,KEPALA,PADAN\n"
)


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text)
    return path


def registered(house: House, folder: Path, deciles: dict[str, int]) -> None:
    """A release in which the two families stand in these deciles."""
    rows = "".join(f"{card},6371011001,{decile}\n" for card, decile in deciles.items())
    families = put(folder, "f", "no_kk,kode_desa,desil\n" + rows)
    house.ok("registry", "import", families, put(folder, "p", PERSONS), "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-01", "--decree", "SK", "--as", "registrar")


def determined(house: House, period: str) -> str:
    told = house.ok("enrolment", "determine", "SEMBAKO", period, "--as", "planner")
    assert (told["admitted"], told["waiting"]) == (1, 1)
    return str(told["list_digest"])


def has_place(house: House, card: str, period: str) -> bool:
    with house.owner() as conn:
        [family] = conn.execute("select family_id from registry_card where no_kk = %s", [card]).fetchone()
    told = house.ok("explain", str(family), "--as", "auditor")
    [outcome] = [one["outcome"] for one in told["decisions"] if one["period"] == period]
    return bool(outcome == "admitted")


def test_the_next_period_keeps_the_places_of_the_approved_list(house: House, tmp_path: Path) -> None:
    for month in ("2023-05", "2023-06"):
        house.ok("draw", "commit", "SEMBAKO", month, "--secret", "contoh", "--as", "approver")
    registered(house, tmp_path, {SATU: 1, DUA: 2})
    rows = "".join(f"SEMBAKO,{month},6371,1\n" for month in ("2023-05", "2023-06"))
    house.ok("quota", "import", put(tmp_path, "q", "program,periode,kode_wilayah,kuota\n" + rows), "--as", "planner")
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "200000", "--decree", "DIPA", "--as", "planner")
    approved = determined(house, "2023-05")
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "submit", "SEMBAKO-2023-05", "--as", "planner")
    house.ok("cycle", "approve", "SEMBAKO-2023-05", "--as", "approver")

    registered(house, tmp_path, {SATU: 3, DUA: 1})
    assert determined(house, "2023-05") != approved, "a trial after the approval: it pays nobody"
    determined(house, "2023-06")
    assert has_place(house, SATU, "2023-06") and not has_place(house, DUA, "2023-06")
