"""Every step gives the same rows and the same digest on DuckDB, on the executors of Spark, and on DuckDB with one thread that
reads everything backwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agreement.spark import worlds
from agreement.spark.steps import STEPS, Steps
from salur.foundation.engine import on_duckdb, on_spark
from salur.foundation.engine.session import Engine
from salur.foundation.lake.digest import check_whole, digest_of
from salur.foundation.vocabulary.tables import Table

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("cluster", "home")]

WORLDS = {"random": worlds.random_world(7), "empty": worlds.empty()}
_WORDS = {
    "string": "text",
    "boolean": "boolean",
    "date": "date",
    "int8": "int16",
    "int16": "int16",
    "int32": "int32",
    "int64": "int64",
}


# SEMBAKO has no components.
SILENT = {("sembako", "components")}


class Given(dict[str, ir.Table]):
    """The tables of a world on an engine; each comes in when a step first asks for it."""

    def __init__(self, run: Engine, world: worlds.World) -> None:
        self.run, self.world = run, world

    def __missing__(self, name: str) -> ir.Table:
        self[name] = self.run.given(self.world[name])
        return self[name]


@dataclass(frozen=True)
class Answer:
    rows: pa.Table
    digest: str


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("context", STEPS)
def test_three_ways_one_answer(context: str, world: str, tmp_path: Path) -> None:
    given = WORLDS[world]
    with on_duckdb.opened() as run:
        expected = answers(run, given, STEPS[context], tmp_path / "duckdb")
    alone = on_duckdb.OnDuckDB(ibis.duckdb.connect(threads=1))
    backwards = answers(alone, worlds.reversed_world(given), STEPS[context], tmp_path / "backwards")
    with on_spark.opened() as run:
        on_cluster = answers(run, given, STEPS[context], tmp_path / "spark")
    for name, answer in expected.items():
        assert answer.rows.num_rows > 0 or world == "empty" or (context, name) in SILENT, f"{name} says nothing"
        assert first_difference(answer.rows, backwards[name].rows) == "", f"{name}, one thread backwards"
        assert first_difference(answer.rows, on_cluster[name].rows) == "", f"{name}, Spark"
        assert answer.digest == backwards[name].digest == on_cluster[name].digest, name


def answers(run: Engine, world: worlds.World, steps: Steps, place: Path) -> dict[str, Answer]:
    """What an engine wrote for each step, read back as `seal` does."""
    place.mkdir()
    made = steps(run, Given(run, world))
    found = {}
    for name, (step, key) in made.items():
        table = key if isinstance(key, Table) else declared(step, key)
        check_whole(table, step.schema())
        file = place / f"{name}.parquet"
        run.write(step, file, types={name: table.type_of(name) for name in table.names}, order=table.key)
        rows = pq.read_table(file)
        found[name] = Answer(rows, digest_of(table, rows.to_batches()).hex())
    return found


def declared(step: ir.Table, key: tuple[str, ...]) -> Table:
    """What a step would declare that is never sealed itself."""
    kinds = {name: _WORDS[str(kind.copy(nullable=True))] for name, kind in step.schema().items()}
    return Table("step", {name: kind if name in key else f"{kind}?" for name, kind in kinds.items()}, key)


def first_difference(one: pa.Table, other: pa.Table) -> str:
    """'' when two results are the same, else what is not."""
    if one.schema != other.schema or one.num_rows != other.num_rows:
        return f"{one.schema}, {one.num_rows} rows; {other.schema}, {other.num_rows} rows"
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    return next((f"{left} {right}" for left, right in pairs if left != right), "")
