"""An empty register for each test."""

from pathlib import Path

import pytest
from registry.given import Register
from support.house import House

PEOPLE = ("family", "card", "person", "account", "person_past", "family_past", "review", "finding")


@pytest.fixture
def register(shared_house: House, tmp_path: Path) -> Register:
    """The tests of a module share a house; families, persons and all that speaks of them are taken out before each."""
    with shared_house.owner() as owner:
        owner.execute("truncate " + ", ".join(f"registry_{table}" for table in PEOPLE))
    return Register(shared_house, tmp_path)
