"""A house whose cycles are measured, officers of three areas, and browsers that read its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from entrypoints.web.measured import measures
from support.house import House

KALSEL = ("6371011001", "6371011002", "6371021002", "6303031001")
KALTIM = ("6471011001", "6472031001")
PASSWORD = "sandi yang panjang"
ACCOUNTS = {"nasional": "00", "kalsel": "63", "banjarmasin": "6371", "aceh": "11"}

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def measured_house(shared_house: House) -> House:
    """SEMBAKO was measured in Kalsel and Kaltim, PKH in Kaltim only."""
    from salur.foundation.access.actions import officers
    from salur.monitoring.models import Measure

    for name, area in ACCOUNTS.items():
        officers.add(name, role="monitor", area=area, by="admin", password=PASSWORD)
    Measure.objects.bulk_create(
        [
            *measures(KALSEL + KALTIM, programme="SEMBAKO", period="2023-05"),
            *measures(KALTIM, programme="PKH", period="2023-T2", amount=450_000),
        ]
    )
    return shared_house


@pytest.fixture
def stranger(measured_house: House) -> Client:
    return Client(HTTP_HOST="127.0.0.1")


@pytest.fixture
def signed_in(measured_house: House) -> SignIn:
    """A browser in which this account has signed in."""

    def sign_in(name: str) -> Client:
        client = Client(HTTP_HOST="127.0.0.1")
        assert client.post("/masuk/", {"name": name}).status_code == 302, "in a demo home the name is enough"
        return client

    return sign_in


@pytest.fixture
def real_home(measured_house: House) -> Iterator[House]:
    """The same house when its data are not made up."""
    secrets = measured_house.home / "secrets.json"
    before = secrets.read_text()
    secrets.write_text(before.replace('"demo": "yes"', '"demo": "no"'))
    yield measured_house
    secrets.write_text(before)
