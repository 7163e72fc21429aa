"""XLSX: typed cells become text, digits are not lost unseen, bombs do not go off."""

import datetime as dt
import io
import zipfile

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from salur.foundation.intake import unpacking, workbook
from salur.foundation.intake.shapes import Shape
from salur.foundation.vocabulary.errors import Refused

from .conftest import faults, rows


def xlsx(*sheets: list[list], fill=None) -> bytes:
    """A workbook of these sheets; None leaves a cell out, `fill(book, sheet)` adds to the first sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, table in enumerate(sheets):
        sheet = book.add_worksheet()
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
        if fill and number == 0:
            fill(book, sheet)
    book.close()
    return out.getvalue()


def repacked(content: bytes, name: str, change) -> bytes:
    """The same ZIP with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry.filename)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
    return out.getvalue()


def test_text_cells_arrive_trimmed(take):
    received = take(xlsx([["NIK ", "nama"], [" 1", "SITI"], ["2", "=1+1"]]), "a.xlsx")
    assert rows(received) == [(2, "1", "SITI"), (3, "2", "=1+1")]
    assert (received.format, received.physical_rows) == ("xlsx", 2)


def test_a_numeric_cell_where_a_code_belongs_is_a_fault(take):
    received = take(xlsx([["nik", "nama"], [6371010101900001, "SITI"], ["2", "BUDI"]]), "a.xlsx")
    assert rows(received) == [(3, "2", "BUDI")]
    fault = pq.read_table(received.faults_file).to_pylist()[0]
    assert (fault["baris"], fault["kolom"]) == (2, "nik")
    assert "digit hilang" in fault["alasan"]


def test_numbers_dates_and_truths_become_plain_text(take):
    shape = Shape("x", ("nama", "jumlah"), ("tanggal", "waktu", "ya"))
    table = [
        ["nama", "jumlah", "tanggal", "waktu", "ya"],
        ["A", 200000, dt.datetime(2023, 5, 9), dt.datetime(2023, 5, 9), True],
        ["B", 1.5, dt.datetime(2023, 5, 9, 10, 30), "2023-05-09T00:00:00+07:00", "Y"],
    ]
    first, second = pq.read_table(take(xlsx(table), "a.xlsx", shape).rows_file).to_pylist()
    assert (first["jumlah"], first["tanggal"], first["ya"]) == ("200000", "2023-05-09", "TRUE")
    assert (second["jumlah"], second["tanggal"]) == ("1.5", "2023-05-09T10:30:00")
    assert second["waktu"] == "2023-05-09T00:00:00+07:00"


def test_blank_rows_are_noted_and_keep_their_number(take):
    received = take(xlsx([["nik", "nama"], [], ["1", "SITI"], [" ", ""], ["2", "BUDI"]]), "a.xlsx")
    assert rows(received) == [(3, "1", "SITI"), (5, "2", "BUDI")]
    assert (received.physical_rows, received.blank_lines) == (2, 2)


def test_a_table_that_starts_in_the_middle_of_the_sheet_is_found(take):
    received = take(xlsx([[], [None, "nik", "nama"], [None, "1", "SITI"]]), "a.xlsx")
    assert rows(received) == [(3, "1", "SITI")]


def test_an_error_value_is_a_fault_not_an_empty_cell(take):
    def error(_book, sheet):
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    received = take(xlsx([["nik", "nama", "hamil"], ["1", "SITI"], ["2", "BUDI"]], fill=error), "a.xlsx")
    assert (rows(received), list(faults(received))) == ([(3, "2", "BUDI")], [2])


def test_content_beside_the_named_columns_is_a_fault(take):
    received = take(xlsx([["nik", "nama"], ["1", "SITI", None, "x"], ["2", "BUDI"]]), "a.xlsx")
    assert (rows(received), list(faults(received))) == ([(3, "2", "BUDI")], [2])


