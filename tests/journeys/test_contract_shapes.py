"""Commands called by somebody who has read only the documented contract: words, order, answers, exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.house import House, Street

FAMILIES = (
    "no_kk,kode_desa,desil\n"
    "6371010101200001,63.71.01.1001,1\n"
    "6371010101200002,6371011001,2\n"
    "6371010101200003,6371011001,9\n"
)
PERSONS = (
    "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
    "6371014101800001,6371010101200001,Siti Contoh,1980-01-01,P,KEPALA,PADAN\n"
    "6371014101800002,6371010101200002,Rina Contoh,01-01-1980,P,KEPALA,PADAN\n"
    "6371014101800003,6371010101200003,Dewi Contoh,1980-01-01,P,KEPALA,PADAN\n"
    "6371014113800004,6371010101200003,Salah Contoh,1980-01-01,P,LAIN,PADAN\n"
)
ACCOUNTS = (
    "nik,bank,nomor_rekening,nama_rekening,status\n"
    "6371014101800001,BRI,123456789012345,Siti Contoh,AKTIF\n"
    "6371014101800002,BRI,123456789012346,Rina Contoh,AKTIF\n"
)
QUOTA = "program,periode,kode_wilayah,kuota\nSEMBAKO,2023-05,6371,2\n"
CHANNEL = "program,periode,kode_wilayah,kanal\nSEMBAKO,2023-05,00,BRI\n"
CYCLE = "SEMBAKO-2023-05"

IMPORT = {"file": str, "sha256": str, "rows": int, "accepted": int, "rejected": int, "unchanged": int, "to_review": int}
COUNTS = dict.fromkeys(("considered", "admitted", "held", "waiting", "not_admitted"), int)
DETERMINE = {"programme": str, "period": str, "release": int, "list_digest": str} | COUNTS
OPEN = {"cycle": str, "programme": str, "periods": list, "entitlements": int, "entitled_rupiah": int}
OPEN |= {"list_digest": str, "state": str}
TERMS = ("entitled", "instructed", "credited", "collected", "returned", "excess", "open", "difference")
RUPIAH = {f"{term}_rupiah": int for term in TERMS}
RECONCILE = {"programme": str, "period": str, "entitlements": int, "exceptions": dict, "list_digest": str}
RECONCILE |= COUNTS | RUPIAH
MONITOR = {"programme": str, "period": str, "region": str, "level": str, "indicator": str, "data_as_of": str}
MONITOR |= {"numerator": (int, type(None)), "denominator": (int, type(None)), "value": (int, float, type(None))}
LEVELS = {"desa", "kecamatan", "kabupaten", "provinsi", "nasional"}
EXPORTED = {
    "enrolment": "recipient_id,kode_desa,program,periode,outcome,rank,reason,article,numbers",
    "entitlements": "recipient_id,program,periode,component_rupiah,amount_rupiah",
    "instructions": "id_instruksi,recipient_id,kanal,regency,amount_rupiah,attempt",
    "settlement": "id_instruksi,recipient_id,state,credited_rupiah,collected_rupiah,returned_rupiah,excess_rupiah,"
    "open_rupiah,reason",
    "findings": "recipient_id,step,reason,article,numbers",
    "ledger": "posting_id,day,debit,credit,rupiah,cycle,regency,kanal",
}
INSTRUCTION = "id_instruksi,program,periode,kode_wilayah,kanal,nik,nama,nomor_rekening,jumlah"


def shaped(found: dict[str, Any], shape: dict[str, Any]) -> None:
    """Every documented key is there and has the documented type; truth values are no numbers."""
    wrong = {
        name: found.get(name, "absent")
        for name, kind in shape.items()
        if name not in found or not isinstance(found[name], kind) or isinstance(found[name], bool)
    }
    assert wrong == {}


class Office:
    """Calls commands and keeps the answers, so that many tests look at one run."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self.told: dict[str, Any] = {}
        self.codes: dict[str, int] = {}

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def ask(self, name: str, *words: str | Path) -> Any:
        done = self.house.run(*words)
        self.codes[name] = done.returncode
        assert done.returncode in (0, 3), done.stderr
        self.told[name] = json.loads(done.stdout)
        return self.told[name]


