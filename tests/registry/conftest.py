"""An empty register for each test."""

from pathlib import Path

import pytest

from registry.given import Register
from support.house import House


@pytest.fixture
def register(shared_house: House, tmp_path: Path) -> Register:
    """The tests of a module share a house; each finds its register empty."""
    made = Register(shared_house, tmp_path)
    made.empty()
    return made
