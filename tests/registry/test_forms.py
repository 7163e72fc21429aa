"""Which rows and files pass, which come back, and with which words."""

import csv
import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from registry.given import OTHER_VILLAGE, VILLAGE, Register, account, card, family, nik, person, recipient, write


def returned(answer: dict) -> list[dict[str, str]]:
    with Path(answer["rejected_file"]).open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


BROKEN_PERSONS = [
    ({"nik": nik(1)[:15]}, "nik"),
    ({"nik": "3,2E+15"}, "nik"),
    ({"nik": nik(1)[:8] + "13" + nik(1)[10:]}, "nik"),
    ({"nik": nik(1)[:12] + "0000"}, "nik"),
    ({"no_kk": "637101"}, "no_kk"),
    ({"nama": " "}, "nama"),
    ({"tanggal_lahir": "1980-02-30"}, "tanggal_lahir"),
    ({"tanggal_lahir": "2199-01-01"}, "tanggal_lahir"),
    ({"tanggal_lahir": "01/01/1980"}, "tanggal_lahir"),
    ({"jenis_kelamin": "W"}, "jenis_kelamin"),
    ({"hubungan": "SAUDARA"}, "hubungan"),
    ({"status_dukcapil": "OK"}, "status_dukcapil"),
    ({"status_sekolah": "S1"}, "status_sekolah"),
    ({"hamil": "YA"}, "hamil"),
    ({"disabilitas_berat": "1"}, "disabilitas_berat"),
]


def test_each_broken_cell_rejects_its_row_and_names_the_column(register: Register) -> None:
    rows = [person(1, 1) | broken for broken, _column in BROKEN_PERSONS]
    told = register.take(code=3, families=[family(1)], persons=rows)["persons"]
    assert (told["rejected"], told["accepted"]) == (len(rows), 0)
    back = returned(told)
    assert [row["kolom"] for row in back] == [column for _broken, column in BROKEN_PERSONS]
    assert [row["baris"] for row in back] == [str(number) for number in range(2, len(rows) + 2)]
    assert all(row["alasan"] and row["cara_memperbaiki"] for row in back)
    assert list(back[0])[-4:] == ["baris", "kolom", "alasan", "cara_memperbaiki"]


def test_each_broken_cell_of_families_and_accounts_is_named(register: Register) -> None:
    broken = [
        {"kode_desa": "6371019999"},
        {"kode_desa": ""},
        {"kode_desa": "637101"},
        {"desil": "11"},
        {"no_kk_lama": "1"},
    ]
    told = register.take(code=3, families=[family(n) | cells for n, cells in enumerate(broken, 1)])["families"]
    assert [row["kolom"] for row in returned(told)] == ["kode_desa", "kode_desa", "kode_desa", "desil", "no_kk_lama"]
    faults = [
        {"nomor_rekening": "12-34"},
        {"nomor_rekening": ""},
        {"bank": "BCA"},
        {"status": "BUKA"},
        {"nama_rekening": ""},
    ]
    told = register.take(code=3, accounts=[account(n) | cells for n, cells in enumerate(faults, 1)])["accounts"]
    assert [row["kolom"] for row in returned(told)] == [
        "nomor_rekening",
        "nomor_rekening",
        "bank",
        "status",
        "nama_rekening",
    ]


def test_both_ways_to_write_a_date_and_codes_with_or_without_dots_pass(register: Register) -> None:
    register.take(
        families=[family(1, kode_desa=VILLAGE), family(2, kode_desa=OTHER_VILLAGE)],
        persons=[person(1, 1, tanggal_lahir="1980-01-01"), person(2, 2, tanggal_lahir="01-01-1980")],
    )
    assert register.ask("select region_code from registry_family order by no_kk") == [("6371011001",), (OTHER_VILLAGE,)]
    assert register.ask("select distinct birth_date::text from registry_person") == [("1980-01-01",)]


def test_codes_of_the_statistics_office_refuse_the_whole_call(register: Register) -> None:
    good = write(register.folder / "orang.csv", [person(1, 1)])
    for number, rows in enumerate(
        ([family(1), family(2, kode_desa="6371010")], [family(n, kode_desa="6371990001") for n in range(1, 21)])
    ):
        bad = write(register.folder / f"bps-{number}.csv", rows)
        assert "BPS" in register.house.refused("registry", "import", good, bad, "--as", "registrar")
    assert register.ask("select count(*) from registry_review") == [(0,)]
    assert register.ask("select count(*) from pg_class where relname like 'stage\\_registry%%'") == [(0,)]
    rows = [family(n, kode_desa="6371990001") for n in range(1, 20)]
    assert register.take(code=3, families=[*rows, family(99)])["families"]["rejected"] == 19


