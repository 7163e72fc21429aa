"""What `salur explain` tells about a few families: in or out, why, what would have changed it, where the money is."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.house import House

VILLAGE, ELSEWHERE = "6371011001", "6201022001"
# name: (decile, occupation and status of the head, village)
FAMILIES = {
    "poorest": (1, "PETANI", "PADAN", VILLAGE),
    "second": (2, "PETANI", "PADAN", VILLAGE),
    "unmatched": (1, "PETANI", "TIDAK_PADAN", VILLAGE),
    "waiting": (4, "PETANI", "PADAN", VILLAGE),
    "official": (8, "PNS", "TIDAK_PADAN", VILLAGE),
    "unplaced": (1, "PETANI", "PADAN", ELSEWHERE),
}
CARD = {name: f"637101010120{n:04d}" for n, name in enumerate(FAMILIES, 1)}
NIK = {name: f"637101410180{n:04d}" for n, name in enumerate(FAMILIES, 1)}
CYCLE = "SEMBAKO-2023-05"


@pytest.fixture(scope="module")
def explained(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A cycle of three places in one regency, in which a bank paid one of its two families short."""
    house, folder = shared_house, tmp_path_factory.mktemp("explained")
    families, persons, accounts, quotas, channels = write_world(folder)
    house.ok("draw", "commit", "SEMBAKO", "2023-05", "--secret", "contoh", "--as", "approver")
    house.ok("registry", "import", families, persons, accounts, "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-01", "--decree", "SK 1", "--as", "registrar")
    house.ok("quota", "import", quotas, "--as", "planner")
    house.ok("channel", "assign", channels, "--as", "planner")
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "1000000", "--decree", "D", "--as", "planner")
    house.ok("enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "submit", CYCLE, "--as", "planner")
    house.ok("cycle", "approve", CYCLE, "--as", "approver")
    house.ok("instruction", "write", CYCLE, "--out", folder / "out", "--as", "disburser")
    house.ok("instruction", "release", CYCLE, "--as", "disburser")
    with (folder / "out" / f"{CYCLE}_BRI_6371.csv").open() as lines:
        ids = {row["nik"]: row["id_instruksi"] for row in csv.DictReader(lines)}
    result = folder / "result.csv"
    result.write_text(
        f"id_instruksi,hasil,jumlah,waktu,bukti\n{ids[NIK['poorest']]},KREDIT,150000,2023-05-09T10:00:00+07:00,B1\n"
    )
    house.ok("result", "import", "BRI", result, "--rows", "1", "--rupiah", "150000", "--as", "reconciler")
    house.ok("reconcile", CYCLE, "--as", "reconciler")
    return house


def write_world(folder: Path) -> list[Path]:
    rows: dict[str, list[str]] = {
        "families": ["no_kk,kode_desa,desil"],
        "persons": ["nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil,pekerjaan"],
        "accounts": ["nik,bank,nomor_rekening,nama_rekening,status"],
        "quotas": ["program,periode,kode_wilayah,kuota", "SEMBAKO,2023-05,6371,3"],
        "channels": ["program,periode,kode_wilayah,kanal", "SEMBAKO,2023-05,6371,BRI"],
    }
    for name, (decile, occupation, status, village) in FAMILIES.items():
        rows["families"].append(f"{CARD[name]},{village},{decile}")
        rows["persons"].append(f"{NIK[name]},{CARD[name]},Siti {name},1980-01-01,P,KEPALA,{status},{occupation}")
        state = "PASIF" if name == "second" else "AKTIF"
        rows["accounts"].append(f"{NIK[name]},BRI,12345678901234{len(rows['accounts'])},Siti {name},{state}")
    paths = []
    for kind, lines in rows.items():
        paths.append(folder / f"{kind}.csv")
        paths[-1].write_text("\n".join(lines) + "\n")
    return paths


@pytest.fixture
def ask(explained: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Explain the family behind a number that comes in on stdin."""

    def explain(number: str, officer: str = "auditor") -> dict[str, Any]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(number + "\n"))
        return explained.ok("explain", "-", "--as", officer)

    return explain


Ask = Callable[..., dict[str, Any]]


def test_a_card_a_nik_and_the_id_lead_to_the_same_family(explained: House, ask: Ask) -> None:
    by_card, by_nik = ask(CARD["poorest"]), ask(NIK["poorest"])
    assert by_card == by_nik == explained.ok("explain", str(by_card["recipient_id"]), "--as", "auditor")
    assert ask(str(by_card["recipient_id"])) == by_card


def test_a_nik_among_the_arguments_is_refused_without_repeating_it(explained: House) -> None:
    for number in (NIK["poorest"], "6371.0141.0180.0001"):
        told = explained.refused("explain", number, "--as", "auditor")
        assert "salur explain -" in told
        assert number not in told


def test_an_id_of_sixteen_digits_may_be_an_argument_in_the_own_area(explained: House) -> None:
    """One id in a thousand has as many digits as a NIK. Only ids are looked up, so no answer tells which NIK exist."""
    with explained.owner() as conn:
        conn.execute(
            """insert into registry_family (family_id, no_kk, region_code, content, file_id)
               values (6371014101809999, '6371010101209999', %s, 'x', 0)""",
            [VILLAGE],
        )
    try:
        told = explained.ok("explain", "6371014101809999", "--as", "auditor")
        assert told["recipient_id"] == 6371014101809999
        known, unknown = NIK["poorest"], "6371014101808888"
        sentences = {
            explained.refused("explain", number, "--as", "auditor") for number in (known, unknown, CARD["second"])
        }
        explained.run("user", "add", "auditor64", "--role", "auditor", "--area", "64", "--as", "admin")
        sentences.add(explained.refused("explain", "6371014101809999", "--as", "auditor64"))
        assert len(sentences) == 1 and "salur explain -" in sentences.pop()
    finally:
        with explained.owner() as conn:
            conn.execute("delete from registry_family where family_id = 6371014101809999")


def test_no_name_nik_or_card_is_told(explained: House, ask: Ask) -> None:
    told = str([ask(CARD[name]) for name in FAMILIES])
    human = explained.run("explain", str(ask(CARD["second"])["recipient_id"]), "--as", "auditor")
    for name in FAMILIES:
        assert not {f"Siti {name}", NIK[name], CARD[name]} & set(told.split("'"))
        assert NIK[name] not in told + human.stdout + human.stderr
        assert CARD[name] not in told + human.stdout + human.stderr


def test_an_admitted_family_hears_its_rank_and_what_would_move_it(ask: Ask) -> None:
    [decision] = ask(CARD["second"])["decisions"]
    assert (decision["outcome"], decision["reason"]) == ("admitted", "DALAM_KUOTA")
    assert "peringkat 3 untuk 3 tempat kuota di Kota Banjarmasin (6371)" in " ".join(decision["sentences"])
    assert decision["would_change"] == [
        "Tidak diterima lagi bila desil di atas 5.",
        "Hanya menunggu bila kuota di Kota Banjarmasin (6371) kurang dari 3 tempat.",
    ]


def test_a_waiting_family_hears_how_many_places_are_missing(ask: Ask) -> None:
    [decision] = ask(CARD["waiting"])["decisions"]
    assert decision["outcome"] == "waiting"
    assert decision["would_change"] == [
        "Bila kuota di Kota Banjarmasin (6371) bertambah 1 menjadi 4 tempat, keluarga ini masuk kuota.",
        "Desil yang lebih kecil daripada 4 menaikkan peringkatnya.",
    ]


def test_a_held_family_hears_that_its_place_is_kept(ask: Ask) -> None:
    [decision] = ask(CARD["unmatched"])["decisions"]
    assert (decision["outcome"], decision["reason"]) == ("held", "PENGURUS_TIDAK_PADAN")
    assert "PADAN" in decision["would_change"][0]
    assert "tempatnya dalam kuota tetap tersedia" in decision["would_change"][-1]


def test_every_obstacle_is_named_not_only_the_first(ask: Ask) -> None:
    [decision] = ask(CARD["official"])["decisions"]
    assert (decision["outcome"], decision["reason"]) == ("not_admitted", "PEKERJAAN")
    assert "pekerjaan PNS" in " ".join(decision["sentences"])
    job, decile, holder, last = decision["would_change"]
    assert ("PNS" in job, "desil 5 atau kurang" in decile, "PADAN" in holder) == (True, True, True)
    assert "ikut diurutkan" in last


def test_a_family_where_no_quota_reaches_hears_so(ask: Ask) -> None:
    [decision] = ask(CARD["unplaced"])["decisions"]
    assert decision["reason"] == "TANPA_KUOTA"
    assert decision["would_change"] == [
        "Bila ada kuota untuk desa atau wilayah di atasnya, keluarga ini ikut diurutkan."
    ]


def test_a_short_payment_and_a_passive_account_are_told_to_the_rupiah(ask: Ask) -> None:
    [short] = ask(CARD["poorest"])["payments"]
    assert short["entitlements"] == [
        {"period": "2023-05", "amount_rupiah": 200_000, "component_rupiah": {"INDEKS": 200_000}}
    ]
    [row] = short["settlements"]
    assert (row["credited_rupiah"], row["open_rupiah"], row["reason"]) == (150_000, 50_000, "KURANG_BAYAR")
    assert "Sebab masih terbuka: Dibayar kurang dari hak." in short["sentences"]
    [passive] = ask(CARD["second"])["payments"]
    [row] = passive["settlements"]
    assert (row["id_instruksi"], row["state"], row["reason"]) == ("", "NOT_SENT", "REKENING_PASIF")


def test_outside_the_area_and_unknown_sound_the_same(explained: House, ask: Ask) -> None:
    explained.ok("user", "add", "auditor62", "--role", "auditor", "--area", "62", "--as", "admin")
    family = str(ask(CARD["poorest"])["recipient_id"])
    foreign = explained.refused("explain", family, "--as", "auditor62")
    assert foreign == explained.refused("explain", "4711", "--as", "auditor62")
    assert ask(CARD["unplaced"], "auditor62")["region"] == ELSEWHERE
    assert "monitor tidak berwenang" in explained.refused("explain", family, "--as", "monitor")
