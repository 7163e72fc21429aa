"""The checker itself on examples small enough to follow by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from .delivery import Order, check_digits, instruction_id, is_mistyped
from .enrolment import determine, places
from .faultless_export import write
from .reading import age_on, as_date, as_moment, read
from .register import Cells, Household, Register, recipient_id
from .rules import Month, pkh_stage, sembako_month
from .settlement import KINDS, Line, fold

KEY = bytes(range(32))
VILLAGE = "6371011001"


def person(number: int = 1, **cells: str) -> Cells:
    """A PADAN head, born 1980, unless said otherwise."""
    return {
        "nik": f"637101010180{number:04d}",
        "no_kk": "6371010101150001",
        "nama": f"CONTOH {number}",
        "tanggal_lahir": "1980-01-01",
        "jenis_kelamin": "L",
        "hubungan": "KEPALA",
        "status_dukcapil": "PADAN",
    } | cells


def home(recipient: int, decile: int | None = 1, village: str = VILLAGE, *members: Cells) -> Household:
    people = members or (person(),)
    return Household(recipient, village, decile, people, people[0], None, frozenset(), frozenset())


def five_components() -> list[Cells]:
    """Pregnant, a child of three, one pupil in each school."""
    child = {"hubungan": "ANAK", "tanggal_lahir": "2015-06-01"}
    return [
        person(1, hamil="Y", jenis_kelamin="P"),
        person(2, hubungan="ANAK", tanggal_lahir="2023-02-01"),
        *(person(3, **child, status_sekolah=school) for school in ("SD", "SMP", "SMA")),
    ]


def test_the_2026_family_gets_2_375_000_a_stage_and_loses_the_lowest_component() -> None:
    assert [pkh_stage(five_components(), Month(f"2026-T{stage}")) for stage in (1, 2, 3, 4)] == [2_375_000] * 4


def test_the_same_family_in_2019_gets_8_850_000_a_year_with_the_fixed_part_once() -> None:
    young = five_components()
    young[1]["tanggal_lahir"] = "2016-02-01"
    stages = [pkh_stage(young, Month(f"2019-T{stage}")) for stage in (1, 2, 3, 4)]
    assert stages == [2_625_000, 2_075_000, 2_075_000, 2_075_000]
    assert sum(stages) == 8_850_000


def test_a_disabled_pupil_counts_twice_and_somebody_not_padan_never() -> None:
    pupil = person(tanggal_lahir="2010-01-01", status_sekolah="SD", disabilitas_berat="Y")
    assert pkh_stage([pupil], Month("2023-T2")) == 225_000 + 600_000
    assert pkh_stage([pupil | {"status_dukcapil": "GANDA"}], Month("2023-T2")) == 0


@pytest.mark.parametrize(
    ("born", "rupiah"),
    [("2016-04-01", 0), ("2016-04-02", 750_000), ("1963-04-01", 600_000), ("1963-04-02", 0), ("2023-04-01", 750_000)],
)
def test_a_birthday_on_the_first_day_of_the_stage_counts_as_reached(born: str, rupiah: int) -> None:
    assert pkh_stage([person(tanggal_lahir=born)], Month("2023-T2")) == rupiah


def test_sembako_is_200_000_a_month_in_2023() -> None:
    assert sembako_month(Month("2023-05")) == 200_000


def test_a_region_keeps_what_the_quota_rows_below_it_leave() -> None:
    quotas = {"00": 100, "63": 60, "6371": 20, "6371011001": 5, "62": 0}
    assert places(quotas) == {"00": 40, "63": 40, "6371": 15, "6371011001": 5, "62": 0}


def test_the_most_detailed_quota_row_decides_where_a_family_queues() -> None:
    homes = [home(1), home(2, 1, "6371011002"), home(3, 1, "6201011011")]
    outcomes = determine(homes, "SEMBAKO", Month("2023-05"), {"63": 1, "6371011001": 0}, "s")
    assert [outcomes[number].outcome for number in (1, 2, 3)] == ["waiting", "admitted", "not_admitted"]
    assert outcomes[3].reason == "TANPA_KUOTA"


def test_the_lower_decile_comes_first_and_a_tie_is_drawn() -> None:
    outcomes = determine([home(1, 3), home(2, 2), home(3, 3)], "SEMBAKO", Month("2023-05"), {"00": 2}, "rahasia")
    assert outcomes[2].rank == 1
    # sha256 of "rahasia:1" begins with 6055, that of "rahasia:3" with 172c.
    assert (outcomes[3].outcome, outcomes[1].outcome) == ("admitted", "waiting")


def test_a_held_family_keeps_its_place_and_is_waiting_below_the_line() -> None:
    dead = person(status_dukcapil="MENINGGAL")
    homes = [home(1, 1, VILLAGE, dead, person(2, hubungan="PASANGAN")), home(2, 2)]
    first = determine(homes, "SEMBAKO", Month("2023-05"), {"63": 1}, "s")
    assert (first[1].outcome, first[1].reason, first[2].outcome) == ("held", "PENGURUS_MENINGGAL", "waiting")
    none = determine(homes, "SEMBAKO", Month("2023-05"), {"63": 0}, "s")
    assert (none[1].outcome, none[1].reason) == ("waiting", "DI_BAWAH_GARIS_KUOTA")


def test_an_excluded_occupation_speaks_before_an_unknown_decile_and_only_for_the_living() -> None:
    soldier = person(2, pekerjaan="tni")
    month = Month("2023-05")
    serving = determine([home(1, None, VILLAGE, person(), soldier)], "SEMBAKO", month, {"00": 1}, "s")
    assert serving[1].reason == "PEKERJAAN"
    gone = soldier | {"status_dukcapil": "MENINGGAL"}
    unknown = determine([home(1, None, VILLAGE, person(), gone)], "SEMBAKO", month, {"00": 1}, "s")
    assert unknown[1].reason == "DESIL_TIDAK_DIKETAHUI"


def test_seventeen_on_the_first_day_is_grown_up() -> None:
    for born, outcome in (("2006-05-01", "admitted"), ("2006-05-02", "held")):
        homes = [home(1, 1, VILLAGE, person(tanggal_lahir=born))]
        assert determine(homes, "SEMBAKO", Month("2023-05"), {"00": 1}, "s")[1].outcome == outcome


ORDER = Order("X", 1, "BRI", "6371", 200, "")
# story as (kind, rupiah) in order of time; credited, collected, returned, excess, open; causes that must be named
FOLDS = [
    ([], (0, 0, 0, 0, 200), set()),
    ([("KREDIT", 200)], (200, 0, 0, 0, 0), set()),
    ([("KREDIT", 200), ("AMBIL", 150)], (200, 150, 0, 0, 0), set()),
    ([("KREDIT", 150)], (150, 0, 0, 0, 50), {"KURANG_BAYAR"}),
    ([("KREDIT", 200), ("KREDIT", 200)], (400, 0, 0, 200, 0), {"KREDIT_GANDA"}),
    ([("KREDIT", 230)], (230, 0, 0, 30, 0), {"LEBIH_BAYAR"}),
    ([("GAGAL", 200)], (0, 0, 0, 0, 200), set()),
    ([("KREDIT", 200), ("GAGAL", 0)], (200, 0, 0, 0, 0), {"GAGAL_SETELAH_KREDIT"}),
    ([("AMBIL", 200)], (200, 200, 0, 0, 0), {"KREDIT_TIDAK_ADA"}),
    ([("AMBIL", 200), ("KREDIT", 200)], (200, 200, 0, 0, 0), set()),
    ([("KREDIT", 150), ("AMBIL", 200)], (150, 150, 0, 0, 50), {"AMBIL_MELEBIHI_KREDIT", "KURANG_BAYAR"}),
    ([("KREDIT", 200), ("TARIK", 80)], (120, 0, 0, 0, 80), set()),
    ([("KREDIT", 200), ("TARIK", 250)], (0, 0, 0, 0, 200), {"TARIK_MELEBIHI_KREDIT"}),
    ([("KREDIT", 200), ("TARIK", 200), ("KEMBALI", 200)], (0, 0, 200, 0, 0), set()),
    ([("KREDIT", 150), ("KEMBALI", 80)], (150, 0, 50, 0, 0), {"KEMBALI_MELEBIHI_SISA"}),
    ([("KREDIT", 200), ("AMBIL", 200), ("TARIK", 50)], (150, 150, 0, 0, 50), {"TARIK_SETELAH_AMBIL"}),
    ([("KEMBALI", 200), ("KREDIT", 200)], (200, 0, 200, 200, 0), {"LEBIH_BAYAR"}),
]


@pytest.mark.parametrize(("story", "money", "named"), FOLDS)
def test_each_line_moves_what_the_rule_says(
    story: list[tuple[str, int]], money: tuple[int, ...], named: set[str]
) -> None:
    lines = [Line(hour, KINDS.index(kind), "B", rupiah) for hour, (kind, rupiah) in enumerate(story)]
    end = fold(ORDER, lines[::-1])  # order of arrival is nothing
    assert (end.credited, end.collected, end.returned, end.excess, end.open) == money
    assert end.named == named
    assert ORDER.rupiah + end.excess == end.credited + end.returned + end.open


def test_at_the_same_moment_a_failure_comes_before_the_credit_and_the_credit_before_collection() -> None:
    lines = [Line(5, KINDS.index(kind), "B", 200) for kind in ("AMBIL", "KREDIT", "GAGAL")]
    assert fold(ORDER, lines).named == set()


def test_for_the_post_a_collection_alone_is_complete() -> None:
    end = fold(replace(ORDER, channel="POS"), [Line(1, KINDS.index("AMBIL"), "B", 200)])
    assert (end.credited, end.collected, end.named) == (200, 200, set())


def test_check_digits_follow_iso_7064() -> None:
    # 98 - (794 * 100) mod 97 = 98 - 54 = 44: the standard's own example ends in 44
    assert check_digits("794") == "44"
    identity = instruction_id("SEMBAKO-2023-05", 42, 1)
    assert identity[:-2] == "SEMBAKO-2023-05-0000000000000000042-1-"
    assert not is_mistyped(identity)
    assert is_mistyped(identity.replace("42-1", "43-1"))


def test_reading_takes_any_delimiter_order_and_mark_but_no_ragged_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('\ufeff Kode_Desa ;catatan;NO_KK\r\n 63.71.01.1001 ;"a\r\nb";1\r\n\r\nx;y\r\n'.encode())
    sheet = read(path)
    assert sheet.kind == "families"
    assert sheet.rows == ({"kode_desa": "63.71.01.1001", "catatan": "a\r\nb", "no_kk": "1"}, None)


def test_dates_and_moments() -> None:
    assert as_date("09-05-2023") == as_date("2023-05-09") == date(2023, 5, 9)
    assert as_date("31-02-2023") is None
    assert as_moment("1970-01-01T08:00:00", 480) == as_moment("1970-01-01T00:00:00+00:00", 480) == 0
    assert age_on(date(2016, 2, 29), date(2023, 2, 28)) == 6


def test_one_nik_in_two_families_stops_both(tmp_path: Path) -> None:
    cards = ("6371010101150001", "6371010101150002", "6371010101150003")
    register = Register(KEY, {VILLAGE}, date(2026, 1, 1))
    families = write(tmp_path / "k.csv", ({"no_kk": card, "kode_desa": VILLAGE} for card in cards))
    people = [person(number, no_kk=cards[card]) for number, card in ((1, 0), (1, 1), (2, 1), (3, 2))]
    counts = register.take([write(tmp_path / "o.csv", people), families])
    assert counts["o.csv"] == {"to_review": 2, "accepted": 2}
    assert [each.recipient for each in register.release(date(2023, 5, 1))] == [recipient_id(KEY, cards[2])]


def test_a_new_card_keeps_the_recipient_and_a_changed_sex_stops_the_family(tmp_path: Path) -> None:
    old, new = "6371010101150001", "6371010101220001"
    register = Register(KEY, {VILLAGE}, date(2026, 1, 1))
    family = write(tmp_path / "k.csv", [{"no_kk": old, "kode_desa": VILLAGE}])
    register.take([family, write(tmp_path / "o.csv", [person(no_kk=old)])])
    later = [{"no_kk": new, "kode_desa": VILLAGE, "no_kk_lama": old}]
    counts = register.take([write(tmp_path / "k2.csv", later), write(tmp_path / "o2.csv", [person(no_kk=new)])])
    assert counts["o2.csv"] == {"accepted": 1}
    assert [each.recipient for each in register.release(date(2023, 5, 1))] == [recipient_id(KEY, old)]
    register.take([write(tmp_path / "o3.csv", [person(no_kk=new, jenis_kelamin="P")])])
    assert register.release(date(2023, 5, 1)) == []
