import pyarrow.compute as pc
import pytest

from salur.foundation.regions import codes
from salur.foundation.vocabulary import region_code
from salur.foundation.vocabulary.region_code import Level


@pytest.mark.parametrize(
    ("level", "count"),
    [(Level.COUNTRY, 1), (Level.PROVINCE, 38), (Level.REGENCY, 514), (Level.DISTRICT, 7285), (Level.VILLAGE, 83762)],
)
def test_the_list_is_complete(level: Level, count: int) -> None:
    assert codes.known_codes(level).num_rows == count


def test_every_place_lies_in_a_place_of_the_level_above() -> None:
    regions = codes.table()
    assert regions.schema.equals(codes.REGIONS.arrow_schema())
    assert all(codes.exists(parent) for parent in regions["parent"].to_pylist() if parent)
    assert regions["parent"].null_count == 1
    assert all(region_code.normalise(code) == code for code in regions["code"].to_pylist())


def test_the_table_is_sorted_and_every_place_has_a_name() -> None:
    found = codes.table()["code"].to_pylist()
    assert found == sorted(set(found))
    names = codes.table()["name"]
    assert not pc.any(pc.match_substring_regex(names, r'["*]|^\s|\s$|^$')).as_py()


def test_a_place_has_a_name_and_a_path() -> None:
    assert codes.name("63") == "Kalimantan Selatan"
    assert codes.name("3513152017") == "Soka'an"
    assert codes.name("1207281007") == "Lubuk Pakam I,II"
    assert codes.path_names("6371")[0] == "Kalimantan Selatan"
    assert len(codes.path_names("6371011001")) == 4
    assert codes.path_names("00") == ("Indonesia",)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert not codes.exists("9999")
    assert codes.name("9999") == "9999"


def test_children_are_the_places_directly_inside() -> None:
    assert len(codes.children("00")) == 38
    assert len(codes.children("63")) == 13
    assert codes.children("6371011001") == ()