def test_one_percent_of_unknown_codes_is_no_more_than_a_mistake(register: Register) -> None:
    wrong = [family(n, kode_desa="6371990001") for n in range(1, 21)]
    right = [family(n) for n in range(21, 2001)]
    assert register.take(code=3, families=wrong + right)["families"]["rejected"] == 20
    bad = write(register.folder / "lebih.csv", wrong + right[:-1])
    assert "BPS" in register.house.refused("registry", "import", bad, "--as", "registrar")


def test_quotas_and_channels_in_codes_of_the_statistics_office_are_refused(register: Register) -> None:
    quota = write(
        register.folder / "k.csv", [{"program": "PKH", "periode": "2023-T2", "kode_wilayah": "6371010", "kuota": "1"}]
    )
    assert "BPS" in register.house.refused("quota", "import", quota, "--as", "planner")
    channel = write(
        register.folder / "c.csv", [{"program": "PKH", "periode": "2023-T2", "kode_wilayah": "6371010", "kanal": "BRI"}]
    )
    assert "BPS" in register.house.refused("channel", "assign", channel, "--as", "planner")


def test_quotas_that_contradict_each_other_all_come_back(register: Register) -> None:
    row = {"program": "PKH", "periode": "2023-T3", "kode_wilayah": "6371", "kuota": "1"}
    rows = [row, row, row | {"kuota": "2"}, row | {"kode_wilayah": "63.01"}, row | {"kode_wilayah": "6301"}]
    (told,) = register.house.ok("quota", "import", write(register.folder / "k.csv", rows), "--as", "planner", code=3)
    assert (told["accepted"], told["rejected"], told["unchanged"]) == (1, 3, 1)
    assert [row["baris"] for row in returned(told)] == ["2", "3", "4"]


def test_a_quota_or_channel_for_a_kind_of_period_that_the_programme_does_not_have_comes_back(
    register: Register,
) -> None:
    stage = {"program": "sembako", "periode": "2023-T2", "kode_wilayah": "6371"}
    month = {"program": "PKH", "periode": "2023-05", "kode_wilayah": "6371"}
    for command, value in ((("quota", "import"), {"kuota": "1"}), (("channel", "assign"), {"kanal": "BRI"})):
        file = write(register.folder / f"{command[0]}.csv", [stage | value, month | value])
        (told,) = register.house.ok(*command, file, "--as", "planner", code=3)
        assert [(row["kolom"], row["cara_memperbaiki"]) for row in returned(told)] == [
            ("periode", "Tulis bulan seperti 2023-05"),
            ("periode", "Tulis tahap seperti 2023-T2"),
        ]
        name = f"{command[0]}_rejected.csv"
        ((kept,),) = register.ask(
            "select count(*) from lake_archivedfile where purpose = 'rejected' and name = %s", name
        )
        assert kept == 1, "rejected rows are kept in the archive"


def test_a_refusal_of_one_of_several_files_says_which(register: Register) -> None:
    good, bad = (
        write(register.folder / "baik.csv", [family(1)]),
        write(register.folder / "buruk.csv", [{"no_kk": card(2)}]),
    )
    told = register.house.refused("registry", "import", good, bad, "--as", "registrar")
    assert "buruk.csv: " in told
    assert "buruk.csv" not in register.house.refused("registry", "import", bad, "--as", "registrar")


def test_odd_accounts_and_numbers_that_disagree_are_findings(register: Register) -> None:
    register.take(
        families=[family(1), family(2)],
        persons=[
            person(1, 1, nama="Siti Contoh"),
            person(2, 1, hubungan="ANAK", nik=nik(2, sex="L")),
            person(3, 2, nik=nik(3, born="1981-01-01")),
        ],
        accounts=[
            account(1, nomor_rekening="123456789", nama_rekening="Budi Contoh"),
            account(3, nik=nik(3, born="1981-01-01"), nama_rekening="CONTOH 3"),
        ],
    )
    assert set(register.released()) == {recipient(1), recipient(2)}
    found = {(who, reason) for who, reason, _numbers in register.findings()}
    assert found == {
        (recipient(1), "REKENING_PANJANG"),
        (recipient(1), "REKENING_NAMA_BEDA"),
        (recipient(1), "NIK_BEDA_KELAMIN"),
        (recipient(2), "NIK_BEDA_LAHIR"),
    }
    register.take(persons=[person(1, 1, nama="Budi Contoh")], accounts=[account(1, nama_rekening="Budi Contoh")])
    register.release()
    assert (recipient(1), "REKENING_NAMA_BEDA") not in {(who, reason) for who, reason, _numbers in register.findings()}