def test_the_sheet_with_a_known_header_is_taken_and_the_other_noted(take):
    received = take(xlsx([["Keterangan"], ["dibuat hari ini"]], [["nik", "nama"], ["1", "SITI"]]), "a.xlsx")
    assert rows(received) == [(2, "1", "SITI")]
    assert any("1 lembar lain" in note for note in received.notes)


def test_two_sheets_of_data_are_refused(take):
    table = [["nik", "nama"], ["1", "SITI"]]
    with pytest.raises(Refused, match="lebih dari satu lembar"):
        take(xlsx(table, table), "a.xlsx")


def test_a_title_above_the_header_is_refused(take):
    with pytest.raises(Refused, match="hapus judul"):
        take(xlsx([["DAFTAR KPM"], ["nik", "nama"], ["1", "SITI"]]), "a.xlsx")


def test_an_empty_workbook_is_refused_and_a_header_alone_is_no_rows(take):
    with pytest.raises(Refused, match="kosong"):
        take(xlsx([]), "a.xlsx")
    assert take(xlsx([["nik", "nama"]]), "b.xlsx").physical_rows == 0


def test_too_many_rows_are_refused_towards_csv(take, monkeypatch):
    monkeypatch.setattr(unpacking, "ROWS_MAX", 3)
    monkeypatch.setattr(workbook, "ROWS_MAX", 3)
    table = [["nik", "nama"], *([str(n), "A"] for n in range(3))]
    assert take(xlsx(table), "a.xlsx").physical_rows == 3
    with pytest.raises(Refused, match="simpan sebagai CSV"):
        take(xlsx([*table, ["9", "A"]]), "b.xlsx")


def test_a_file_named_xlsx_that_is_none_is_refused(take):
    with pytest.raises(Refused, match="bukan XLSX"):
        take(b"nik,nama\n", "a.xlsx")


def test_a_zip_that_is_no_workbook_is_refused(take):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "nik,nama\n")
    with pytest.raises(Refused, match="ZIP"):
        take(out.getvalue(), "a.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(take):
    bomb = repacked(xlsx([["nik", "nama"]]), "docProps/app.xml", lambda _old: bytes(60 << 20))
    with pytest.raises(Refused, match="terlalu besar"):
        take(bomb, "a.xlsx")


def test_a_part_that_lies_about_its_size_is_refused(take):
    bomb = repacked(xlsx([["nik", "nama"]]), "docProps/app.xml", lambda _old: bytes(60 << 20))
    lying = bomb.replace((60 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(Refused, match="rusak"):
        take(lying, "a.xlsx")


def test_two_cells_in_opposite_corners_are_refused_before_the_space_between_is_made(take):
    def corner(_book, sheet):
        sheet.write_string(1_048_575, 16_383, "x")

    with pytest.raises(Refused, match="terlalu lebar"):
        take(xlsx([["nik", "nama"]], fill=corner), "a.xlsx")


def test_a_doctype_is_refused(take):
    def with_doctype(old: bytes) -> bytes:
        return old.replace(b"<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet', 1)

    with pytest.raises(Refused, match="rusak"):
        take(repacked(xlsx([["nik", "nama"]]), "xl/worksheets/sheet1.xml", with_doctype), "a.xlsx")


def test_a_truncated_or_damaged_workbook_is_refused(take):
    whole = xlsx([["nik", "nama"], *([str(n), f"ORANG {n}"] for n in range(500))])
    damaged = repacked(whole, "xl/worksheets/sheet1.xml", lambda old: old[: len(old) // 2])
    for broken in (whole[: len(whole) // 2], damaged, b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(Refused, match="rusak|ZIP"):
            take(broken, "a.xlsx")


def test_rows_that_the_library_does_not_show_refuse_the_file(take, monkeypatch):
    every_row = workbook._rows
    monkeypatch.setattr(workbook, "_rows", lambda sheet: list(every_row(sheet))[:-1])
    with pytest.raises(Refused):
        take(xlsx([["nik", "nama"], ["1", "SITI"], ["2", "BUDI"]]), "a.xlsx")
