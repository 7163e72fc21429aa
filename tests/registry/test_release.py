"""A release stands on a decree."""

from __future__ import annotations

from registry.given import Register, family, person


def test_a_release_without_the_number_of_its_decree_is_refused(register: Register) -> None:
    register.take(families=[family(1)], persons=[person(1, 1)])
    sealing = ("registry", "release", "--as-of", "2023-05-31", "--as", "registrar", "--decree")
    assert "--decree" in register.house.refused(*sealing, " ")
    register.house.ok(*sealing, "SK 1")