def test_a_family_without_a_head_is_released_with_a_finding(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1, hubungan="PASANGAN")])
    assert set(register.released()) == {recipient(1)}
    assert {(who, reason) for who, reason, _numbers in register.findings()} == {(recipient(1), "TANPA_KEPALA")}


def test_a_rejected_member_is_missing_from_the_family_with_a_finding(register: Register) -> None:
    broken = person(2, 1, hubungan="ANAK", tanggal_lahir="?")
    register.take(code=3, families=[family(1)], persons=[person(1, 1), broken, person(3, 2) | {"nik": "1"}])
    register.take(code=3, persons=[person(4, 5) | {"nik": "2"}])
    register.take(families=[family(2), family(5)], persons=[person(5, 2), person(6, 5)])
    register.release()
    finding = '{"baris_ditolak": 1}'
    assert register.findings() == {(recipient(number), "ANGGOTA_DITOLAK", finding) for number in (1, 2, 5)}
    register.take(persons=[person(2, 1, hubungan="ANAK")])
    register.release()
    assert register.findings() == {(recipient(number), "ANGGOTA_DITOLAK", finding) for number in (2, 5)}


def test_a_release_takes_families_with_a_living_member_only(register: Register) -> None:
    dead = person(2, 2, status_dukcapil="MENINGGAL")
    register.take(families=[family(1), family(2), family(3)], persons=[person(1, 1, status_dukcapil="PINDAH"), dead])
    assert set(register.released()) == {recipient(1)}
    assert register.release()["families_left_out"] == 2


def test_jobs_are_compared_without_case_by_their_synonyms(register: Register) -> None:
    jobs = {
        "pns": "PNS",
        "Pegawai  Negeri Sipil": "PNS",
        "POLISI": "POLRI",
        "purnawirawan tni": "PENSIUNAN",
        "petani": "",
        "": "",
    }
    register.take(
        families=[family(1)],
        persons=[person(number, 1, pekerjaan=job, hubungan="FAMILI") for number, job in enumerate(jobs, 1)],
    )
    assert [kind for (kind,) in register.ask("select occupation_class from registry_person order by nik")] == list(
        jobs.values()
    )


def test_empty_optional_cells_and_columns_count_as_the_contract_says(register: Register) -> None:
    register.take(
        families=[{"no_kk": card(1), "kode_desa": VILLAGE}, {"no_kk": card(2), "kode_desa": VILLAGE}],
        persons=[
            person(1, 1, status_dukcapil=""),
            person(2, 2, status_dukcapil="", hamil="", status_sekolah="", disabilitas_berat=""),
        ],
    )
    assert register.ask(
        "select distinct civil_status, school, is_pregnant, is_severely_disabled, occupation from registry_person"
    ) == [("BELUM_CEK", "TIDAK", False, False, "")]
    assert register.ask("select distinct decile, address, details::text from registry_family") == [(None, "", "{}")]


def test_housing_and_quotes_in_it_are_kept(register: Register) -> None:
    register.take(families=[family(1, alamat='Jl. "A" \\ B', lantai='tanah "liat"\nbasah', atap="\\seng")])
    assert register.ask("select address, details ->> 'lantai', details ->> 'atap' from registry_family") == [
        ('Jl. "A" \\ B', 'tanah "liat" basah', "\\seng")
    ]


def test_other_delimiters_marks_and_line_ends_pass_and_unknown_columns_are_named(register: Register) -> None:
    text = "Kode_Desa;catatan;NO_KK;desil\r\n\r\n63.71.01.1001;apa saja; " + card(1) + " ;3\r\n"
    path = register.folder / "k.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (told,) = register.take_files(path)
    assert (told["accepted"], told["unknown_columns"]) == (1, ["catatan"])
    assert len(told["notes"]) == 2
    assert register.ask("select no_kk, decile from registry_family") == [(card(1), 3)]


def test_a_line_break_inside_quotes_is_one_row(register: Register) -> None:
    told = register.take(
        families=[family(1)], persons=[person(1, 1, nama="Siti\nContoh"), person(2, 1, nama="Budi", hubungan="ANAK")]
    )
    assert told["persons"]["accepted"] == 2
    assert register.ask("select name from registry_person order by nik") == [("Siti Contoh",), ("Budi",)]


def test_workbooks_and_parquet_files_pass_too(register: Register) -> None:
    rows = [person(1, 1, tanggal_lahir="1980-01-01")]
    book = register.folder / "orang.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for line, cells in enumerate([list(rows[0]), list(rows[0].values())]):
            sheet.write_row(line, 0, cells)
    table = register.folder / "keluarga.parquet"
    pq.write_table(pa.Table.from_pylist([family(1)]), table)
    assert [(one["kind"], one["accepted"]) for one in register.take_files(book, table)] == [
        ("persons", 1),
        ("families", 1),
    ]
    assert set(register.released()) == {recipient(1)}


