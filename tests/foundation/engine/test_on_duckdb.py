"""The engine of a run keeps numbers as wide as they are declared."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.engine.on_duckdb import OnDuckDB
from salur.foundation.vocabulary.wide import int64, total


@pytest.fixture
def run() -> OnDuckDB:
    return OnDuckDB(ibis.duckdb.connect())


NUMBERS = pa.table({"id": pa.array([1, 2, 3], pa.int64()), "rupiah": pa.array([2**62, 5, -1], pa.int64())})


def type_in_engine(run: OnDuckDB, table: ibis.Table) -> dict[str, str]:
    """The engine's own answer: Ibis would say what it expects."""
    return {
        name: str(kind)
        for name, kind, *_rest in run.connection.raw_sql(f"DESCRIBE {run.connection.compile(table)}").fetchall()
    }


def test_a_table_that_is_kept_has_the_width_that_ibis_believes(run: OnDuckDB) -> None:
    given = run.given(NUMBERS)
    made = given.select("id", zero=ibis.literal(0, "int16"), wide=ibis.literal(0, "int64"), holds=given.id > 1)
    assert type_in_engine(run, run.keep(made)) == {
        "id": "BIGINT",
        "zero": "SMALLINT",
        "wide": "BIGINT",
        "holds": "BOOLEAN",
    }


def test_constants_and_totals_are_64_bits_wide(run: OnDuckDB) -> None:
    given = run.given(NUMBERS)
    assert type_in_engine(run, given.select(one=int64(1)))["one"] == "BIGINT"
    assert type_in_engine(run, given.agg(all=total(given.rupiah)))["all"] == "BIGINT"
    assert run.arrow(total(given.rupiah)).as_py() == 2**62 + 4
    assert run.arrow(total(given.filter(given.id < 0).rupiah)).as_py() is None


def test_a_total_beyond_64_bits_is_an_error_and_never_a_wrong_number(run: OnDuckDB) -> None:
    given = run.given(pa.table({"rupiah": pa.array([2**63 - 1, 1], pa.int64())}))
    with pytest.raises(Exception, match="(?i)range|overflow|convert|cast"):
        run.arrow(total(given.rupiah))


def test_a_stream_is_read_to_its_end(run: OnDuckDB) -> None:
    batches = pa.RecordBatchReader.from_batches(NUMBERS.schema, iter(NUMBERS.to_batches(max_chunksize=1)))
    assert run.arrow(run.given(batches).count()).as_py() == 3


def test_a_file_is_written_in_key_order_with_the_declared_types(run: OnDuckDB, tmp_path: Path) -> None:
    file = tmp_path / "it's.parquet"
    given = run.given(NUMBERS)
    summed = given.group_by("id").agg(rupiah=given.rupiah.sum())
    run.write(summed, file, types={"id": "int64", "rupiah": "int64"}, order=["id"])
    written = pq.read_table(file)
    assert written.schema.types == [pa.int64(), pa.int64()]
    assert written.to_pydict() == NUMBERS.to_pydict()


def test_results_stream_out_in_batches(run: OnDuckDB) -> None:
    assert sum(batch.num_rows for batch in run.batches(run.given(NUMBERS), rows=2)) == 3
