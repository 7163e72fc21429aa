"""Two months paid at once: determined month by month, one entitlement each, one line to the bank."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from support.house import House

VILLAGE, OTHER_VILLAGE = "6371011001", "6371011002"
CODE = "SEMBAKO-2023-05..2023-06"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text)
    return path


@pytest.fixture
def opened(house: House, tmp_path: Path) -> House:
    """Two families; the second has a place in June only."""
    families = "no_kk,kode_desa,desil\n6371010101200001,6371011001,1\n6371010101200002,6371011001,2\n"
    persons = (
        "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
        "6371014101800001,6371010101200001,Satu Contoh,1980-01-01,P,KEPALA,PADAN\n"
        "6371014101800002,6371010101200002,Dua Contoh,1980-01-01,P,KEPALA,PADAN\n"
    )
    accounts = (
        "nik,bank,nomor_rekening,nama_rekening,status\n"
        "6371014101800001,BRI,123456789012345,Satu Contoh,AKTIF\n6371014101800002,BRI,123456789012346,Dua Contoh,AKTIF\n"
    )
    months = ("2023-05", "2023-06")
    house.ok("draw", "commit", "SEMBAKO", "2023-05..2023-06", "--secret", "contoh", "--as", "approver")
    files = [put(tmp_path, "f", families), put(tmp_path, "p", persons), put(tmp_path, "a", accounts)]
    house.ok("registry", "import", *files, "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-01", "--decree", "SK", "--as", "registrar")
    quotas = "".join(f"SEMBAKO,{month},6371,{places}\n" for month, places in zip(months, (1, 2), strict=True))
    house.ok("quota", "import", put(tmp_path, "q", "program,periode,kode_wilayah,kuota\n" + quotas), "--as", "planner")
    channels = "".join(f"SEMBAKO,{month},6371,BRI\n" for month in months)
    house.ok(
        "channel", "assign", put(tmp_path, "c", "program,periode,kode_wilayah,kanal\n" + channels), "--as", "planner"
    )
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "600000", "--decree", "DIPA", "--as", "planner")
    lists = house.ok("enrolment", "determine", "SEMBAKO", "2023-05..2023-06", "--as", "planner")
    assert [(one["period"], one["admitted"], one["waiting"]) for one in lists] == [("2023-05", 1, 1), ("2023-06", 2, 0)]
    told = house.ok("cycle", "open", "SEMBAKO", "2023-05..2023-06", "--as", "planner")
    assert (told["cycle"], told["entitlements"], told["entitled_rupiah"]) == (CODE, 3, 600_000)
    return house


def test_months_are_added_up_to_one_line_per_family(opened: House, tmp_path: Path) -> None:
    opened.ok("cycle", "submit", CODE, "--as", "planner")
    opened.ok("cycle", "approve", CODE, "--as", "approver")
    opened.ok("instruction", "write", CODE, "--out", tmp_path / "out", "--as", "disburser")
    opened.ok("instruction", "release", CODE, "--as", "disburser")
    with (tmp_path / "out" / f"{CODE}_BRI_6371.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert sorted(int(line["jumlah"]) for line in lines) == [200_000, 400_000]
    assert {line["periode"] for line in lines} == {"2023-05..2023-06"}
    rows = "".join(
        f"{line['id_instruksi']},KREDIT,{line['jumlah']},2023-06-09 10:00,B{i}\n" for i, line in enumerate(lines)
    )
    result = put(tmp_path, "r", "id_instruksi,hasil,jumlah,waktu,bukti\n" + rows)
    opened.ok("result", "import", "BRI", result, "--rows", "2", "--rupiah", "600000", "--as", "reconciler")
    told = opened.ok("reconcile", CODE, "--as", "reconciler")
    assert (told["credited_rupiah"], told["difference_rupiah"], told["exceptions"]) == (600_000, 0, {})
    assert opened.ok("audit", CODE, "--as", "auditor")["ok"]


def test_a_month_that_is_part_of_a_cycle_cannot_be_paid_again(opened: House) -> None:
    assert CODE in opened.refused("cycle", "open", "SEMBAKO", "2023-06", "--as", "planner")


def test_a_list_above_the_ceiling_names_the_shortage(opened: House) -> None:
    opened.ok("budget", "ceiling", "SEMBAKO", "2023", "599999", "--decree", "Revisi", "--as", "planner")
    assert "Rp1:" in opened.refused("cycle", "submit", CODE, "--as", "planner")


def test_a_list_that_was_sent_back_is_opened_anew(opened: House) -> None:
    opened.ok("cycle", "submit", CODE, "--as", "planner")
    sent_back = opened.ok("cycle", "send-back", CODE, "--reason", "periksa desa 1001", "--as", "approver")
    assert sent_back["state"] == "SENT_BACK"
    again = opened.ok("cycle", "open", "SEMBAKO", "2023-05..2023-06", "--as", "planner")
    assert (again["state"], again["entitlements"]) == ("DRAFT", 3)
