"""The rules once more, one family at a time in plain Python: slow, obvious, and sharing no step with the product."""

from __future__ import annotations

from collections import Counter
from datetime import date

from programmes.worlds import Family, Person
from salur.foundation.vocabulary.period import Period
from salur.programmes.rule import Rule


def age(born: date, on: date) -> int:
    had_birthday = (on.month, on.day) >= (born.month, born.day)
    return on.year - born.year - (0 if had_birthday else 1)


def counts(family: Family, rule: Rule, period: Period) -> dict[str, int]:
    """How many members have each component."""
    held = Counter(name for person in family.persons for name in components_of(person, rule, period.first_day))
    return {component.name: held[component.name] for component in rule.benefit.components}


def components_of(person: Person, rule: Rule, on: date) -> list[str]:
    if person.civil_status != "PADAN":
        return []
    has = {
        "HAMIL": bool(person.is_pregnant),
        "ANAK_USIA_DINI": age(person.birth_date, on) < 7 and person.school == "TIDAK",
        "SD": person.school == "SD",
        "SMP": person.school == "SMP",
        "SMA": person.school == "SMA",
        "DISABILITAS_BERAT": bool(person.is_severely_disabled),
        "LANSIA": age(person.birth_date, on) >= 60,
    }
    return [component.name for component in rule.benefit.components if has[component.name]]


def features(family: Family, rule: Rule, period: Period) -> dict[str, object]:
    on = period.first_day
    alive = [p for p in family.persons if p.civil_status != "MENINGGAL"]
    excluded = sorted(p.occupation for p in alive if p.occupation in rule.excluded_occupations)
    return {
        "recipient_id": family.recipient_id,
        "village_code": family.village_code,
        "decile": family.decile,
        "holder_status": family.holder_status,
        "living": len(alive),
        "adults": len([p for p in alive if age(p.birth_date, on) >= 17]),
        "excluded_occupation": excluded[0] if excluded else "",
        "components": sum(len(components_of(p, rule, on)) for p in family.persons),
    }


def verdict(family: Family, rule: Rule, period: Period) -> tuple[str, str]:
    """(verdict, reason) as the law is read aloud."""
    known = features(family, rule, period)
    if known["excluded_occupation"]:
        return "not_eligible", "PEKERJAAN"
    if family.decile is None:
        return "not_eligible", "DESIL_TIDAK_DIKETAHUI"
    assert rule.decile_from is not None and rule.decile_to is not None
    if family.decile < rule.decile_from or family.decile > rule.decile_to:
        return "not_eligible", "DESIL_DI_LUAR"
    if rule.programme == "PKH" and known["components"] == 0:
        return "not_eligible", "TANPA_KOMPONEN"
    for status in ("MENINGGAL", "TIDAK_PADAN", "GANDA", "PINDAH", "BELUM_CEK"):
        if family.holder_status == status:
            return "held", f"PENGURUS_{status}"
    if known["adults"] == 0 or family.holder_status == "":
        return "held", "TANPA_DEWASA"
    return "eligible", ""


def due(family: Family, rule: Rule, period: Period) -> tuple[dict[str, int], int]:
    """The named parts above zero, and their sum."""
    parts: dict[str, int] = {}
    if rule.benefit.index_rupiah:
        parts["INDEKS"] = rule.benefit.index_rupiah
    fixed = rule.benefit.fixed
    if fixed and period.number == 1:
        is_akses = any(family.village_code[: len(code)] == code for code in fixed.akses_regions)
        parts["TETAP"] = fixed.akses_rupiah if is_akses else fixed.regular_rupiah
    amounts = {component.name: component.annual_rupiah for component in rule.benefit.components}
    mine = [
        (-amounts[name], name, person.person_id)
        for person in family.persons
        for name in components_of(person, rule, period.first_day)
    ]
    for cap in rule.benefit.caps:
        if cap.in_force:
            capped = sorted(m for m in mine if m[1] == cap.component)[: cap.most]
            mine = [m for m in mine if m[1] != cap.component] + capped
    periods = 4 if period.kind == "stage" else 12
    for _amount, name, _person in sorted(mine)[: rule.benefit.components_max]:
        part = amounts[name] // periods
        if period.number == periods:
            part = amounts[name] - part * (periods - 1)
        parts[name] = parts.get(name, 0) + part
    return {name: rupiah for name, rupiah in parts.items() if rupiah}, sum(parts.values())