def test_a_number_where_a_nik_belongs_has_lost_digits(register: Register) -> None:
    book = register.folder / "orang.xlsx"
    row = person(1, 1)
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, list(row))
        sheet.write_row(1, 0, [int(row["nik"]), *list(row.values())[1:]])
    (told,) = register.take_files(book, code=3)
    assert (told["rejected"], Path(told["rejected_file"]).suffix) == (1, ".xlsx")


def test_rejected_rows_come_back_private_in_the_senders_columns_where_he_wants_them(register: Register) -> None:
    path = register.folder / "in" / "orang.csv"
    path.parent.mkdir()
    path.write_text(
        "nama|NIK|keterangan|no_kk|hubungan|tanggal_lahir|jenis_kelamin|status_dukcapil\n"
        f"=1+1|1|x|{card(1)}|KEPALA|1980-01-01|P|PADAN\n"
        f"Budi|{nik(2)}|y\n"
    )
    elsewhere = register.folder / "balik"
    (told,) = register.take_files(path, code=3, options=["--rejected", elsewhere])
    assert told["rejected"] == 2
    back = Path(told["rejected_file"])
    assert back == elsewhere / "orang_rejected.csv"
    assert stat.S_IMODE(back.stat().st_mode) == 0o600
    first, second = (line.split("|") for line in back.read_text().replace('"', "").splitlines()[1:])
    assert back.read_text().splitlines()[0].replace('"', "").startswith("nama|NIK|keterangan|no_kk")
    assert (first[0], first[8], first[9]) == ("'=1+1", "2", "nik")
    assert second[:3] == ["Budi", nik(2), "y"]
    kept = [
        Path(register.house.home) / path
        for (path,) in register.ask("select path from lake_archivedfile where purpose = 'rejected'")
    ]
    assert back.read_bytes() in [one.read_bytes() for one in kept]


def test_two_files_of_one_name_do_not_overwrite_each_others_rejected_rows(register: Register) -> None:
    files = []
    for number in (1, 2):
        place = register.folder / str(number)
        place.mkdir()
        files.append(write(place / "orang.csv", [person(number, 1) | {"nik": str(number)}]))
    told = register.take_files(*files, code=3, options=["--rejected", register.folder])
    assert [returned(one)[0]["nik"] for one in told] == ["1", "2"]


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_applied(register: Register) -> None:
    bad = write(register.folder / "orang.csv", [person(1, 1) | {"nik": "1"}])
    good = write(register.folder / "keluarga.csv", [family(1)])
    blocked = register.folder / "bukan-folder"
    blocked.write_text("")
    sentence = register.house.refused("registry", "import", good, bad, "--rejected", blocked / "x", "--as", "registrar")
    assert "--rejected" in sentence
    assert register.ask("select count(*) from registry_family") == [(0,)]


def test_a_dry_run_judges_the_whole_call_and_keeps_nothing(register: Register) -> None:
    before = register.ask(
        "select (select count(*) from registry_registryfile), (select count(*) from lake_archivedfile)"
    )
    rows = {"families": [family(1)], "persons": [person(1, 1), person(2, 1) | {"nik": "1"}], "accounts": [account(1)]}
    told = register.take(code=3, options=["--dry-run"], **rows)
    assert {kind: one["accepted"] for kind, one in told.items()} == {"families": 1, "persons": 1, "accounts": 1}
    assert told["persons"]["rejected_file"] is None
    for table in (
        "registry_family",
        "registry_person",
        "registry_account",
        "registry_review",
        "registry_finding",
        "registry_card",
    ):
        assert register.ask(f"select count(*) from {table}") == [(0,)], table
    assert (
        register.ask("select (select count(*) from registry_registryfile), (select count(*) from lake_archivedfile)")
        == before
    )
    assert not list(register.folder.glob("*_rejected*"))


def test_a_file_handed_in_again_changes_nothing(register: Register) -> None:
    rows = {
        "families": [family(1), family(2), family(3, kode_desa="6371019999")],
        "persons": [
            person(1, 1),
            person(2, 2),
            person(2, 2, nama="Lain"),
            person(3, 1) | {"nik": "1"},
            person(4, 1, hubungan="ANAK"),
        ],
        "accounts": [account(1), account(4)],
    }
    first = register.take(code=3, **rows)
    state = "select (select count(*) from registry_review), (select count(*) from registry_finding), (select count(*) from registry_person_past)"
    before = register.ask(state)
    again = register.take(code=3, **rows)
    for kind, one in again.items():
        assert (one["accepted"], one["rejected"], one["to_review"]) == (
            0,
            first[kind]["rejected"],
            first[kind]["to_review"],
        )
    assert register.ask(state) == before
