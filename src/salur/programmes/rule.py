"""One dated version of a programme's rule: who may receive, who is held, and what is due, by which article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self

from salur.foundation.vocabulary.legal import LegalReference
from salur.foundation.vocabulary.period import Period
from salur.programmes import record

STAGES_IN_YEAR = {"month": 12, "stage": 4}

NUMBER_FEATURES = ("decile", "living", "adults", "components")
TEXT_FEATURES = ("holder_status", "excluded_occupation")
COMPONENTS = ("HAMIL", "ANAK_USIA_DINI", "SD", "SMP", "SMA", "DISABILITAS_BERAT", "LANSIA")

Feature = Literal["decile", "living", "adults", "components", "holder_status", "excluded_occupation"]
Operator = Literal["is_known", "equals", "differs", "one_of", "at_least", "at_most", "between"]
_VALUES_TAKEN = {"is_known": 0, "equals": 1, "differs": 1, "at_least": 1, "at_most": 1, "between": 2}


@dataclass(frozen=True)
class Row:
    """One row of a requirement: feature, operator, and none, one, two or (one_of) many values."""

    feature: Feature
    operator: Operator
    values: tuple[int | str, ...] = ()

    def __post_init__(self) -> None:
        taken = _VALUES_TAKEN.get(self.operator, len(self.values))
        assert len(self.values) == taken, f"{self.feature} {self.operator}: takes {taken} values, not {self.values}"
        kind = int if self.feature in NUMBER_FEATURES else str
        assert all(type(value) is kind for value in self.values), f"{self.feature}: {self.values} are not {kind}"
        only_numbers = self.operator in ("at_least", "at_most", "between")
        assert kind is int or not only_numbers, f"{self.feature}: {self.operator} compares numbers only"


@dataclass(frozen=True)
class Requirement:
    """What must be true of a family; `reason` is its finding when it is not. An unknown feature meets no row."""

    reason: str
    match: Literal["all", "any"]
    rows: tuple[Row, ...]
    basis: LegalReference

    @property
    def article(self) -> str:
        return str(self.basis)


@dataclass(frozen=True)
class Ages:
    """Ages in whole years on the first day of the period; the last two only where components ask for them."""

    adult: int
    early_childhood_below: int | None = None
    elderly: int | None = None


@dataclass(frozen=True)
class Component:
    name: str
    annual_rupiah: int
    basis: LegalReference


@dataclass(frozen=True)
class FixedPart:
    """Once a year, in the first period: `akses_rupiah` where a code of `akses_regions` is a prefix, else regular."""

    regular_rupiah: int
    akses_rupiah: int
    akses_regions: tuple[str, ...]
    basis: LegalReference


@dataclass(frozen=True)
class Cap:
    """At most this many of one component count for a family; a cap out of force is kept for the record only."""

    component: str
    most: int
    in_force: bool
    basis: LegalReference


@dataclass(frozen=True)
class Benefit:
    """What is due for one period: the index, plus the fixed part, plus the period's share of the best components."""

    index_rupiah: int = 0
    fixed: FixedPart | None = None
    components: tuple[Component, ...] = ()
    components_max: int = 0
    caps: tuple[Cap, ...] = ()

    def __post_init__(self) -> None:
        names = [component.name for component in self.components]
        assert len(set(names)) == len(names), f"a component is listed twice: {names}"
        assert set(names) <= set(COMPONENTS), f"no condition decides who has: {set(names) - set(COMPONENTS)}"
        assert bool(self.components) == (self.components_max > 0), "components and components_max go together"
        assert all(c.annual_rupiah > 0 for c in self.components), "a component without an amount"

    @property
    def ranked(self) -> tuple[Component, ...]:
        """Highest amount first, then by name: the order in which places among the best are given."""
        return tuple(sorted(self.components, key=lambda component: (-component.annual_rupiah, component.name)))

    def cap_of(self, component: str) -> int | None:
        return next((cap.most for cap in self.caps if cap.in_force and cap.component == component), None)


@dataclass(frozen=True)
class Provenance:
    """Where one number of this rule comes from."""

    name: str
    unit: str
    basis: LegalReference


@dataclass(frozen=True)
class Rule:
    """One version of a programme's rule, in force from `valid_from` to `valid_to` (both days included)."""

    programme: str
    version: str
    valid_from: date
    valid_to: date | None
    period_kind: Literal["month", "stage"]
    conditions: tuple[Requirement, ...]
    holds: tuple[Requirement, ...]
    excluded_occupations: tuple[str, ...]
    ages: Ages
    benefit: Benefit
    hold_deadline_days: int
    legal: tuple[LegalReference, ...]
    provenance: tuple[Provenance, ...] = ()

    def __post_init__(self) -> None:
        assert self.legal, f"{self.programme} {self.version}: no legal reference"
        assert self.valid_to is None or self.valid_from <= self.valid_to, f"{self.programme} {self.version}: ends early"
        reasons = [requirement.reason for requirement in self.conditions + self.holds]
        assert len(set(reasons)) == len(reasons), f"{self.programme} {self.version}: one reason, two requirements"

    def asks(self, feature: Feature) -> bool:
        """Does a requirement look at this feature?"""
        return any(row.feature == feature for requirement in self.conditions + self.holds for row in requirement.rows)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], where: str = "rule") -> Self:
        """Read plain data; a mistake fails with `where` and the key."""
        try:
            return record.read(cls, dict(mapping), where)
        except AssertionError as mistake:
            if str(mistake).startswith(where):
                raise
            raise AssertionError(f"{where}: {mistake}") from mistake

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls.from_mapping(json.loads(text))

    def to_json(self) -> str:
        """Canonical: equal rules give equal text, whatever the order of keys they were read from."""
        return json.dumps(record.plain(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def stages_in_year(self) -> int:
        """Periods of this kind in a year, among which an annual amount is divided."""
        return STAGES_IN_YEAR[self.period_kind]

    @property
    def decile_from(self) -> int | None:
        return self._decile_range()[0]

    @property
    def decile_to(self) -> int | None:
        return self._decile_range()[1]

    @property
    def article(self) -> str:
        """What carries an admission: the first legal reference."""
        return str(self.legal[0])

    @property
    def confidence(self) -> Literal["verified", "unverified"]:
        """That of the weakest number or article in the rule."""
        return "verified" if all(basis.confidence == "verified" for basis in self._bases()) else "unverified"

    def covers(self, period: Period) -> bool:
        """True when the rule speaks of such periods and is in force on every day of this one."""
        ends = self.valid_to or date.max
        return self.period_kind == period.kind and self.valid_from <= period.first_day and period.last_day <= ends

    def share_rupiah(self, annual_rupiah: int, period: Period) -> int:
        """The period's part of an annual amount: whole rupiah, what division leaves falls in the last one."""
        part = annual_rupiah // self.stages_in_year
        is_last = period.number == self.stages_in_year
        return annual_rupiah - part * (self.stages_in_year - 1) if is_last else part

    def _decile_range(self) -> tuple[int | None, int | None]:
        for requirement in self.conditions:
            for row in requirement.rows:
                if row.feature == "decile" and row.operator == "between":
                    low, high = row.values
                    return int(low), int(high)
        return None, None

    def _bases(self) -> Iterable[LegalReference]:
        yield from self.legal
        yield from (requirement.basis for requirement in self.conditions + self.holds)
        yield from (origin.basis for origin in self.provenance)
