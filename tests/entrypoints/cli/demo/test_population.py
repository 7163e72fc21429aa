"""The synthetic register: repeatable, valid, and wrong exactly where it says so."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from salur.entrypoints.cli.demo.modes import MODES
from salur.entrypoints.cli.demo.population import generate
from salur.foundation.regions import codes
from salur.foundation.vocabulary.nik import problem

FILES = ("families.csv", "persons.csv", "accounts.csv", "quotas.csv", "channels.csv", "README.txt")
LENGTHS = {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16}
Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(folder / "in", families=20_000, seed="uji", truth=folder / "truth")
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    generate(folder / "in", families=3_000, seed="uji", failures=False, truth=folder / "truth")
    return folder


def keys(world: Path, mode: str, kind: str | None = None) -> set[str]:
    truth = read(world / "truth" / "truth.csv")
    return {row["key"] for row in truth if row["mode"] == mode and (kind is None or row["kind"] == kind)}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", "satu"), ("b", "satu"), ("c", "dua")):
        generate(tmp_path / name, families=700, seed=seed, truth=tmp_path / f"truth-{name}")
    for file in FILES:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    truths = [(tmp_path / f"truth-{name}" / "truth.csv").read_bytes() for name in "abc"]
    assert truths[0] == truths[1] != truths[2]
    assert (tmp_path / "a" / "persons.csv").read_bytes() != (tmp_path / "c" / "persons.csv").read_bytes()


def test_every_mode_is_present_several_times(world: Path) -> None:
    counts = Counter(row["mode"] for row in read(world / "truth" / "truth.csv"))
    assert {mode.name for mode in MODES} == set(counts)
    assert min(counts.values()) >= 4


def test_a_family_has_one_mode_at_most(world: Path) -> None:
    family_of = {row["nik"]: row["no_kk"] for row in reversed(read(world / "in" / "persons.csv"))}
    modes: dict[str, set[str]] = {}
    for row in read(world / "truth" / "truth.csv"):
        modes.setdefault(family_of.get(row["key"], row["key"]), set()).add(row["mode"])
    assert all(len(some) == 1 for some in modes.values())


def test_only_the_planted_niks_are_impossible_and_the_others_name_one_person(world: Path) -> None:
    persons = read(world / "in" / "persons.csv")
    wrong = {row["nik"] for row in persons if problem(row["nik"], date(2023, 5, 1)) is not None}
    assert wrong == keys(world, "NIK_MUSTAHIL", "import_rejected")
    repeated = {nik for nik, count in Counter(row["nik"] for row in persons).items() if count > 1}
    planted = set().union(
        *(keys(world, mode) for mode in ("NIK_DI_DUA_KELUARGA", "BARIS_BERBEDA_SATU_BERKAS", "BARIS_SAMA_ORANG"))
    )
    assert repeated == planted


def test_only_the_planted_dates_villages_and_pregnancies_are_wrong(world: Path) -> None:
    def is_wrong(text: str) -> bool:
        try:
            return date.fromisoformat(text) > date(2023, 5, 1)
        except ValueError:
            return True

    persons, families = read(world / "in" / "persons.csv"), read(world / "in" / "families.csv")
    villages = set(codes.table().column("code").to_pylist())
    assert {p["nik"] for p in persons if is_wrong(p["tanggal_lahir"])} == keys(
        world, "TANGGAL_SALAH", "import_rejected"
    )
    assert {f["no_kk"] for f in families if f["kode_desa"] not in villages} == keys(
        world, "DESA_TIDAK_DIKENAL", "import_rejected"
    )
    pregnant_men = {p["nik"] for p in persons if p["jenis_kelamin"] == "L" and p["hamil"] == "Y"}
    assert pregnant_men == keys(world, "HAMIL_L")


def test_nik_and_record_differ_only_where_planted(world: Path) -> None:
    born, sex = set(), set()
    for person in read(world / "in" / "persons.csv"):
        nik, day = person["nik"], person["tanggal_lahir"]
        if len(nik) != 16 or nik in keys_of_rejected(world):
            continue
        female = int(nik[6:8]) > 40
        if f"{int(nik[6:8]) - 40 * female:02d}{nik[8:12]}" != f"{day[8:10]}{day[5:7]}{day[2:4]}":
            born.add(nik)
        if female != (person["jenis_kelamin"] == "P"):
            sex.add(nik)
    assert born == keys(world, "NIK_BEDA_LAHIR")
    assert sex == keys(world, "NIK_BEDA_KELAMIN")


_rejected: dict[Path, set[str]] = {}


def keys_of_rejected(world: Path) -> set[str]:
    if world not in _rejected:
        _rejected[world] = {r["key"] for r in read(world / "truth" / "truth.csv") if r["kind"] == "import_rejected"}
    return _rejected[world]


def test_heads_and_accounts_are_odd_only_where_planted(world: Path) -> None:
    persons, accounts = read(world / "in" / "persons.csv"), read(world / "in" / "accounts.csv")
    distinct = {tuple(row.values()): row for row in persons}.values()
    heads = Counter(row["no_kk"] for row in distinct if row["hubungan"] == "KEPALA")
    families = {row["no_kk"] for row in persons}
    assert families - set(heads) == keys(world, "TANPA_KEPALA")
    assert {p["nik"] for p in persons if heads[p["no_kk"]] > 1} == keys(world, "DUA_KEPALA")
    name_of, family_of = ({row["nik"]: row[column] for row in persons} for column in ("nama", "no_kk"))
    assert {a["nik"] for a in accounts if name_of[a["nik"]] != a["nama_rekening"]} == keys(world, "REKENING_NAMA_BEDA")
    assert {a["nik"] for a in accounts if len(a["nomor_rekening"]) != LENGTHS[a["bank"]]} == keys(
        world, "REKENING_PANJANG"
    )
    holders = Counter(family_of[nik] for nik in {a["nik"] for a in accounts})
    assert {a["nik"] for a in accounts if holders[family_of[a["nik"]]] > 1} == keys(world, "DUA_REKENING")
    numbers = Counter(a["nomor_rekening"] for a in {tuple(a.values()): a for a in accounts}.values())
    assert max(numbers.values()) == 1


def test_a_sound_world_plants_nothing(sound: Path) -> None:
    persons, accounts = read(sound / "in" / "persons.csv"), read(sound / "in" / "accounts.csv")
    assert read(sound / "truth" / "truth.csv") == []
    assert len({p["nik"] for p in persons}) == len(persons)
    assert {p["status_dukcapil"] for p in persons} == {"PADAN"}
    assert {a["status"] for a in accounts} == {"AKTIF"}
    assert Counter(p["no_kk"] for p in persons if p["hubungan"] == "KEPALA").total() == 3_000
    assert not {p["pekerjaan"].upper() for p in persons} & {
        "PNS",
        "TNI",
        "POLRI",
        "PENSIUNAN",
        "BUMN",
        "BUMD",
        "PEJABAT",
    }


def test_bank_regencies_have_accounts_at_their_channel_and_post_regencies_none(sound: Path) -> None:
    channels = {row["kode_wilayah"]: row["kanal"] for row in read(sound / "in" / "channels.csv")}
    regency = {row["no_kk"]: row["kode_desa"][:4] for row in read(sound / "in" / "families.csv")}
    family_of = {row["nik"]: row["no_kk"] for row in read(sound / "in" / "persons.csv")}
    accounts = read(sound / "in" / "accounts.csv")
    assert all(channels[regency[family_of[a["nik"]]]] == a["bank"] for a in accounts)
    with_account = {family_of[a["nik"]] for a in accounts}
    assert {kk for kk, code in regency.items() if channels[code] != "POS"} == with_account


def test_one_family_is_enough(tmp_path: Path) -> None:
    assert generate(tmp_path / "in", families=1, truth=tmp_path / "truth").families == 1
    assert len(read(tmp_path / "in" / "families.csv")) == 1
