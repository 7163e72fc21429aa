"""Figures as they are shown."""

from __future__ import annotations

import pytest

from salur.entrypoints.web.sheet import Ratio

pytestmark = pytest.mark.usefixtures("the_street")  # titles are translated, so settings must be there


@pytest.mark.parametrize(
    "ratio", [Ratio("waktu"), Ratio("waktu", 0, 0), Ratio("waktu", 5, None), Ratio("waktu", None, 5)]
)
def test_without_a_denominator_there_is_no_data_and_no_bar(ratio: Ratio) -> None:
    assert (ratio.percent, ratio.share, ratio.width, ratio.step) == ("tidak ada data", "", "0", 0)


def test_nothing_out_of_something_is_zero_and_not_missing() -> None:
    ratio = Ratio("waktu", 0, 7)
    assert (ratio.percent, ratio.is_known, ratio.step) == ("0,0%", True, 1)


@pytest.mark.parametrize(
    ("numerator", "step"),
    [(499, 1), (500, 2), (699, 2), (700, 3), (849, 3), (850, 4), (949, 4), (950, 5), (1000, 5), (1100, 5)],
)
def test_the_ramp_steps_exactly_at_its_bounds(numerator: int, step: int) -> None:
    assert Ratio("tersalur", numerator, 1000).step == step


def test_rupiah_are_shortened_and_kept_in_full_beside_it() -> None:
    ratio = Ratio("jumlah_nilai", 8_410_000_000, 9_000_000_000)
    assert ratio.share == "Rp8,41 miliar masuk rekening dari Rp9 miliar hak"
    assert ratio.share_in_full == "Rp8.410.000.000 masuk rekening dari Rp9.000.000.000 hak"
    assert Ratio("waktu", 1, 2).share_in_full == ""


def test_a_bar_never_leaves_its_frame() -> None:
    assert Ratio("kuota_terisi", 12, 10).width == "100"