@pytest.fixture(scope="module")
def office(the_street: Street, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = the_street.build()
    made = Office(house, tmp_path_factory.mktemp("office"))
    _plan(made)
    _pay(made)
    yield made
    the_street.tear_down(house)


def _plan(office: Office) -> None:
    """--as and --json stand wherever the caller puts them."""
    ask, file = office.ask, office.file
    ask("draw", "draw", "commit", "--as", "approver", "--json", "SEMBAKO", "2023-05", "--secret", "contoh")
    sources = [file("keluarga.csv", FAMILIES), file("orang.csv", PERSONS), file("rekening.csv", ACCOUNTS)]
    ask("import", "registry", "import", "--json", *sources, "--as", "registrar")
    ask("again", "registry", "import", "--as", "registrar", *sources, "--json")
    ask("release", "registry", "release", "--as-of", "2023-05-31", "--decree", "SK 1", "--as", "registrar", "--json")
    ask("quota", "quota", "import", file("kuota.csv", QUOTA), "--as", "planner", "--json")
    ask("channel", "channel", "assign", file("kanal.csv", CHANNEL), "--as", "planner", "--json")
    ask("ceiling", "budget", "ceiling", "SEMBAKO", "2023", "1000000", "--decree", "DIPA 1", "--as", "planner", "--json")
    ask("determine", "enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner", "--json")
    ask("open", "cycle", "open", "SEMBAKO", "2023-05", "--as", "planner", "--json")
    ask("submit", "cycle", "submit", CYCLE, "--as", "planner", "--json")
    ask("approve", "cycle", "approve", CYCLE, "--as", "approver", "--json")


def _pay(office: Office) -> None:
    ask, folder = office.ask, office.folder
    ask("write", "instruction", "write", CYCLE, "--out", folder / "out", "--as", "disburser", "--json")
    ask("handed", "instruction", "release", CYCLE, "--as", "disburser", "--json")
    [path] = (folder / "out").glob("*.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        ids = [row["id_instruksi"] for row in csv.DictReader(lines)]
    told = [f"{one},KREDIT,{x},2023-05-09T10:00:00+07:00,B{x}" for one, x in zip(ids, (200000, 150000), strict=True)]
    result = office.file("BRI-1.csv", "\n".join(["id_instruksi,hasil,jumlah,waktu,bukti", *told, ""]))
    totals = ("--rows", "2", "--rupiah", "350000")
    ask("result", "result", "import", "BRI", result, *totals, "--as", "reconciler", "--json")
    ask("reconcile", "reconcile", CYCLE, "--as", "reconciler", "--json")
    where = ("--programme", "SEMBAKO", "--period", "2023-05", "--region", "63")
    ask("monitor", "monitor", *where, "--as", "monitor", "--json")
    ask("export", "export", CYCLE, "--out", folder / "plain", "--as", "auditor", "--json")
    ask("named", "export", CYCLE, "--out", folder / "named", "--identity", "--as", "auditor", "--json")
    ask("audit", "audit", CYCLE, "--as", "auditor", "--json")


def test_import_answers_with_one_object_for_each_file_and_3_when_rows_were_rejected(office: Office) -> None:
    assert [Path(one["file"]).name for one in office.told["import"]] == ["keluarga.csv", "orang.csv", "rekening.csv"]
    for name in ("import", "again", "quota", "channel", "result"):
        for one in office.told[name]:
            shaped(one, IMPORT)
            assert one["rows"] == one["accepted"] + one["rejected"] + one["unchanged"] + one["to_review"]
    assert (office.codes["import"], office.codes["quota"]) == (3, 0)
    _families, persons, _accounts = office.told["import"]
    assert (persons["accepted"], persons["rejected"]) == (3, 1)
    assert [one["unchanged"] for one in office.told["again"]] == [3, 3, 2]
    assert "rejected_file" in persons
    with Path(persons["rejected_file"]).open(encoding="utf-8-sig", newline="") as lines:
        [row] = csv.DictReader(lines)
    assert row["nik"] == "6371014113800004"
    assert {"baris", "kolom", "alasan", "cara_memperbaiki"} <= row.keys()
    assert (row["baris"], row["kolom"]) == ("5", "nik")


def test_determine_open_and_approve_answer_as_documented(office: Office) -> None:
    told = office.told["determine"]
    shaped(told, DETERMINE)
    assert told["considered"] == told["admitted"] + told["held"] + told["waiting"] + told["not_admitted"] == 3
    for name in ("open", "approve"):
        shaped(office.told[name], OPEN)
        assert (office.told[name]["cycle"], office.told[name]["periods"]) == (CYCLE, ["2023-05"])
    assert office.told["approve"]["list_digest"] == office.told["open"]["list_digest"]
    assert office.told["open"]["entitled_rupiah"] == 400_000


def test_reconcile_answers_with_every_rupiah_and_exceptions_by_cause(office: Office) -> None:
    told = office.told["reconcile"]
    shaped(told, RECONCILE)
    assert office.codes["reconcile"] == 0
    assert all(isinstance(cause, str) and isinstance(count, int) for cause, count in told["exceptions"].items())
    assert told["exceptions"] == {"KURANG_BAYAR": 1}
    rupiah = {term: told[f"{term}_rupiah"] for term in TERMS}
    assert rupiah["entitled"] + rupiah["excess"] == rupiah["credited"] + rupiah["returned"] + rupiah["open"]
    assert rupiah["difference"] == 0


def test_monitor_answers_with_rows_and_null_where_there_are_no_data(office: Office) -> None:
    rows = office.told["monitor"]
    for row in rows:
        shaped(row, MONITOR)
        assert row["level"] in LEVELS
        assert row["denominator"] or row["value"] is None
    assert {row["value"] for row in rows if row["indicator"] == "harga"} == {None}
    assert any(row["value"] is not None for row in rows)


def test_export_writes_the_documented_lists_and_the_card_only_when_asked(office: Office) -> None:
    for name, header in EXPORTED.items():
        for folder, more in (("plain", ""), ("named", ",no_kk")):
            with (office.folder / folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
                found, *rows = csv.reader(lines)
            expected = header + (more if "recipient_id" in header else "")
            assert ",".join(found) == expected, (folder, name)
            if name != "findings":
                assert rows, name
    with (office.folder / "named" / "entitlements.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["no_kk"] for row in csv.DictReader(lines)} == {"6371010101200001", "6371010101200002"}
    with (office.folder / "plain" / "entitlements.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert sum(json.loads(row["component_rupiah"]).values()) == int(row["amount_rupiah"])


def test_the_instruction_file_has_the_documented_columns_and_a_manifest_beside_it(office: Office) -> None:
    [path] = (office.folder / "out").glob("*.csv")
    assert path.read_text(encoding="utf-8").splitlines()[0] == INSTRUCTION
    manifest = json.loads(path.with_name(f"{path.stem}.manifest.json").read_text())
    assert (manifest["rows"], manifest["rupiah"]) == (2, 400_000)


def test_audit_answers_ok_and_a_list_of_faults(office: Office) -> None:
    told = office.told["audit"]
    assert (told["ok"], told["faults"], office.codes["audit"]) == (True, [], 0)


@pytest.mark.parametrize(
    "words",
    [
        ["enrolment", "determine", "SEMBAKO"],  # no period
        ["cycle", "approve", "--as", "approver"],  # no cycle
        ["registry", "release", "--as", "registrar", "--decree", "SK"],  # no date
        ["registry", "release", "--as-of", "31-05-2023", "--decree", "SK", "--as", "registrar"],
        ["reconcile", CYCLE],  # nobody
        ["reconcile", CYCLE, "--as", "reconciler", "--loudly"],
        ["reconciled", CYCLE],
        ["registry"],
    ],
)
def test_wrong_usage_is_2(office: Office, words: list[str]) -> None:
    assert office.house.run(*words).returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ["enrolment", "determine", "SEMBAKO", "2019-05", "--as", "planner"],  # neither quota nor draw
        ["enrolment", "determine", "BLT", "2023-05", "--as", "planner"],
        ["enrolment", "determine", "PKH", "2023-05", "--as", "planner"],  # a month of a programme with stages
        ["enrolment", "determine", "SEMBAKO", "2023-13", "--as", "planner"],
        ["enrolment", "determine", "SEMBAKO", "2023-05", "--release", "99", "--as", "planner"],
        ["enrolment", "determine", "SEMBAKO", "2023-05", "--as", "approver"],
        ["cycle", "send-back", CYCLE, "--reason", "salah", "--as", "approver"],  # approved already
        ["cycle", "approve", "SEMBAKO-2023-06", "--as", "approver"],
        ["instruction", "write", "SEMBAKO-2023-06", "--out", "x", "--as", "disburser"],
        ["result", "import", "BCA", "x.csv", "--as", "reconciler"],
        ["result", "import", "BRI", "tidak-ada.csv", "--as", "reconciler"],
        ["registry", "import", "tidak-ada.csv", "--as", "registrar"],
        ["monitor", "--region", "9999", "--as", "monitor"],
        ["export", CYCLE, "--out", "x", "--as", "monitor"],
        ["reconcile", CYCLE, "--as", "tidak-dikenal"],
        ["budget", "ceiling", "SEMBAKO", "2023", "1.000.000", "--decree", "D", "--as", "planner"],
    ],
)
def test_a_refusal_is_1_with_one_sentence_and_nothing_on_stdout(
    office: Office, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = office.house.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    *banner, sentence = done.stderr.strip().splitlines()
    assert all("DATA CONTOH" in line for line in banner)
    assert "Traceback" not in sentence
    assert "kesalahan di dalam Salur" not in sentence


def test_wrong_control_totals_refuse_the_file(office: Office) -> None:
    words = ["--rows", "3", "--rupiah", "350000", "--as", "reconciler"]
    done = office.house.run("result", "import", "BRI", office.folder / "BRI-1.csv", *words)
    assert (done.returncode, done.stdout) == (1, "")


def test_months_at_once_are_one_cycle_under_the_documented_name(office: Office, tmp_path: Path) -> None:
    house = office.house
    for name, column, value in (("kuota", "kuota", "1"), ("kanal", "kanal", "BRI")):
        rows = [f"program,periode,kode_wilayah,{column}", *(f"SEMBAKO,2023-{m},6371,{value}" for m in ("06", "07")), ""]
        (tmp_path / f"{name}.csv").write_text("\n".join(rows))
    span = "2023-06..2023-07"
    house.ok("draw", "commit", "SEMBAKO", span, "--secret", "contoh", "--as", "approver")
    house.ok("registry", "release", "--as-of", "2023-06-30", "--decree", "SK 2", "--as", "registrar")
    house.ok("quota", "import", tmp_path / "kuota.csv", "--as", "planner")
    house.ok("channel", "assign", tmp_path / "kanal.csv", "--as", "planner")
    for one in house.ok("enrolment", "determine", "SEMBAKO", span, "--as", "planner"):
        shaped(one, DETERMINE)
    opened = house.ok("cycle", "open", "SEMBAKO", span, "--as", "planner")
    shaped(opened, OPEN)
    assert (opened["cycle"], opened["periods"]) == (f"SEMBAKO-{span}", ["2023-06", "2023-07"])
    assert (opened["entitlements"], opened["entitled_rupiah"]) == (2, 400_000)
