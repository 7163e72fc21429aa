import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salur.foundation.vocabulary import region_code
from salur.foundation.vocabulary.region_code import Level
from support.tables import value

WRITTEN = {
    "63": "63",
    "63.71": "6371",
    "6371": "6371",
    "63.71.01": "637101",
    "63.71.01.1001": "6371011001",
    "6371011001": "6371011001",
    "00": "00",
    "0000": None,
    "00.01": None,
    "6": None,
    "637": None,
    "1101010": None,
    "11.01.010.001": None,
    "6.371": None,
    "63.": None,
    "63\n": None,
    "٦٣": None,
    "": None,
}
codes = st.sampled_from(
    ["00", "11", "19", "63", "69", "99", "6371", "6399", "637101", "637199", "6371011001", "6371019999"]
)


@pytest.mark.parametrize(("text", "code"), WRITTEN.items())
def test_a_code_is_read_with_and_without_dots(text: str, code: str | None) -> None:
    assert region_code.normalise(text) == code


def test_a_column_of_codes_is_read_the_same_way() -> None:
    column = ibis.memtable({"code": list(WRITTEN)}).code
    assert value(region_code.normalise_expr(column)) == list(WRITTEN.values())


def test_a_code_knows_its_level_and_its_path() -> None:
    assert region_code.path("6371011001") == ("00", "63", "6371", "637101", "6371011001")
    assert [region_code.level(c) for c in region_code.path("6371011001")] == list(Level)
    assert region_code.parent("00") is None
    assert [region_code.at_level("6371011001", wanted) for wanted in Level] == list(region_code.path("6371011001"))


@given(codes, codes)
def test_bounds_of_an_area_hold_exactly_what_lies_inside(code: str, area: str) -> None:
    lo, hi = region_code.area_bounds(area)
    assert (lo <= code < hi) == region_code.is_inside(code, area)


@pytest.mark.parametrize(
    ("code", "zone"),
    [("00", "WIB"), ("11", "WIB"), ("36", "WIB"), ("61", "WIB"), ("6201", "WIB"), ("51", "WITA"), ("5301", "WITA"),
     ("6371", "WITA"), ("64", "WITA"), ("65", "WITA"), ("71", "WITA"), ("76", "WITA"), ("81", "WIT"), ("91", "WIT"),
     ("9601", "WIT")],
)  # fmt: skip
def test_every_province_has_its_time(code: str, zone: str) -> None:
    assert region_code.zone_name(code) == zone
    assert value(region_code.zone_minutes_expr(ibis.literal(code))) == region_code.zone_minutes(code)


def test_a_code_is_printed_with_dots() -> None:
    assert [region_code.dotted(c) for c in ("63", "6371", "637101", "6371011001")] == [
        "63", "63.71", "63.71.01", "63.71.01.1001",
    ]  # fmt: skip
