"""Parquet: typed cells become text, codes must be text, damage is refused."""

import datetime as dt
import decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.intake.shapes import Shape
from salur.foundation.vocabulary.errors import Refused

from .conftest import LINES, faults, rows


def parquet(table: dict, **options) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table), sink, **options)
    return sink.getvalue().to_pybytes()


def test_text_columns_arrive_trimmed_and_numbered_from_two(take):
    received = take(parquet({"NIK": ["1", " 2 "], "nama": ["SITI", None]}), "a.parquet")
    assert rows(received) == [(2, "1", "SITI"), (3, "2", "")]
    assert (received.format, received.physical_rows) == ("parquet", 2)


def test_dictionary_and_large_text_are_text(take):
    table = {"nik": pa.array(["1", "1"]).dictionary_encode(), "nama": pa.array(["A", "B"], pa.large_string())}
    assert rows(take(parquet(table), "a.parquet")) == [(2, "1", "A"), (3, "1", "B")]


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.decimal128(20, 0)])
def test_a_number_where_a_code_belongs_refuses_the_file(take, kind):
    with pytest.raises(Refused, match="nik .*digit hilang"):
        take(parquet({"nik": pa.array([1]).cast(kind), "nama": ["SITI"]}), "a.parquet")


def test_dates_moments_and_whole_numbers_become_plain_text(take):
    zone = dt.timezone(dt.timedelta(hours=7))
    shape = Shape("x", ("id_instruksi", "jumlah", "waktu"), ("tanggal", "saat", "rupiah"))
    received = take(
        parquet(
            {
                "id_instruksi": ["a", "b"],
                "jumlah": [200_000.0, 1.5],
                "waktu": pa.array([dt.datetime(2023, 5, 9, 1, tzinfo=zone), dt.datetime(2023, 5, 9, 7, tzinfo=zone)]),
                "tanggal": [dt.date(2023, 5, 9), None],
                "saat": pa.array([dt.datetime(2023, 5, 9), dt.datetime(2023, 5, 9, 1, 2, 3)], pa.timestamp("ns")),
                "rupiah": [decimal.Decimal("5.00"), decimal.Decimal("6.50")],
            }
        ),
        "a.parquet",
        shape,
    )
    first, second = pq.read_table(received.rows_file).to_pylist()
    assert first == {
        "baris": 2,
        "id_instruksi": "a",
        "jumlah": "200000",
        "waktu": "2023-05-08T18:00:00Z",
        "tanggal": "2023-05-09",
        "saat": "2023-05-09",
        "rupiah": "5",
    }
    assert second["jumlah"] == "1.5"
    assert second["waktu"] == "2023-05-09T00:00:00Z"
    assert (second["tanggal"], second["saat"], second["rupiah"]) == ("", "2023-05-09T01:02:03", "6.50")


def test_a_large_amount_keeps_its_digits(take):
    table = {"id_instruksi": ["a"], "jumlah": [123_456_789_012.0], "waktu": ["x"]}
    received = take(parquet(table), "a.parquet", LINES)
    assert pq.read_table(received.rows_file)["jumlah"].to_pylist() == ["123456789012"]


def test_a_list_in_an_unknown_column_is_passed_over_and_in_a_known_one_refused(take):
    assert rows(take(parquet({"nik": ["1"], "nama": ["A"], "lain": [[1, 2]]}), "a.parquet")) == [(2, "1", "A")]
    with pytest.raises(Refused, match="nama"):
        take(parquet({"nik": ["1"], "nama": [["A"]]}), "a.parquet")


def test_a_truncated_or_damaged_file_is_refused(take):
    whole = parquet({"nik": ["1"] * 1000, "nama": ["SITI"] * 1000}, compression="none", use_dictionary=False)
    for broken in (whole[: len(whole) // 2], whole[:-1], b"PAR1" + b"\0" * 2000 + whole[2004:], b"PAR1"):
        with pytest.raises(Refused, match="rusak atau terpotong"):
            take(broken, "a.parquet")


def test_a_file_named_parquet_that_is_none_is_refused(take):
    with pytest.raises(Refused, match="bukan Parquet"):
        take(b"nik,nama\n", "a.parquet")


def test_text_that_is_not_utf8_is_refused(take):
    bad = pa.StringArray.from_buffers(1, pa.array([0, 4], pa.int32()).buffers()[1], pa.py_buffer(b"JOS\xc9"))
    with pytest.raises(Refused, match="UTF-8"):
        take(parquet({"nik": ["1"], "nama": bad}), "a.parquet")


def test_a_nul_in_a_cell_is_a_fault(take):
    received = take(parquet({"nik": ["1", "2"], "nama": ["A\0", "B"]}), "a.parquet")
    assert (rows(received), list(faults(received))) == ([(3, "2", "B")], [2])


def test_no_rows_are_no_rows(take):
    received = take(parquet({"nik": pa.array([], pa.string()), "nama": pa.array([], pa.string())}), "a.parquet")
    assert (rows(received), received.physical_rows) == ([], 0)
