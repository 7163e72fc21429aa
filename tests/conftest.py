"""Fixtures every test may use: a house of its own, on a real server that is started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from support.house import House, Street, street

# A shared machine pauses now and then; how long an example takes proves nothing.
settings.register_profile("salur", deadline=None)
settings.load_profile("salur")


SPARK = "tests/agreement/spark/"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """File by file, but everything on Spark on one worker: a session is started once in a whole run."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return SPARK if nodeid.startswith(SPARK) else super()._split_scope(nodeid)

    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def the_street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """One server with the template database, for all tests of this worker."""
    with street(Path(tmp_path_factory.mktemp("street"))) as made:
        yield made


@pytest.fixture
def house(the_street: Street) -> Iterator[House]:
    """An empty house with one officer for each role (named as the role) and the catalogue loaded."""
    made = the_street.build()
    yield made
    the_street.tear_down(made)


@pytest.fixture(scope="module")
def shared_house(the_street: Street) -> Iterator[House]:
    """A house that the tests of one module share; they do not disturb each other."""
    made = the_street.build()
    yield made
    the_street.tear_down(made)
