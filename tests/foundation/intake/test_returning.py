"""Rejected rows go back in the sender's own columns and format, and can come in again."""

import csv
import io
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import load_workbook

from salur.foundation.intake.returning import write_rejected
from salur.foundation.vocabulary.errors import Refused

from .conftest import problems, rows
from .test_columnar import parquet
from .test_workbook import xlsx


def returned_csv(received, told, out, delimiter):
    text = write_rejected(received, told, out).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_senders_columns_delimiter_and_mark_stay(take, tmp_path):
    received = take("\ufeffCatatan;nama;NIK\r\n x ;SITI;1\r\ny;BUDI;2\r\n")
    out = tmp_path / "r.csv"
    told = problems((2, "nik", "NIK harus 16 digit", "tulis 16 digit"))
    assert returned_csv(received, told, out, ";") == [
        ["Catatan", "nama", "NIK", "baris", "kolom", "alasan", "cara_memperbaiki"],
        [" x ", "SITI", "1", "2", "nik", "NIK harus 16 digit", "tulis 16 digit"],
    ]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_rows_of_wrong_form_go_back_too_in_the_order_of_the_file(take, tmp_path):
    received = take('nik,nama\n1\n2,BUDI\n3,A,"B\nC"\n4,TUTI\n')
    table = returned_csv(received, problems((3, "nik", "x", "y")), tmp_path / "r.csv", ",")
    assert [row[:3] for row in table[1:]] == [["1", "", "2"], ["2", "BUDI", "3"], ["3", "A,B\nC", "4"]]


def test_all_that_is_wrong_with_a_row_stands_in_one_line(take, tmp_path):
    received = take("nik,nama\n1,SITI\n")
    told = problems((2, "nik", "a", "p"), (2, "nama", "b", "q"), (2, "nik", "a", "p"))
    table = returned_csv(received, told, tmp_path / "r.csv", ",")
    assert table[1:] == [["1", "SITI", "2", "nama, nik", "a; b", "p; q"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " ="])
def test_what_looks_like_a_formula_is_neutralised(take, tmp_path, start):
    received = take(f'nik,nama,=kolom\n1,"{start}1+1",x=1\n')
    header, row = returned_csv(received, problems((2, "nama", "x", "y")), tmp_path / "r.csv", ",")
    assert row[:3] == ["1", f"'{start}1+1", "x=1"]
    assert header[2] == "'=kolom"


def test_a_returned_file_comes_in_again_and_goes_back_again(take, tmp_path):
    told = problems((2, "nik", "x", "y"))
    first = write_rejected(take("nik,nama\n1,SITI\n"), told, tmp_path / "first.csv")
    again = take(first.read_bytes(), "again.csv")
    assert rows(again) == [(2, "1", "SITI")]
    assert again.unknown_columns == ("baris", "kolom", "alasan", "cara_memperbaiki")
    assert returned_csv(again, told, tmp_path / "second.csv", ",")[0] == [
        "nik",
        "nama",
        "baris",
        "kolom",
        "alasan",
        "cara_memperbaiki",
    ]


def test_a_workbook_goes_back_as_a_workbook_of_text(take, tmp_path):
    received = take(xlsx([["nik", "nama", "umur"], ["1", "SITI", 30], [22, '=A"1', 31], ["3", "ANI", 32]]), "a.xlsx")
    out = write_rejected(received, problems((2, "nama", "x", "y")), tmp_path / "r.xlsx")
    table = load_workbook(out).get_sheet_by_index(0).to_python()
    assert [row[:4] for row in table] == [
        ["nik", "nama", "umur", "baris"],
        ["1", "SITI", "30", "2"],
        ["22", "'=A\"1", "31", "3"],
    ]
    assert "digit hilang" in table[2][5]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_parquet_goes_back_as_parquet_with_its_types(take, tmp_path):
    table = {"nik": ["1", "2", "3"], "nama": ["A", "=B", "C\0"], "umur": pa.array([1, 2, 3], pa.int16())}
    received = take(parquet(table), "a.parquet")
    back = pq.read_table(write_rejected(received, problems((3, "nama", "x", "y")), tmp_path / "r.parquet"))
    assert back.to_pydict()["nama"] == ["'=B", "C\0"]
    assert back.schema.field("umur").type == pa.int16()
    assert back.to_pydict()["baris"] == [3, 4]


def test_a_file_that_is_no_longer_the_one_received_is_refused(take, tmp_path):
    received = take("nik,nama\n1,SITI\n")
    received.path.write_text("nik,nama\n2,BUDI\n")
    with pytest.raises(Refused, match="berubah"):
        write_rejected(received, problems((2, "nik", "x", "y")), tmp_path / "r.csv")
    assert not (tmp_path / "r.csv").exists()


def test_an_existing_file_is_not_overwritten(take, tmp_path):
    received = take("nik,nama\n1,SITI\n")
    (tmp_path / "r.csv").write_text("mine")
    with pytest.raises(Refused, match="sudah ada"):
        write_rejected(received, problems((2, "nik", "x", "y")), tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == "mine"
