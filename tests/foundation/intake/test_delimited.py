"""CSV as it comes: quotes, line ends, ragged rows, encodings. Every row is accounted for, or the file refused."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salur.foundation.intake import delimited
from salur.foundation.intake.reception import receive
from salur.foundation.vocabulary.errors import Refused

from . import slow_csv
from .conftest import PEOPLE, faults, rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_gives_the_same_rows(take, delimiter, end):
    text = end.join([f"nik{delimiter}nama", f"1{delimiter}SITI", f"2{delimiter}BUDI", ""])
    received = take(text)
    assert rows(received) == [(2, "1", "SITI"), (3, "2", "BUDI")]
    assert (received.delimiter, received.physical_rows) == (delimiter, 2)


def test_the_delimiter_is_the_one_that_makes_known_names(take):
    assert take("nik;nama;a,b,c,d,e\n1;SITI;x\n").delimiter == ";"


def test_a_byte_order_mark_is_no_part_of_the_first_name(take):
    received = take(b'\xef\xbb\xbf NIK ;"Nama"\n1;SITI\n')
    assert rows(received) == [(2, "1", "SITI")]
    assert received.encoding == "utf-8-sig"


def test_blanks_around_values_are_trimmed(take):
    assert rows(take('nik,nama\n 1\t,"  SITI " \n')) == [(2, "1", "SITI")]


def test_a_line_break_inside_quotes_is_one_row(take):
    received = take('nik,nama\n1,"SITI\r\nAMINAH"\n2,BUDI\n')
    assert rows(received) == [(2, "1", "SITI\r\nAMINAH"), (3, "2", "BUDI")]
    assert received.physical_rows == 2


def test_a_quote_inside_a_cell_is_text(take):
    assert rows(take('nik,nama\n1,SITI "NUR" A\n2,"O""NEIL, P"\n')) == [(2, "1", 'SITI "NUR" A'), (3, "2", 'O"NEIL, P')]


def test_blank_lines_are_noted_and_keep_their_number(take):
    received = take("\nnik,nama\n\n1,SITI\n   \n2,BUDI\n\n")
    assert rows(received) == [(4, "1", "SITI"), (6, "2", "BUDI")]
    assert (received.physical_rows, received.blank_lines) == (2, 4)
    assert any("4" in note for note in received.notes)


def test_a_row_with_too_few_or_too_many_cells_is_a_fault_with_its_text(take):
    received = take("nik,nama\n1\n2,BUDI\n3,A,B\n4,TUTI\n")
    assert rows(received) == [(3, "2", "BUDI"), (5, "4", "TUTI")]
    assert faults(received) == {2: "1", 4: "3,A,B"}
    assert (received.physical_rows, received.rows, received.faulty_rows) == (4, 2, 2)


def test_text_after_a_closing_quote_is_a_fault(take):
    received = take('nik,nama\n1,"SITI"NUR\n2,BUDI\n')
    assert (rows(received), faults(received)) == ([(3, "2", "BUDI")], {2: '1,"SITI"NUR'})


def test_a_header_alone_is_a_file_of_no_rows(take):
    for text in ("nik,nama", "nik,nama\r\n"):
        received = take(text)
        assert (rows(received), received.physical_rows) == ([], 0)


def test_a_whole_last_row_needs_no_line_end(take):
    assert rows(take("nik,nama\n1,SITI")) == [(2, "1", "SITI")]


def test_a_scientific_number_stays_text(take):
    assert rows(take("nik,nama\n3.2E+15,SITI\n")) == [(2, "3.2E+15", "SITI")]


def test_words_that_mean_nothing_to_a_parser_stay_text(take):
    assert rows(take("nik,nama\nNULL,NaN\nN/A,true\n")) == [(2, "NULL", "NaN"), (3, "N/A", "true")]


def test_a_quote_that_swallows_the_rest_is_refused_with_its_row(take):
    with pytest.raises(Refused, match="baris 3"):
        take('nik,nama\n1,SITI\n2,"BUDI\n3,TUTI\n4,ANI\n')


def test_a_quote_that_swallows_the_next_row_is_refused_with_its_row(take):
    with pytest.raises(Refused, match="baris 2"):
        take('nik,nama\n"1","SITI\n"2","BUDI"\n"3","ANI"\n')


def test_a_quote_that_swallows_more_than_a_row_may_hold_is_refused_early(take, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(delimited, "ROW_BYTES_MAX", 5000)
    with pytest.raises(Refused, match="kutip di baris 2 "):
        take('nik,nama\n1,"SITI\n' + "2,BUDI\n" * 2000 + '3,"ANI"\n')


def test_a_file_without_line_ends_is_refused(take, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(delimited, "ROW_BYTES_MAX", 5000)
    with pytest.raises(Refused, match="Baris 2 terlalu panjang"):
        take("nik,nama\n" + "1,SITI," * 2000)


def test_a_last_row_cut_off_is_refused_as_truncated(take):
    with pytest.raises(Refused, match="terpotong di tengah baris 3"):
        take("nik,nama\n1,SITI\n2")


def test_a_file_that_ends_inside_a_quoted_cell_is_refused(take):
    with pytest.raises(Refused, match="terpotong"):
        take('nik,nama\n1,"SIT')


def test_a_cell_above_a_megabyte_is_a_fault(take):
    received = take("nik,nama\n1," + "A" * (1 << 20) + "\n2," + "A" * ((1 << 20) + 1) + "\n3,BUDI\n")
    assert [row[0] for row in rows(received)] == [2, 4]
    assert list(faults(received)) == [3]


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        ("nik,nama\n1,JOSÉ\n".encode("latin-1"), "Latin-1"),
        ("nik,nama\n1,JOSÉ “X”\n".encode("cp1252"), "Windows-1252"),
        ("nik,nama\n1,SITI\n".encode("utf-16"), "UTF-16"),
        ("nik,nama\n1,SITI\n".encode("utf-16-le"), "UTF-16"),
        ("nik,nama\n1,SITI\n".encode("utf-16-be"), "UTF-16"),
        ("nik,nama\n1,SITI\n".encode("utf-32"), "UTF-32"),
        ("nik,nama\n1,SITI\n".encode("utf-32-le"), "UTF-32"),
        ("nik,nama\n1,SITI\n".encode("utf-32-be"), "UTF-32"),
    ],
)
def test_another_encoding_is_refused_by_name(take, encoded, name):
    with pytest.raises(Refused, match=name):
        take(encoded)


def test_a_wrong_byte_far_below_is_refused_with_its_row(take):
    with pytest.raises(Refused, match="Baris 200002 bukan UTF-8"):
        take(b"nik,nama\n" + b"1,SITI\n" * 200_000 + b"1,JOS\xc9\n")


@pytest.mark.parametrize("before", [0, 300_000])
def test_a_nul_byte_is_refused_with_its_row(take, before):
    with pytest.raises(Refused, match=f"Baris {before + 2} .*NUL"):
        take(b"nik,nama\n" + b"1,SITI\n" * before + b"1,SI\0TI\n" + b"2,BUDI\n" * 3)


def _expected(text: str, delimiter: str) -> tuple[list, dict, int] | None:
    """Rows, faults and blank lines as the slow reader has them; None when the file must be refused."""
    read = slow_csv.read(text, delimiter)[1:]
    if read and (read[-1].is_open or (not read[-1].has_end and not read[-1].is_blank and len(read[-1].cells) != 2)):
        return None
    if any(row.is_torn and set(row.raw) & set("\r\n") for row in read):
        return None
    filled = [row for row in read if not row.is_blank]
    good = [row for row in filled if len(row.cells) == 2 and not row.is_torn]
    return (
        [(row.number, row.cells[0].strip(), row.cells[1].strip()) for row in good],
        {row.number: row.raw for row in filled if row not in good},
        len(read) - len(filled),
    )


def _agree(text: str, block_bytes: int, delimiter: str) -> None:
    expected = _expected(text, delimiter)
    before = delimited.BLOCK_BYTES
    delimited.BLOCK_BYTES = block_bytes
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.csv")
            path.write_bytes(text.encode())
            try:
                received = receive(path, PEOPLE, workdir=Path(folder))
            except Refused:
                assert expected is None
                return
            assert (rows(received), faults(received), received.blank_lines) == expected
            assert received.physical_rows == received.rows + received.faulty_rows
    finally:
        delimited.BLOCK_BYTES = before


@settings(max_examples=400, deadline=None)
@given(
    st.text(st.sampled_from(list('aé",;\n\r \t')), max_size=40),
    st.integers(1, 50),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r", "\r\n"]),
)
def test_any_text_is_read_as_the_slow_reader_reads_it(body, block_bytes, delimiter, end):
    _agree(f"nik{delimiter}nama{end}" + body, block_bytes, delimiter)


_CELL = st.text(st.sampled_from(list('aé",;\n\r |')), max_size=6)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(_CELL, min_size=1, max_size=3), max_size=12), st.integers(1, 80), st.booleans())
def test_what_a_csv_writer_wrote_comes_back(table, block_bytes, quotes_all):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL)
    writer.writerows([["nik", "nama"], *table])
    _agree(out.getvalue(), block_bytes, ";")
