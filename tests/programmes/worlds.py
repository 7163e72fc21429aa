"""Families and persons as plain Python records, as tables of an engine, and small random worlds biased to the edge."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from salur.foundation.vocabulary.legal import LegalReference
from salur.foundation.vocabulary.period import Period
from salur.programmes.catalogue import shipped
from salur.programmes.rule import Benefit, Cap, Component, FixedPart, Rule
from salur.registry.tables import FAMILIES, PERSONS

VILLAGE = "6371011001"


@dataclass(frozen=True)
class Person:
    person_id: int
    birth_date: date = date(1990, 1, 1)
    sex: str = "P"
    relation: str = "LAIN"
    civil_status: str = "PADAN"
    school: str = "TIDAK"
    is_pregnant: bool | None = False
    is_severely_disabled: bool | None = False
    occupation: str = ""


@dataclass(frozen=True)
class Family:
    recipient_id: int
    persons: tuple[Person, ...] = ()
    village_code: str = VILLAGE
    decile: int | None = 2
    holder_status: str = "PADAN"


@dataclass(frozen=True)
class Tables:
    families: ir.Table
    persons: ir.Table
    admitted: ir.Table
    engine: Any = field(repr=False)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.engine.to_pyarrow(expression).to_pylist()
        return rows


def tables(world: Sequence[Family]) -> Tables:
    """The world on an engine of its own; everybody is in `admitted`."""
    engine = ibis.duckdb.connect()
    given = {name: _given(engine, name, rows) for name, rows in arrow_tables(world).items()}
    return Tables(**given, engine=engine)


def arrow_tables(world: Sequence[Family]) -> dict[str, pa.Table]:
    """The world as families, persons and admitted."""
    families = [
        {"recipient_id": f.recipient_id, "village_code": f.village_code, "decile": f.decile,
         "holder_id": f.persons[0].person_id if f.persons and f.holder_status else None,
         "holder_status": f.holder_status}
        for f in world
    ]  # fmt: skip
    persons = [
        {"recipient_id": f.recipient_id} | {column.name: getattr(p, column.name) for column in fields(p)}
        for f in world
        for p in f.persons
    ]
    # An unknown pregnancy never leaves the registry, but a step must not stumble over one.
    loose = pa.schema([column.with_nullable(True) for column in PERSONS.arrow_schema()])
    families_table = pa.Table.from_pylist(families, schema=FAMILIES.arrow_schema())
    return {
        "families": families_table,
        "persons": pa.Table.from_pylist(persons, schema=loose),
        "admitted": families_table.select(["recipient_id", "village_code"]),
    }


def _given(engine: Any, name: str, rows: pa.Table) -> ir.Table:
    engine.con.register(name, rows)
    return engine.table(name)


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(shipped())


BASIS = LegalReference(text="aturan buatan", article="uji", source="uji", confidence="unverified")


def strange_rule(rule: Rule) -> Rule:
    """A rule that nobody shipped: amounts beyond 32 bits with remainders, ties, five places, caps, listed regions."""
    amounts = {"HAMIL": 9_000_000_007, "ANAK_USIA_DINI": 9_000_000_007, "SD": 4_294_967_299, "SMP": 7, "SMA": 5,
               "DISABILITAS_BERAT": 4_294_967_299, "LANSIA": 3}  # fmt: skip
    benefit = Benefit(
        index_rupiah=3_000_000_001,
        fixed=FixedPart(2_500_000_003, 2_500_000_009, ("64", "6371"), BASIS),
        components=tuple(Component(name, amount, BASIS) for name, amount in amounts.items()),
        components_max=5,
        caps=(Cap("ANAK_USIA_DINI", 2, True, BASIS), Cap("SD", 1, True, BASIS), Cap("HAMIL", 1, False, BASIS)),
    )
    return replace(rule, benefit=benefit)


def random_world(seed: int, rule: Rule, period: Period, families: int = 250) -> list[Family]:
    """Birthdays fall on and beside the ages that count, deciles on the ends of the range, one family has fourteen."""
    chance = random.Random(seed)
    world = [
        _random_family(chance, number + 1, rule, period, chance.choice((0, 1, 1, 2, 3, 4, 5, 6, 8)))
        for number in range(families)
    ]
    all_unknown = seed % 5 == 0
    if all_unknown:
        world = [replace(family, decile=None) for family in world]
    return [*world, _random_family(chance, 2**62 + seed, rule, period, 14)]


def _random_family(chance: random.Random, recipient: int, rule: Rule, period: Period, size: int) -> Family:
    low, high = rule.decile_from or 1, rule.decile_to or 10
    return Family(
        recipient_id=recipient,
        persons=tuple(_random_person(chance, recipient * 20 + n if recipient < 2**58 else n + 1, rule, period)
                      for n in range(size)),
        village_code=chance.choice((VILLAGE, "6372011001", "6401011001", "1101012001")),
        decile=chance.choice((None, low - 1, low, low, high, high, high + 1, 1, 10)),
        holder_status=chance.choice(
            ("PADAN",) * 6 + ("", "MENINGGAL", "TIDAK_PADAN", "GANDA", "PINDAH", "BELUM_CEK")
        ),
    )  # fmt: skip


def _random_person(chance: random.Random, person: int, rule: Rule, period: Period) -> Person:
    years = chance.choice((rule.ages.adult, rule.ages.elderly or 60, rule.ages.early_childhood_below or 7))
    edge = period.first_day.replace(year=period.first_day.year - years) + timedelta(days=chance.choice((-1, 0, 1)))
    born = chance.choice((edge, edge, date(1988, 2, 29), date(2015, 7, 7), period.last_day))
    return Person(
        person_id=person,
        birth_date=born,
        civil_status=chance.choice(("PADAN",) * 5 + ("MENINGGAL", "TIDAK_PADAN", "BELUM_CEK", "GANDA", "PINDAH")),
        school=chance.choice(("TIDAK", "TIDAK", "SD", "SMP", "SMA")),
        is_pregnant=chance.choice((True, False, False, None)),
        is_severely_disabled=chance.choice((True, False, False, None)),
        occupation=chance.choice(("",) * 25 + ("PETANI", "PNS", "BUMN", "SDM_KESOS")),
    )
