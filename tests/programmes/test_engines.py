"""The steps name no engine: they are written for two, and their numbers keep their width."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
import sqlglot

from programmes.worlds import Family, Person, rules, strange_rule, tables
from salur.foundation.vocabulary.period import Period
from salur.programmes.benefits.components import counts
from salur.programmes.benefits.due import due
from salur.programmes.catalogue import rule_for
from salur.programmes.conditions.eligibility import eligibility
from salur.programmes.conditions.features import counted, features
from salur.programmes.rule import COMPONENTS, Rule
from salur.registry.tables import FAMILIES, PERSONS

PERIODS = [("SEMBAKO", "2023-05"), ("PKH", "2019-T1"), ("PKH", "2023-T2"), ("strange", "2023-T1")]


def rule_named(programme: str, period: Period) -> Rule:
    if programme == "strange":
        return strange_rule(rule_for(rules(), "PKH", period))
    return rule_for(rules(), programme, period)


def steps(
    families: ir.Table, persons: ir.Table, admitted: ir.Table, rule: Rule, period: Period
) -> Mapping[str, ir.Table]:
    known = features(counted(families, persons, [(rule, period)]), rule=rule)
    brought = counts(persons, rule=rule, period=period)
    return {
        "features": known,
        "eligibility": eligibility(known, rule=rule),
        "counts": brought,
        "due": due(admitted, families, brought, rule=rule, period=period),
    }


@pytest.mark.parametrize(("programme", "text"), PERIODS)
def test_every_step_is_written_for_spark_too(programme: str, text: str) -> None:
    period = Period.parse(text)
    families = ibis.table(FAMILIES.ibis_schema(), name="families")
    persons = ibis.table(PERSONS.ibis_schema(), name="persons")
    admitted = ibis.table({"recipient_id": "!int64"}, name="admitted")
    for name, step in steps(families, persons, admitted, rule_named(programme, period), period).items():
        sql = str(ibis.to_sql(step, dialect="pyspark"))
        assert sqlglot.parse_one(sql, read="spark"), name
        assert "EXCEPT" not in sql and "EXCLUDE" not in sql, f"{name}: Spark has no star without a column"


@pytest.mark.parametrize(("programme", "text"), PERIODS)
def test_every_number_leaves_the_engine_as_wide_as_it_is_declared(programme: str, text: str) -> None:
    period = Period.parse(text)
    given = tables([Family(1, (Person(11),))])
    declared = {"recipient_id": pa.int64(), "person_id": pa.int64(), "decile": pa.int16(), "living": pa.int64(),
                "adults": pa.int64(), "components": pa.int64(), "amount_rupiah": pa.int64(),
                **dict.fromkeys(COMPONENTS, pa.int64())}  # fmt: skip
    made = steps(given.families, given.persons, given.admitted, rule_named(programme, period), period)
    for name, step in made.items():
        # The engine's own answer: Ibis would quietly turn what it gets into what it expected.
        answer = given.engine.con.sql(given.engine.compile(step)).to_arrow_table().schema
        for column in answer:
            assert column.type == declared.get(column.name, pa.string()), f"{name}.{column.name}"
