"""One family through all commands, as an officer types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from support.house import House

FAMILIES = "no_kk,kode_desa,desil\n6371010101200001,63.71.01.1001,1\n"
PERSONS = (
    "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
    "6371014101800001,6371010101200001,Siti Contoh,1980-01-01,P,KEPALA,PADAN\n"
)
ACCOUNTS = "nik,bank,nomor_rekening,nama_rekening,status\n6371014101800001,BRI,123456789012345,Siti Contoh,AKTIF\n"


def write(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = folder / f"{name}.csv"
        path.write_text(content)
        paths.append(path)
    return paths


def test_one_family_is_admitted_paid_and_reconciled(house: House, tmp_path: Path) -> None:
    sources = write(tmp_path, families=FAMILIES, persons=PERSONS, accounts=ACCOUNTS)
    quota, channel = write(
        tmp_path,
        quota="program,periode,kode_wilayah,kuota\nSEMBAKO,2023-05,6371,1\n",
        channel="program,periode,kode_wilayah,kanal\nSEMBAKO,2023-05,6371,BRI\n",
    )
    house.ok("draw", "commit", "SEMBAKO", "2023-05", "--secret", "contoh", "--as", "approver")
    assert [a["accepted"] for a in house.ok("registry", "import", *sources, "--as", "registrar")] == [1, 1, 1]
    house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK 1", "--as", "registrar")
    house.ok("quota", "import", quota, "--as", "planner")
    house.ok("channel", "assign", channel, "--as", "planner")
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "200000", "--decree", "DIPA 1", "--as", "planner")
    assert house.ok("enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner")["admitted"] == 1
    opened = house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    assert opened["entitled_rupiah"] == 200_000
    house.ok("cycle", "submit", "SEMBAKO-2023-05", "--as", "planner")
    house.ok("cycle", "approve", "SEMBAKO-2023-05", "--as", "approver")
    house.ok("instruction", "write", "SEMBAKO-2023-05", "--out", tmp_path / "out", "--as", "disburser")
    house.ok("instruction", "release", "SEMBAKO-2023-05", "--as", "disburser")
    with (tmp_path / "out" / "SEMBAKO-2023-05_BRI_6371.csv").open() as lines:
        (line,) = csv.DictReader(lines)
    assert (line["nama"], line["nomor_rekening"], line["jumlah"]) == ("Siti Contoh", "123456789012345", "200000")

    (result,) = write(
        tmp_path,
        result=f"id_instruksi,hasil,jumlah,waktu,bukti\n{line['id_instruksi']},KREDIT,200000,2023-05-09T10:00:00+07:00,B1\n",
    )
    (tmp_path / "result.manifest.json").write_text(json.dumps({"rows": 1, "rupiah": 200_000}))
    house.ok("result", "import", "BRI", result, "--as", "reconciler")
    told = house.ok("reconcile", "SEMBAKO-2023-05", "--as", "reconciler")
    assert (told["credited_rupiah"], told["open_rupiah"], told["difference_rupiah"], told["exceptions"]) == (
        200_000,
        0,
        0,
        {},
    )
    figures = {
        f["indicator"]: f["value"]
        for f in house.ok("monitor", "--region", "6371", "--as", "monitor")
        if f["region"] == "6371"
    }
    assert figures["tersalur"] == figures["waktu"] == figures["kuota_terisi"] == 1.0
    assert figures["harga"] is None
