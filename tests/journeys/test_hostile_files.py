"""Files that nobody should send: each gets a sentence that says what to do, nothing is lost, and nothing of a person is told."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from support.house import House

KK, NIK, NAME = "6371010101200001", "6371014101800001", "Siti Rahasia"
HEAD = "nik,no_kk,nama,tanggal_lahir,jenis_kelamin,hubungan,status_dukcapil\n"
ROW = f"{NIK},{KK},{NAME},1980-01-01,P,KEPALA,PADAN\n"
PERSONS = HEAD + ROW
FAMILIES = f"no_kk,kode_desa,desil\n{KK},6371011001,1\n"
ACCOUNTS = f"nik,bank,nomor_rekening,nama_rekening,status\n{NIK},BRI,123456789012345,{NAME},AKTIF\n"
RESULTS = "id_instruksi,hasil,jumlah,waktu,bukti\n"

Maker = Callable[[str, Path], Path]


def named(name: str, content: bytes | str) -> Maker:
    """A file of this name; {} stands for the sound text of the kind."""

    def make(sound: str, folder: Path) -> Path:
        path = folder / name
        if isinstance(content, str):
            path.write_bytes(content.replace("{}", sound).replace("{head}", sound.split("\n")[0]).encode())
        else:
            path.write_bytes(content)
        return path

    return make


def encoded(encoding: str) -> Maker:
    def make(sound: str, folder: Path) -> Path:
        path = folder / f"{encoding}.csv"
        path.write_bytes((sound.rstrip("\n") + "é\n").encode(encoding))
        return path

    return make


def title_line(sound: str, folder: Path) -> Path:
    return named("judul.csv", "DAFTAR PENERIMA TAHUN 2023\n\n{}")(sound, folder)


def zip_bomb(sound: str, folder: Path) -> Path:
    path = folder / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * (450 << 20))
    return path


def foreign_zip(sound: str, folder: Path) -> Path:
    path = folder / "isi.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("persons.csv", sound)
    return path


def far_cells(sound: str, folder: Path) -> Path:
    path = folder / "jauh.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(csv.reader(io.StringIO(sound))):
            sheet.write_row(line, 0, cells)
        sheet.write(1_000_000, 16_000, "x")
    return path


def cut_parquet(sound: str, folder: Path) -> Path:
    path = folder / "terpotong.parquet"
    head, *rows = csv.reader(io.StringIO(sound))
    pq.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(head)}), path)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def numeric_parquet(sound: str, folder: Path) -> Path:
    path = folder / "angka.parquet"
    head, row, *_rest = csv.reader(io.StringIO(sound))
    table = pa.table({name: [cell] for name, cell in zip(head, row, strict=True)})
    pq.write_table(table.set_column(0, head[0], pa.array([1.0e15])), path)
    return path


def folder_of_that_name(sound: str, folder: Path) -> Path:
    (folder / "folder.csv").mkdir()
    return folder / "folder.csv"


def pipe(sound: str, folder: Path) -> Path:
    os.mkfifo(folder / "pipa.csv")
    return folder / "pipa.csv"


def link(sound: str, folder: Path) -> Path:
    (folder / "tautan.csv").symlink_to("/etc/hostname")
    return folder / "tautan.csv"


def nowhere(sound: str, folder: Path) -> Path:
    return folder / "tidak-ada.csv"


REFUSED: dict[str, Maker] = {
    "empty": named("kosong.csv", b""),
    "blank": named("putih.csv", b"\n \n\n"),
    "title line": title_line,
    "no header": named("tanpa-judul.csv", "1,2,3\n4,5,6\n"),
    "a column twice": named("ganda.csv", "{head},{head}\n"),
    "a column missing": named("kurang.csv", "nik,id_instruksi\n1,2\n"),
    "open quote": named("kutip.csv", '{}"belum ditutup,\n1,2,3\n'),
    "ends inside a row": named("putus.csv", '{}"1,2\n'),
    "latin-1": encoded("latin-1"),
    "windows-1252": named("w.csv", PERSONS.encode() + b"\x93x\x94,1\n"),
    "utf-16": encoded("utf-16"),
    "utf-16 without a mark": encoded("utf-16-le"),
    "utf-32": encoded("utf-32"),
    "nul bytes": named("nul.csv", "{}\0\0\0,1\n"),
    "zip bomb": zip_bomb,
    "zip of something else": foreign_zip,
    "text named xlsx": named("teks.xlsx", "{}"),
    "noise named xlsx": named("derau.xlsx", b"PK\x03\x04" + bytes(range(256)) * 8),
    "cells far away": far_cells,
    "old spreadsheet": named("lama.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "gzip": named("a.csv.gz", b"\x1f\x8b\x08" + b"x" * 100),
    "pdf": named("a.pdf", b"%PDF-1.7 x"),
    "truncated parquet": cut_parquet,
    "text named parquet": named("teks.parquet", "{}"),
    "a number where a code belongs": numeric_parquet,
    "folder": folder_of_that_name,
    "pipe": pipe,
    "link": link,
    "no such file": nowhere,
}

ROWS_RETURNED: dict[str, Maker] = {
    "ragged rows": named("bergerigi.csv", "{}1,2\n1,2,3,4,5,6,7,8,9\n"),
    "text after a closing quote": named("sisa.csv", '{}"1"x,2,3,4,5,6,7\n'),
    "formula as number": named("rumus.csv", "{}=1+1,=2,=cmd|' /C calc'!A0,+1,-1,@SUM(1),x\n"),
    "number as spreadsheets write it": named("ilmiah.csv", "{}" + f"6.37E+15,{KK},x,1980-01-01,P,ANAK,PADAN\n"),
}


@pytest.fixture(scope="module")
def paid(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A house with one family whose instruction is at the bank; the instruction's id."""
    folder = tmp_path_factory.mktemp("paid")
    house, files = shared_house, {}
    texts = {
        "families": FAMILIES,
        "persons": PERSONS,
        "accounts": ACCOUNTS,
        "quota": "program,periode,kode_wilayah,kuota\nSEMBAKO,2023-05,6371,1\n",
        "channel": "program,periode,kode_wilayah,kanal\nSEMBAKO,2023-05,6371,BRI\n",
    }
    for name, text in texts.items():
        files[name] = folder / f"{name}.csv"
        files[name].write_text(text)
    cycle = "SEMBAKO-2023-05"
    house.ok("draw", "commit", "SEMBAKO", "2023-05", "--secret", "x", "--as", "approver")
    house.ok("registry", "import", files["families"], files["persons"], files["accounts"], "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar")
    house.ok("quota", "import", files["quota"], "--as", "planner")
    house.ok("channel", "assign", files["channel"], "--as", "planner")
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "200000", "--decree", "DIPA", "--as", "planner")
    house.ok("enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "submit", cycle, "--as", "planner")
    house.ok("cycle", "approve", cycle, "--as", "approver")
    house.ok("instruction", "write", cycle, "--out", folder / "out", "--as", "disburser")
    house.ok("instruction", "release", cycle, "--as", "disburser")
    with (folder / "out" / f"{cycle}_BRI_6371.csv").open() as lines:
        (line,) = csv.DictReader(lines)
    yield house, line["id_instruksi"]


def state(house: House) -> list[tuple[int, ...]]:
    """What is on record, in numbers."""
    tables = (
        "registry_family",
        "registry_person",
        "registry_account",
        "registry_review",
        "registry_registryfile",
        "delivery_resultfile",
    )
    with house.owner() as owner:
        return [
            owner.execute(f"select count(*), coalesce(sum(hashtext(t::text)::bigint), 0) from {table} t").fetchone()
            for table in tables
        ]


def check_words(stderr: str) -> None:
    """A person reads this: no trace of the program's inside, nothing of the people in the file."""
    assert "Traceback" not in stderr
    assert "kesalahan di dalam Salur" not in stderr
    for secret in (KK, NIK, NAME, NAME.split()[1]):
        assert secret not in stderr


@pytest.mark.parametrize("maker", REFUSED.values(), ids=REFUSED)
def test_a_register_file_that_cannot_be_read_is_refused_with_what_to_do(
    paid: tuple[House, str], tmp_path: Path, maker: Maker
) -> None:
    house, _id = paid
    sound = tmp_path / "baik.csv"
    sound.write_text(FAMILIES.replace(KK, KK[:-1] + "2"))
    before = state(house)
    done = house.run("registry", "import", sound, maker(PERSONS, tmp_path), "--as", "registrar")
    assert done.returncode == 1, done.stdout + done.stderr
    check_words(done.stderr)
    sentence = done.stderr.strip().splitlines()[-1]
    assert sentence.endswith(".") and (";" in sentence or "," in sentence), sentence
    assert state(house) == before
    assert not list((house.home / "tmp").iterdir())


@pytest.mark.parametrize("maker", REFUSED.values(), ids=REFUSED)
def test_a_result_file_that_cannot_be_read_is_refused_with_what_to_do(
    paid: tuple[House, str], tmp_path: Path, maker: Maker
) -> None:
    house, instruction = paid
    before = state(house)
    text = f"{RESULTS}{instruction},KREDIT,200000,2023-05-09T10:00:00+07:00,B1\n"
    done = house.run("result", "import", "BRI", maker(text, tmp_path), "--as", "reconciler")
    assert done.returncode == 1, done.stdout + done.stderr
    check_words(done.stderr)
    assert state(house) == before


@pytest.mark.parametrize("maker", ROWS_RETURNED.values(), ids=ROWS_RETURNED)
def test_rows_of_wrong_form_come_back_and_the_others_count(
    paid: tuple[House, str], tmp_path: Path, maker: Maker
) -> None:
    house, _id = paid
    path = maker(PERSONS, tmp_path)
    done = house.run("registry", "import", path, "--json", "--as", "registrar")
    assert done.returncode == 3, done.stderr
    check_words(done.stderr)
    (told,) = json.loads(done.stdout)
    physical = path.read_text().count("\n") - 1
    assert told["rows"] == physical == told["accepted"] + told["rejected"] + told["unchanged"] + told["to_review"]
    assert (told["rejected"], told["unchanged"]) == (physical - 1, 1)
    with Path(told["rejected_file"]).open(newline="") as lines:
        back = list(csv.DictReader(lines))
    assert len(back) == told["rejected"]
    assert all(not row["nama"].startswith(("=", "+", "-", "@")) for row in back)


def test_rows_of_results_that_cannot_be_come_back(paid: tuple[House, str], tmp_path: Path) -> None:
    house, instruction = paid
    good = f"{instruction},KREDIT,200000,2023-05-09T10:00:00+07:00,B1\n"
    bad = [
        f"{instruction},KREDIT,200.000,2023-05-09T10:00:00+07:00,B2\n",
        f"{instruction},KREDIT,-5,2023-05-09T10:00:00+07:00,B3\n",
        f"{instruction},KREDIT,200000,2023-13-09T10:00:00+07:00,B4\n",
        f"{instruction},KREDIT,200000,kemarin,B5\n",
        f"{instruction},KREDIT,200000,2999-05-09T10:00:00+07:00,B9\n",
        f"{instruction},BAYAR,200000,2023-05-09T10:00:00+07:00,B6\n",
        f"{instruction[:-1]}x,KREDIT,200000,2023-05-09T10:00:00+07:00,B7\n",
        ",KREDIT,200000,2023-05-09T10:00:00+07:00,B8\n",
        f"{instruction},KREDIT\n",
    ]
    path = tmp_path / "hasil.csv"
    path.write_text(RESULTS + good + "".join(bad))
    done = house.run("result", "import", "BRI", path, "--json", "--as", "reconciler")
    assert done.returncode == 3, done.stderr
    check_words(done.stderr)
    (told,) = json.loads(done.stdout)
    assert (told["rows"], told["accepted"], told["rejected"]) == (len(bad) + 1, 1, len(bad))
    again = house.run("result", "import", "BRI", path, "--json", "--as", "reconciler")
    (told,) = json.loads(again.stdout)
    assert (told["rows"], told["unchanged"], told["rejected"]) == (len(bad) + 1, 1, len(bad))


def test_rejected_rows_of_a_file_that_was_imported_before_come_back_again(
    paid: tuple[House, str], tmp_path: Path
) -> None:
    house, instruction = paid
    path = tmp_path / "lagi.csv"
    path.write_text(f"{RESULTS}{instruction},BAYAR,200000,2023-05-09T10:00:00+07:00,L1\n")
    (first,) = house.ok("result", "import", "BRI", path, "--as", "reconciler", code=3)
    lost = Path(first["rejected_file"])
    rows = lost.read_bytes()
    lost.unlink()
    house.ok("result", "import", "BRI", path, "--dry-run", "--as", "reconciler", code=3)
    assert not lost.exists()
    (again,) = house.ok("result", "import", "BRI", path, "--as", "reconciler", code=3)
    assert again["rejected_file"] == first["rejected_file"] and lost.read_bytes() == rows


@pytest.mark.parametrize(
    "manifest",
    [
        '{"rows": 2}',
        '{"rupiah": 1}',
        '{"sha256": "00"}',
        '{"rows": 1, "rupiah": 199999}',
        "[1, 2",
        "[]",
        '"x"',
        '{"rows": "satu"}',
    ],
)
def test_control_totals_that_do_not_match_leave_the_file_unapplied(
    paid: tuple[House, str], tmp_path: Path, manifest: str
) -> None:
    house, instruction = paid
    (tmp_path / "hasil.csv").write_text(f"{RESULTS}{instruction},AMBIL,200000,2023-05-10T10:00:00+07:00,T1\n")
    (tmp_path / "hasil.manifest.json").write_text(manifest)
    before = state(house)
    done = house.run("result", "import", "BRI", tmp_path / "hasil.csv", "--as", "reconciler")
    assert done.returncode == 1, done.stdout + done.stderr
    check_words(done.stderr)
    assert state(house) == before


def test_totals_on_the_command_line_are_compared_too(paid: tuple[House, str], tmp_path: Path) -> None:
    house, instruction = paid
    path = tmp_path / "hasil.csv"
    path.write_text(f"{RESULTS}{instruction},AMBIL,200000,2023-05-10T10:00:00+07:00,T1\n")
    before = state(house)
    assert "Total kontrol" in house.refused(
        "result", "import", "BRI", path, "--rows", "1", "--rupiah", "199999", "--as", "reconciler"
    )
    assert state(house) == before


def test_a_name_that_looks_like_a_formula_leaves_as_text(house: House, tmp_path: Path) -> None:
    """From the register into the instruction file."""
    texts = {
        "families": FAMILIES,
        "persons": PERSONS.replace(NAME, "=HYPERLINK(1)"),
        "accounts": ACCOUNTS.replace(NAME, "=HYPERLINK(1)"),
        "quota": "program,periode,kode_wilayah,kuota\nSEMBAKO,2023-05,6371,1\n",
        "channel": "program,periode,kode_wilayah,kanal\nSEMBAKO,2023-05,6371,BRI\n",
    }
    files = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text)
    cycle = "SEMBAKO-2023-05"
    house.ok("draw", "commit", "SEMBAKO", "2023-05", "--secret", "x", "--as", "approver")
    house.ok("registry", "import", files["families"], files["persons"], files["accounts"], "--as", "registrar")
    house.ok("registry", "release", "--as-of", "2023-05-31", "--decree", "SK", "--as", "registrar")
    house.ok("quota", "import", files["quota"], "--as", "planner")
    house.ok("channel", "assign", files["channel"], "--as", "planner")
    house.ok("budget", "ceiling", "SEMBAKO", "2023", "200000", "--decree", "DIPA", "--as", "planner")
    house.ok("enrolment", "determine", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "open", "SEMBAKO", "2023-05", "--as", "planner")
    house.ok("cycle", "submit", cycle, "--as", "planner")
    house.ok("cycle", "approve", cycle, "--as", "approver")
    house.ok("instruction", "write", cycle, "--out", tmp_path / "out", "--as", "disburser")
    with (tmp_path / "out" / f"{cycle}_BRI_6371.csv").open() as lines:
        (line,) = csv.DictReader(lines)
    assert line["nama"] == "'=HYPERLINK(1)"
