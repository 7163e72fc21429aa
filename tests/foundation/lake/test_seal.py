"""Sealed datasets on disk and in the catalogue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.vocabulary import span
from salur.foundation.vocabulary.span import Span
from salur.foundation.vocabulary.tables import Table
from support.house import House

PLACED = Table("placed", {"village_code": "text", "id": "int64"}, key=("village_code", "id"), is_placed=True)
SUMS = Table("sums", {"id": "int64", "rupiah": "int64", "name": "text?"}, key=("id",), sums=("rupiah",))


def rows(*numbers: int) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(numbers, pa.int64()),
            "rupiah": pa.array([n * 3 for n in numbers], pa.int64()),
            "name": pa.array(["x"] * len(numbers)),
        }
    )


@pytest.fixture
def run(shared_house: House) -> Iterator[Any]:
    from salur.foundation.engine.session import engine

    with engine() as opened:
        yield opened


def sealed(run: Any, given: Any, **asked: Any) -> Any:
    from salur.foundation.lake.seal import seal

    return seal(run, SUMS, given, step="uji/1", by="tester", **asked)


def folders(house: House) -> set[str]:
    return {str(folder.relative_to(house.home)) for folder in house.home.glob("lake/sums/*")}


def test_rows_are_sealed_in_key_order_with_count_sums_and_owner_only_rights(run: Any, shared_house: House) -> None:
    from salur.foundation.lake import read

    dataset = sealed(run, rows(3, 1, 2))
    assert (dataset.rows, dataset.sums) == (3, {"rupiah": 18})
    assert read.arrow(dataset)["id"].to_pylist() == [1, 2, 3]
    (file,) = read.files(dataset)
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700
    assert read.verify(dataset) is None


def test_the_same_content_in_another_order_is_the_same_dataset(run: Any, shared_house: House) -> None:
    first = sealed(run, rows(11, 12, 13))
    before = folders(shared_house)
    assert sealed(run, rows(13, 11, 12)).pk == first.pk
    assert folders(shared_house) == before, "the second attempt left nothing behind"


def test_the_same_request_is_answered_without_being_worked_out_again(run: Any, shared_house: House) -> None:
    source = sealed(run, rows(21))
    first = sealed(run, rows(22), inputs=[source], parameters={"n": 1})
    assert sealed(run, rows(99), inputs=[source], parameters={"n": 1}).pk == first.pk
    assert sealed(run, rows(22), inputs=[source], parameters={"n": 2}).pk != first.pk


def test_a_repeated_key_is_refused_and_leaves_nothing(run: Any, shared_house: House) -> None:
    from salur.foundation.lake.digest import KeyNotRising

    before = folders(shared_house)
    with pytest.raises(KeyNotRising):
        sealed(run, rows(1, 1))
    assert folders(shared_house) == before


def test_an_amount_that_became_floating_point_is_refused_and_leaves_nothing(run: Any, shared_house: House) -> None:
    from salur.foundation.lake.digest import WrongSchema

    before = folders(shared_house)
    given = run.given(rows(31, 32))
    with pytest.raises(WrongSchema, match="rupiah"):
        sealed(run, given.mutate(rupiah=given.rupiah / 2))
    with pytest.raises(WrongSchema, match="rupiah"):
        sealed(run, given.mutate(rupiah=ibis.null("int64")))
    assert folders(shared_house) == before


def test_a_plain_sum_is_sealed_as_whole_rupiah_beyond_floating_point(run: Any) -> None:
    from salur.foundation.lake import read

    many = pa.table({"id": pa.array([1] * 3, pa.int64()), "rupiah": pa.array([2**53 + 1] * 3, pa.int64())})
    given = run.given(many)
    dataset = sealed(run, given.group_by("id").agg(rupiah=given.rupiah.sum(), name=ibis.literal("x")))
    assert read.arrow(dataset)["rupiah"].to_pylist() == [3 * (2**53 + 1)]


def test_a_swapped_file_is_detected_and_not_read(run: Any) -> None:
    from salur.foundation.lake import read

    dataset, other = sealed(run, rows(41, 42)), sealed(run, rows(41, 43))
    (file,), (foreign,) = read.files(dataset), read.files(other)
    shutil.copyfile(foreign, file)
    assert read.verify(dataset) == "bytes"
    with pytest.raises(read.DatasetChanged):
        read.read(run, dataset)
    file.unlink()
    assert read.verify(dataset) == "missing"
    with pytest.raises(read.DatasetChanged):
        list(read.stream(dataset))


def test_a_file_whose_own_digest_was_forged_in_the_catalogue_is_detected_by_its_content(
    run: Any, shared_house: House
) -> None:
    import hashlib

    from salur.foundation.lake import read

    dataset = sealed(run, rows(51, 52))
    for change, found in (
        (rows(51, 53), None),
        (rows(52, 51), "key"),
        (rows(51, 52).set_column(1, "rupiah", pa.array([1.0, 2.0])), "schema"),
    ):
        (file,) = read.files(dataset)
        pq.write_table(change, file)
        dataset.files[0]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
        answer = read.verify(dataset)
        assert answer == found if found else answer not in (None, dataset.digest)


def test_forged_control_sums_are_detected(run: Any) -> None:
    from salur.foundation.lake import read

    dataset = sealed(run, rows(61))
    dataset.sums = {"rupiah": 1}
    assert read.verify(dataset) == "sums"


def test_an_empty_result_is_sealed_and_read_again(run: Any) -> None:
    from salur.foundation.lake import read

    dataset = sealed(run, rows())
    assert (dataset.rows, dataset.sums) == (0, {"rupiah": 0})
    assert read.arrow(dataset).num_rows == 0 and read.verify(dataset) is None


def test_neighbouring_files_are_worked_on_together_as_far_as_the_engine_allows(
    run: Any, shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salur.foundation.lake import read
    from salur.foundation.lake.seal import seal

    cut = [Span("11", "12"), Span("3201", "3202"), Span("3202", "33"), Span("33", "34")]
    codes = [f"{place.start:0<10}" for place in cut for _row in range(10)]
    listed = seal(
        run, PLACED, pa.table({"village_code": codes, "id": list(range(40))}), step="uji/1", by="tester", places=cut, is_whole=True
    )  # fmt: skip
    monkeypatch.setattr(span, "FAMILIES_MAX", 25)
    assert read.wider_places(run, listed) == [Span("11", "3202"), Span("3202", "34")]
    assert read.wider_places(run, listed, share=0.5) == [Span("11", "34")]
    whole = [Span("11", "12"), Span("32", "33"), Span("33", "34")]
    assert read.wider_places(run, listed, keeps_provinces=True) == whole
