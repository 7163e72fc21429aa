from __future__ import annotations

from datetime import date

import pytest

from programmes.worlds import rules
from salur.foundation.vocabulary.period import Period
from salur.programmes import catalogue
from salur.programmes.catalogue import NoRule, rule_for


@pytest.mark.parametrize(
    ("period", "rupiah"),
    [("2019-01", 110_000), ("2019-12", 110_000), ("2020-01", 150_000), ("2020-02", 150_000), ("2020-03", 200_000),
     ("2020-04", 200_000), ("2023-05", 200_000), ("2026-12", 200_000)],
)  # fmt: skip
def test_the_food_index_is_that_of_its_month(period: str, rupiah: int) -> None:
    assert rule_for(rules(), "SEMBAKO", Period.parse(period)).benefit.index_rupiah == rupiah


@pytest.mark.parametrize(
    ("programme", "period", "top"),
    [("SEMBAKO", "2023-05", 5), ("SEMBAKO", "2025-12", 5), ("SEMBAKO", "2026-01", 4), ("PKH", "2023-T2", 4)],
)
def test_the_decile_range_is_that_of_its_year(programme: str, period: str, top: int) -> None:
    rule = rule_for(rules(), programme, Period.parse(period))
    assert (rule.decile_from, rule.decile_to) == (1, top)


@pytest.mark.parametrize("programme", ["SEMBAKO", "PKH"])
def test_the_decile_range_is_unverified_before_2025(programme: str) -> None:
    for rule in rules():
        if rule.programme == programme:
            (condition,) = [c for c in rule.conditions if c.reason == "DESIL_DI_LUAR"]
            expected = "unverified" if rule.valid_from < date(2025, 1, 1) else "verified"
            assert condition.basis.confidence == expected, rule.version


def test_march_2020_is_marked_unverified_because_sources_disagree_on_the_first_month() -> None:
    rule = rule_for(rules(), "SEMBAKO", Period.parse("2020-03"))
    (index,) = [origin for origin in rule.provenance if origin.name == "index"]
    assert index.basis.confidence == "unverified"


def test_versions_follow_each_other_without_a_gap() -> None:
    for earlier, later in zip(rules(), rules()[1:], strict=False):
        if earlier.programme == later.programme:
            assert earlier.valid_to is not None
            assert (later.valid_from - earlier.valid_to).days == 1


def test_every_requirement_cites_an_article_and_every_number_a_source() -> None:
    for rule in rules():
        assert rule.article
        assert all(requirement.article for requirement in rule.conditions + rule.holds)
        assert all(origin.basis.source and origin.unit for origin in rule.provenance)


def test_caps_ship_out_of_force() -> None:
    caps = [cap for rule in rules() for cap in rule.benefit.caps]
    assert caps and not any(cap.in_force for cap in caps)


@pytest.mark.parametrize(("programme", "period"), [("SEMBAKO", "2018-12"), ("SEMBAKO", "2027-01"), ("PKH", "2018-T4"),
                                                   ("PKH", "2027-T1"), ("RASTRA", "2019-01")])  # fmt: skip
def test_a_period_or_programme_outside_the_catalogue_is_refused(programme: str, period: str) -> None:
    with pytest.raises(NoRule, match=r"Tidak ada aturan \(no rule\) untuk"):
        rule_for(rules(), programme, Period.parse(period))


def test_the_other_kind_of_period_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(NoRule, match="2023-T2"):
        rule_for(rules(), "PKH", Period.parse("2023-05"))
    with pytest.raises(NoRule, match="2023-05"):
        rule_for(rules(), "SEMBAKO", Period.parse("2023-T2"))


LINE = {"name": "index", "amount": 1, "unit": "u", "from": date(2023, 1, 1), "to": date(2023, 6, 30), "text": "t",
        "article": "", "source": "S", "confidence": "verified"}  # fmt: skip


def test_a_value_that_changes_inside_a_version_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"values.yaml index: changes between"):
        catalogue._in_force([LINE], date(2023, 1, 1), date(2023, 12, 31), "sembako/values.yaml")


def test_two_values_for_one_day_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"values.yaml index: two lines"):
        catalogue._in_force([LINE, LINE], date(2023, 1, 1), date(2023, 6, 30), "sembako/values.yaml")


def test_a_value_that_nobody_wrote_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"sembako/rules.yaml.values: no value decile_to"):
        catalogue._filled({"values": ["$decile_to"]}, {"index": LINE}, set(), "sembako/rules.yaml")
