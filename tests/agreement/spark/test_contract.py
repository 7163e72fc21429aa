"""What every engine can do, asked of Spark: the same calls as on DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.delivery.steps.lines import MOMENT
from salur.foundation.engine import on_duckdb, on_spark
from salur.foundation.engine.session import Engine, engine
from salur.foundation.vocabulary.instruction_id import instruction_id, parse_expr
from salur.foundation.vocabulary.region_code import normalise_expr
from salur.foundation.vocabulary.wide import int64, total

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("cluster", "home")]

NUMBERS = pa.table({"id": pa.array([1, 2, 3], pa.int64()), "rupiah": pa.array([2**62, 5, -1], pa.int64())})
EACH = {"small": "int16", "middle": "int32", "large": "int64", "day": "date", "holds": "boolean", "word": "text"}


@pytest.fixture
def run() -> Iterator[on_spark.OnSpark]:
    with on_spark.opened() as opened:
        yield opened


def test_the_setting_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALUR_ENGINE", "spark")
    with engine() as chosen:
        assert isinstance(chosen, on_spark.OnSpark)


def test_a_table_that_is_kept_has_the_width_that_ibis_believes(run: on_spark.OnSpark) -> None:
    given = run.given(NUMBERS)
    made = given.select("id", zero=ibis.literal(0, "int16"), wide=ibis.literal(0, "int64"), holds=given.id > 1)
    found = run.session.table(run.keep(made).get_name())
    assert dict(found.dtypes) == {"id": "bigint", "zero": "smallint", "wide": "bigint", "holds": "boolean"}


def test_constants_and_totals_are_64_bits_wide(run: on_spark.OnSpark) -> None:
    given = run.given(NUMBERS)
    assert run.arrow(given.select(one=int64(1))).schema.types == [pa.int64()]
    assert run.arrow(total(given.rupiah)).as_py() == 2**62 + 4
    assert run.arrow(total(given.filter(given.id < 0).rupiah)).as_py() is None


def test_an_overflow_is_an_error_that_tells_its_class_and_no_value(run: on_spark.OnSpark) -> None:
    given = run.given(pa.table({"rupiah": pa.array([2**63 - 1, 1], pa.int64())}))
    with pytest.raises(on_spark.EngineFailed, match="OVERFLOW") as failed:
        run.arrow(total(given.rupiah))
    assert str(2**63 - 1) not in str(failed.value) and failed.value.__suppress_context__


def test_a_text_that_is_no_number_stays_out_of_the_error_and_of_every_log(
    run: on_spark.OnSpark, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = run.given(pa.table({"word": ["6371012345670001x"]}))
    with pytest.raises(on_spark.EngineFailed) as failed:
        run.write(given.select(n=given.word.cast("int64")), tmp_path / "n.parquet", types={"n": "int64"}, order=["n"])
    printed = capfd.readouterr()
    assert "6371012345670001" not in str(failed.value) + printed.out + printed.err


def test_a_stream_is_read_to_its_end(run: on_spark.OnSpark) -> None:
    batches = pa.RecordBatchReader.from_batches(NUMBERS.schema, iter(NUMBERS.to_batches(max_chunksize=1)))
    assert run.arrow(run.given(batches).count()).as_py() == 3


def test_a_stream_that_declares_its_columns_filled_is_taken(run: on_spark.OnSpark) -> None:
    declared = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("rupiah", pa.int64())])
    assert run.arrow(run.given(pa.RecordBatchReader.from_batches(declared, NUMBERS.to_batches())).count()).as_py() == 3


def test_a_stream_that_breaks_off_is_let_go(run: on_spark.OnSpark) -> None:
    """It holds a connection of PostgreSQL, for whose lock the end of the run would wait for ever."""
    let_go = []

    def rows() -> Iterator[pa.RecordBatch]:
        try:
            yield from NUMBERS.to_batches()
            raise ValueError("broken off")
        finally:
            let_go.append(True)

    with pytest.raises(ValueError):
        run.given(pa.RecordBatchReader.from_batches(NUMBERS.schema, rows()))
    assert let_go


def test_results_stream_out_in_batches(run: on_spark.OnSpark) -> None:
    found = run.batches(run.given(NUMBERS), rows=2)
    assert found.schema.types == [pa.int64(), pa.int64()]
    assert sum(batch.num_rows for batch in found) == 3


def test_what_a_run_held_is_gone_when_it_ends(home: Path) -> None:
    with on_spark.opened() as opened:
        name = opened.keep(opened.given(NUMBERS)).get_name()
        session = opened.session
        assert session.catalog.tableExists(name)
    assert not session.catalog.tableExists(name)
    assert list((home / "tmp").iterdir()) == []


@pytest.mark.parametrize("rows", [0, 1, 3000])
def test_one_file_in_key_order_with_the_declared_types_equals_that_of_duckdb(rows: int, tmp_path: Path) -> None:
    made = pa.table(
        {
            "small": pa.array([None if n % 7 == 0 else n % 32_768 for n in range(rows)], pa.int16()),
            "middle": pa.array([n * 700_000 % (2**31) for n in range(rows)], pa.int32()),
            "large": pa.array([2**63 - 1 - (n * 7919 % rows) for n in range(rows)], pa.int64()),
            "day": pa.array([date.fromordinal(700_000 + n) for n in range(rows)], pa.date32()),
            "holds": pa.array([n % 3 == 0 for n in range(rows)], pa.bool_()),
            "word": pa.array([None if n % 11 == 0 else f"00{n} é\U0001f300|'\"" for n in range(rows)], pa.string()),
        }
    )
    written = []
    for name, opened in {"it's duckdb": on_duckdb.opened, "it's spark": on_spark.opened}.items():
        with opened() as run:
            given = _as_engine(run).given(made)
            run.write(given, tmp_path / f"{name}.parquet", types=EACH, order=["large"])
            run.write_csv(given, tmp_path / f"{name}.csv", order=["large"])
        written.append((pq.read_table(tmp_path / f"{name}.parquet"), (tmp_path / f"{name}.csv").read_bytes()))
    assert written[0][0].equals(written[1][0]) and written[0][0].num_rows == rows
    assert written[0][1] == written[1][1]


@pytest.mark.parametrize("written", ["2023-05-09T10:15Z", "6371011001", instruction_id("SEMBAKO-2023-05", 7, 1)])
def test_a_text_ends_where_it_ends(run: on_spark.OnSpark, written: str) -> None:
    """Java would let a pattern end before each of these."""
    rows = pa.table({"text": [written, *(written + end for end in ("\n", "\r", "\r\n", "\u0085", "\u2028"))]})
    found = []
    with on_duckdb.opened() as here:
        for one in (here, _as_engine(run)):
            text = one.given(rows).text
            parsed = parse_expr(text)
            asked = {"moment": text.re_search(MOMENT), "code": normalise_expr(text), "cycle": parsed.cycle}
            found.append(one.arrow(text.as_table().select(**asked, well_formed=parsed.is_well_formed)).to_pylist())
    assert found[0] == found[1]
    assert any(found[0][0].values()) and not any(any(row.values()) for row in found[0][1:])


def _as_engine(run: Engine) -> Engine:
    """What a run sees of it."""
    return run
