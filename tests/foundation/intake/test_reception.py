"""Which kind a file is, what its header must hold, and files that are no files."""

import os
import stat

import pyarrow.parquet as pq
import pytest

from salur.foundation.intake import reception
from salur.foundation.intake.opening import unchanging
from salur.foundation.intake.reception import receive, recognise
from salur.foundation.intake.shapes import Shape
from salur.foundation.vocabulary.errors import Refused

from .conftest import PEOPLE, rows

FAMILIES = Shape("families", ("no_kk", "kode_desa"), ("alamat",))
PERSONS = Shape("persons", ("nik", "no_kk", "nama"), ())
QUOTAS = Shape("quotas", ("program", "kode_wilayah", "kuota"), ())
CHANNELS = Shape("channels", ("program", "kode_wilayah", "kanal"), ())
ALL = (FAMILIES, PERSONS, QUOTAS, CHANNELS)


def file(tmp_path, text, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_header_tells_the_kind_in_any_order_and_case(tmp_path):
    assert recognise(file(tmp_path, "Nama; NIK;NO_KK\n"), ALL) is PERSONS


def test_the_kind_with_most_known_columns_wins(tmp_path):
    assert recognise(file(tmp_path, "nik,no_kk,nama,kode_desa\n"), ALL) is PERSONS


def test_two_kinds_at_once_are_refused_by_name(tmp_path):
    with pytest.raises(Refused, match="quotas, channels"):
        recognise(file(tmp_path, "program,kode_wilayah,kuota,kanal\n"), ALL)


def test_missing_columns_are_named_for_the_nearest_kind(tmp_path):
    with pytest.raises(Refused, match="Kolom wajib no_kk .*persons"):
        recognise(file(tmp_path, "nik,nama,umur\n"), ALL)


def test_a_file_of_the_wrong_kind_is_refused_on_receipt(tmp_path):
    with pytest.raises(Refused, match="kode_desa"):
        receive(file(tmp_path, "no_kk,alamat\n"), FAMILIES, workdir=tmp_path)


@pytest.mark.parametrize("title", ["DAFTAR KPM 2023\n", "DAFTAR KPM 2023,,\n\n", "sep=,\n"])
def test_a_title_above_the_header_is_refused(tmp_path, title):
    with pytest.raises(Refused, match="hapus judul"):
        recognise(file(tmp_path, title + "nik,no_kk,nama\n1,2,SITI\n"), ALL)


def test_a_file_without_a_header_is_refused(tmp_path):
    with pytest.raises(Refused, match="nama kolom"):
        recognise(file(tmp_path, "1,2,SITI\n3,4,BUDI\n"), ALL)


@pytest.mark.parametrize("content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    with pytest.raises(Refused, match="kosong"):
        recognise(file(tmp_path, content), ALL)


@pytest.mark.parametrize("header", ["nik,nama,NIK ", "nik,nama,x,X"])
def test_a_column_named_twice_is_refused(take, header):
    with pytest.raises(Refused, match="lebih dari sekali"):
        take(header + "\n")


def test_unknown_columns_are_named_and_a_missing_optional_one_is_null(take):
    received = take("nik,nama,Catatan\n1,SITI,x\n")
    assert received.unknown_columns == ("Catatan",)
    assert pq.read_table(received.rows_file).to_pylist() == [{"baris": 2, "nik": "1", "nama": "SITI", "hamil": None}]


def test_an_empty_cell_is_an_empty_text(take):
    received = take("nik,nama,hamil\n1,SITI,\n")
    assert pq.read_table(received.rows_file)["hamil"].to_pylist() == [""]


def test_a_link_a_folder_a_pipe_and_nothing_are_refused(tmp_path):
    real = file(tmp_path, "nik,no_kk,nama\n")
    (tmp_path / "link.csv").symlink_to(real)
    os.mkfifo(tmp_path / "pipe.csv")
    reasons = {"link.csv": "tautan", "pipe.csv": "bukan berkas", ".": "bukan berkas", "no": "ditemukan"}
    for path, reason in reasons.items():
        with pytest.raises(Refused, match=reason):
            recognise(tmp_path / path, ALL)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_we_may_not_read_is_refused(tmp_path):
    path = file(tmp_path, "nik,no_kk,nama\n")
    path.chmod(0)
    with pytest.raises(Refused, match="izin"):
        recognise(path, ALL)


@pytest.mark.parametrize(
    ("start", "name"), [(b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"), (b"\x1f\x8b\x08", "GZIP"), (b"%PDF-1.7", "PDF")]
)
def test_another_format_is_refused_by_name(tmp_path, start, name):
    with pytest.raises(Refused, match=name):
        recognise(file(tmp_path, start + b"rest"), ALL)


def test_what_is_written_is_for_the_owner_only_and_leaves_with_a_refusal(take, tmp_path):
    received = take("nik,nama\n1,SITI\n")
    for made in (received.rows_file, received.faults_file):
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        made.unlink()
    with pytest.raises(Refused):
        take('nik,nama\n1,SITI\n2,"BUDI')
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = file(tmp_path, "nik,nama\n1,SITI\n")
    with pytest.raises(Refused, match="berubah"), unchanging(path):
        path.write_text("nik,nama\n1,SITI\n2,BUDI\n")


def test_rows_that_the_parser_loses_refuse_the_file(take, monkeypatch):
    whole = reception.delimited.scan

    def one_row_short(*args, **options):
        found = whole(*args, **options)
        found.blank[:1] = True
        return found

    heading = reception.delimited.heading
    monkeypatch.setattr(
        reception.delimited,
        "heading",
        lambda *args: (heading(*args), monkeypatch.setattr(reception.delimited, "scan", one_row_short))[0],
    )
    with pytest.raises(Refused, match="tidak sama"):
        take("nik,nama\n1,SITI\n2,BUDI\n")


def test_many_rows_over_many_blocks_all_arrive(take, monkeypatch):
    monkeypatch.setattr(reception.delimited, "BLOCK_BYTES", 10_000)
    received = take("nik,nama\n" + "".join(f'{n},"ORANG, {n}"\r\n' for n in range(20_000)))
    assert rows(received) == [(n + 2, str(n), f"ORANG, {n}") for n in range(20_000)]


def test_shape_names_its_columns():
    assert PEOPLE.columns == ("nik", "nama", "hamil")
    assert PEOPLE.missing(["nama"]) == ("nik",)
