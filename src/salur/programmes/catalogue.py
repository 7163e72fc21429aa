"""The rules that Salur ships: one folder a programme under `catalogue/`, dated versions over dated values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

import yaml

from salur.foundation.vocabulary.errors import Refused
from salur.foundation.vocabulary.language import _
from salur.foundation.vocabulary.period import Period
from salur.programmes.rule import Rule

_LINE_KEYS = {"name", "amount", "unit", "from", "to", "text", "article", "source", "confidence"}
_BASIS_KEYS = ("text", "article", "source", "confidence")


class NoRule(Refused):
    """No version of the programme's rule is in force on every day of the period."""


def shipped() -> list[Rule]:
    """Every version of every programme, by programme and first day. A mistake in the files is an AssertionError."""
    folders = [folder for folder in (files("salur.programmes") / "catalogue").iterdir() if folder.is_dir()]
    rules = [rule for folder in folders for rule in _versions(folder)]
    rules.sort(key=lambda rule: (rule.programme, rule.valid_from))
    for earlier, later in pairwise(rules):
        overlap = earlier.programme == later.programme and (earlier.valid_to or date.max) >= later.valid_from
        assert not overlap, f"{earlier.programme}: versions {earlier.version} and {later.version} overlap"
    return rules


def rule_for(rules: Iterable[Rule], programme: str, period: Period) -> Rule:
    """The version in force on the whole period. Raises NoRule when there is none."""
    own = [rule for rule in rules if rule.programme == programme]
    found = [rule for rule in own if rule.covers(period)]
    assert len(found) <= 1, f"{programme} {period}: {len(found)} versions in force"
    if found:
        return found[0]
    words = {"programme": programme, "period": str(period)}
    if own and all(rule.period_kind != period.kind for rule in own):
        if period.kind == "month":
            raise NoRule(
                _(
                    "Tidak ada aturan (no rule) untuk %(programme)s %(period)s; program ini dihitung per tahap, "
                    "tulis seperti 2023-T2."
                )
                % words
            )
        raise NoRule(
            _(
                "Tidak ada aturan (no rule) untuk %(programme)s %(period)s; program ini dihitung per bulan, "
                "tulis seperti 2023-05."
            )
            % words
        )
    raise NoRule(
        _(
            "Tidak ada aturan (no rule) untuk %(programme)s %(period)s; pilih program dan periode yang tercakup "
            "katalog, atau tambahkan versi aturan yang berlaku sepanjang periode itu."
        )
        % words
    )


def _versions(folder: Traversable) -> list[Rule]:
    text = _yaml(folder / "rules.yaml")
    lines = _yaml(folder / "values.yaml")["values"]
    for line in lines:
        wrong = (set(line) | {"amount"}) ^ _LINE_KEYS
        assert not wrong, f"{folder.name}/values.yaml {line.get('name')}: missing or unknown keys {sorted(wrong)}"
    common = {key: value for key, value in text.items() if key not in ("versions", "name")}
    return [_merged(common, version, lines, folder.name) for version in text["versions"]]


def _merged(common: Mapping[str, Any], version: Mapping[str, Any], lines: Sequence[Any], folder: str) -> Rule:
    where = f"{folder}/rules.yaml {version['version']}"
    values = _in_force(lines, version["valid_from"], version["valid_to"], f"{folder}/values.yaml")
    benefit = {**common.get("benefit", {}), **version.get("benefit", {})}
    used: set[str] = set()
    merged = _filled({**common, **version, "benefit": benefit}, values, used, where)
    merged["provenance"] = [
        {"name": name, "unit": values[name]["unit"], "basis": _basis(values[name])} for name in sorted(used)
    ]
    return Rule.from_mapping(merged, where)


def _in_force(lines: Sequence[Any], first: date, last: date, where: str) -> dict[str, Any]:
    """The lines that hold from the first to the last day; a line that changes in between needs a version of its own."""
    found: dict[str, Any] = {}
    for line in lines:
        if line["from"] <= first and last <= line["to"]:
            assert line["name"] not in found, f"{where} {line['name']}: two lines on {first}"
            found[line["name"]] = line
        else:
            apart = last < line["from"] or line["to"] < first
            assert apart, f"{where} {line['name']}: changes between {first} and {last}"
    return found


def _filled(node: Any, values: Mapping[str, Any], used: set[str], where: str) -> Any:
    """Replace each "$name" by the dated value: its legal basis under the key `basis`, its amount elsewhere."""
    if isinstance(node, list):
        return [_filled(item, values, used, where) for item in node]
    if isinstance(node, dict):
        return {
            key: _basis(_named(item, values, used, where))
            if key == "basis" and isinstance(item, str)
            else _filled(item, values, used, f"{where}.{key}")
            for key, item in node.items()
        }
    if isinstance(node, str) and node.startswith("$"):
        line = _named(node, values, used, where)
        assert "amount" in line, f"{where}: {node} has no amount"
        return line["amount"]
    return node


def _named(reference: str, values: Mapping[str, Any], used: set[str], where: str) -> Mapping[str, Any]:
    name = reference.removeprefix("$")
    assert name in values, f"{where}: no value {name} in force for the whole version"
    used.add(name)
    line: Mapping[str, Any] = values[name]
    return line


def _basis(line: Mapping[str, Any]) -> dict[str, str]:
    return {key: line[key] for key in _BASIS_KEYS}


def _yaml(file: Traversable) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
