"""Every step is written for DuckDB and Spark alike, and its numbers keep their width.

The steps of programmes have their own file beside them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import ibis
import ibis.expr.types as ir
import pytest
import sqlglot
from sqlglot import expressions as sql

from agreement.given import given
from enrolment.worlds import VERDICTS
from programmes.worlds import rules
from reconciliation.worlds import INSTRUCTED, NOT_SENT, PLACED_LINES
from salur.delivery.steps.lines import accounted, in_file, lines, recognised, strangers
from salur.delivery.steps.route import route
from salur.delivery.tables import CHANNELS, HOLDERS, INSTRUCTIONS, LINES
from salur.enrolment.steps.places import places, quota_region
from salur.enrolment.steps.rank import earlier, rank
from salur.enrolment.tables import LIST, QUOTAS
from salur.foundation.vocabulary.findings import FINDINGS
from salur.foundation.vocabulary.period import Period
from salur.foundation.vocabulary.tables import Table
from salur.monitoring.indicators import rights
from salur.monitoring.tables import MEASURES
from salur.programmes.catalogue import rule_for
from salur.reconciliation.steps import fold, settle
from salur.reconciliation.tables import EXCEPTIONS, SETTLEMENT
from salur.registry.steps.holder import holder
from salur.registry.tables import FAMILIES, PERSONS
from support.tables import ENGINE

MAY = Period.parse("2023-05")
CYCLE = "SEMBAKO-2023-05"
DUE = {
    "recipient_id": "int64",
    "region_code": "text",
    "holder_id": "int64?",
    "amount_rupiah": "int64",
    "attempt": "int16",
}
CELLS = dict.fromkeys(("id_instruksi", "hasil", "jumlah", "waktu", "bukti", "kode_alasan"), "text") | {"baris": "int64"}
SENT = {
    "cycle": "text",
    "recipient_id": "int64",
    "attempt": "int16",
    "channel": "text",
    "region_code": "text",
    "id_instruksi": "text",
}
# What a step gives that is sealed or loaded as it is; `keep` and `write` give the others their width.
DECLARED: Mapping[str, Table] = {
    "instructions": INSTRUCTIONS,
    "findings": FINDINGS,
    "lines": LINES,
    "settlement": SETTLEMENT,
    "exceptions": EXCEPTIONS,
    "list": LIST,
    "measures": MEASURES,
}


def steps() -> Iterator[tuple[str, ir.Table]]:
    """Each step over empty tables of the declared columns."""
    entitled = given(DUE, [])
    yield "holder", holder(given(PERSONS, []), given({"person_id": "int64"}, []), as_of_year=2023, as_of_day=531)
    yield "places", places(given(QUOTAS, []))
    yield "quota_region", quota_region(given(FAMILIES, []), given(QUOTAS, []))
    rule = rule_for(rules(), "SEMBAKO", MAY)
    for previous in (None, earlier(given(LIST, []))):
        yield "list", rank(given(VERDICTS, []), given(QUOTAS, []), previous, rule=rule, period=MAY, secret="x")
    routed = route(entitled, given(CHANNELS, []), given(HOLDERS, []), cycle=CYCLE)
    yield "instructions", routed.kept
    yield "findings", routed.findings
    found = recognised(given(CELLS, []), given(SENT, []))
    yield "lines", in_file(lines(found, channel="BRI"), file="f")
    for named in (None, [CYCLE]):
        unknown = strangers(found, channel="BRI", cycles=[CYCLE], fallback_cycle="", key="", named=named)
        yield "lines", in_file(unknown, file="f")
    yield "accounted", accounted(given(LINES, []), given(LINES, []))
    placed = given(PLACED_LINES, [])
    distinct = fold.distinct_lines(placed)
    yield "distinct_lines", distinct
    state = fold.advance(fold.begin(given(INSTRUCTED, [])), distinct, range(1, 3))
    yield "advance", state
    settled = settle.settle(state, distinct, given(NOT_SENT, []))
    yield "settlement", settle.columns(settled)
    yield "exceptions", settle.exceptions(settled, placed)
    facts = rights.facts(entitled, given(SETTLEMENT, []), given({"recipient_id": "int64"}, []), 0)
    yield "facts", facts
    quotas, causes = (
        given({"region_code": "text", "quota": "int64"}, []),
        given({"region_code": "text", "cause": "text"}, []),
    )
    sums, considered = rights.village_sums(facts), rights.village_places(given(LIST, []))
    yield "village_sums", sums
    yield "village_places", considered
    yield "measures", rights.measures(sums, considered, quotas, causes)


STEPS = list(steps())


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[name for name, _step in STEPS])
def test_every_step_is_written_for_spark_too(name: str, step: ir.Table) -> None:
    text = str(ibis.to_sql(step, dialect="pyspark"))
    parsed = parse(text, "spark")
    for star in parsed.find_all(sql.Star):
        assert not star.args.get("except") and not star.args.get("except_"), (
            f"{name}: Spark has no star without a column"
        )
    assert "EXCLUDE" not in text and "EXCEPT" not in text
    # Words that mean something else on the other engine, or keep no order of their own.
    for word in (sql.ArrayAgg, sql.GroupConcat, sql.Struct, sql.Median, sql.Quantile, sql.Rand):
        assert not list(parsed.find_all(word)), f"{name}: {word.__name__}"
    for cast in parsed.find_all(sql.Cast):
        assert cast.to.this not in (sql.DataType.Type.FLOAT, sql.DataType.Type.DOUBLE), f"{name}: {cast.sql()}"


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[name for name, _step in STEPS])
def test_every_row_number_ends_in_an_order_that_leaves_no_tie_to_chance(name: str, step: ir.Table) -> None:
    unique = {"recipient_id", "person_id", "proof", "kind"}
    parsed = parse(str(ibis.to_sql(step, dialect="duckdb")), "duckdb")
    for window in parsed.find_all(sql.Window):
        assert isinstance(window.this, sql.RowNumber), f"{name}: only row_number means the same everywhere"
        last = window.args["order"].expressions[-1].find(sql.Column)
        assert last is not None and last.name in unique, f"{name}: {window.sql()}"


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[name for name, _step in STEPS])
def test_no_rupiah_leaves_the_engine_as_a_fraction(name: str, step: ir.Table) -> None:
    # The engine's own answer: Ibis would quietly turn what it gets into what it expected.
    answer = ENGINE.con.sql(ENGINE.compile(kept(step))).to_arrow_table().schema
    for column in answer:
        assert str(column.type) in ("int8", "int16", "int32", "int64", "string", "bool", "date32[day]"), (
            f"{name}.{column.name}: {column.type}"
        )
    if name in DECLARED:
        assert set(DECLARED[name].names) <= set(answer.names), name


def parse(text: str, dialect: str) -> sql.Expr:
    """The parser of the test goes down a dozen calls for each bracket; an id is spelt out some hundred deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        return sqlglot.parse_one(text, read=dialect)
    finally:
        sys.setrecursionlimit(before)


def kept(step: ir.Table) -> ir.Table:
    """Tables in memory are registered by Ibis when it runs something."""
    ENGINE.to_pyarrow(step.limit(0))
    return step
