"""What is measured from the settlement alone, and when that is not enough."""

from __future__ import annotations

import pytest

from support.house import House

SUMS = {
    "credited_rupiah": 300,
    "collected_rupiah": 100,
    "returned_rupiah": 50,
    "excess_rupiah": 100,
    "open_rupiah": 150,
}
CASES = {
    "as entitled": (2, 150, 1, True),
    "a family is missing": (1, 150, 1, False),
    "a rupiah is missing": (2, 149, 1, False),
    "of two months": (2, 150, 2, False),
}


@pytest.mark.parametrize(("rows", "open_rupiah", "months", "tells"), CASES.values(), ids=CASES)
def test_a_settlement_tells_of_every_entitlement_when_rows_and_rupiah_agree(
    house: House, rows: int, open_rupiah: int, months: int, tells: bool
) -> None:
    from salur.cycles.models import PaymentPeriod
    from salur.foundation.lake.models import Dataset
    from salur.monitoring.measure import _tells_all

    settled = Dataset(rows=rows, sums=SUMS | {"open_rupiah": open_rupiah})
    entitled = Dataset(rows=2, sums={"amount_rupiah": 400})
    assert _tells_all(settled, [PaymentPeriod(entitled=entitled)] * months) is tells
