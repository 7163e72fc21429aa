"""A ceiling stands on a decree."""

from __future__ import annotations

from support.house import House


def test_a_ceiling_without_the_number_of_its_decree_is_refused(house: House) -> None:
    setting = ("budget", "ceiling", "SEMBAKO", "2023", "1000", "--as", "planner", "--decree")
    assert "--decree" in house.refused(*setting, " ")
    house.ok(*setting, "DIPA 1")
