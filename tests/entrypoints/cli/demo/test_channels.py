"""The answering channels: the truth they write equals a slow fold over the lines that they handed in."""

import csv
import json
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

import pytest

from salur.entrypoints.cli.demo.answers import ANSWERS
from salur.entrypoints.cli.demo.channels import answer
from salur.foundation.vocabulary.instruction_id import instruction_id, parse

Rows = list[dict[str, str]]
CYCLE = "PKH-2023-T2"
ORDER = ("GAGAL", "KREDIT", "AMBIL", "TARIK", "KEMBALI")
COLUMNS = ("id_instruksi", "program", "periode", "kode_wilayah", "kanal", "nik", "nama", "nomor_rekening", "jumlah")
SUMS = ("credited_rupiah", "collected_rupiah", "returned_rupiah", "excess_rupiah", "open_rupiah")


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instruct(folder: Path, count: int = 6_000) -> dict[str, tuple[str, int]]:
    """Instruction files of four regencies; answers id → (channel, rupiah)."""
    regencies = (("6201", "BRI"), ("6301", "BNI"), ("6401", "BRI"), ("6502", "POS"))
    given: dict[str, tuple[str, int]] = {}
    folder.mkdir(parents=True)
    for place, (regency, channel) in enumerate(regencies):
        with (folder / f"{channel}-{regency}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                [
                    "id_instruksi",
                    "program",
                    "periode",
                    "kode_wilayah",
                    "kanal",
                    "nik",
                    "nama",
                    "nomor_rekening",
                    "jumlah",
                ]
            )
            for number in range(place, count, len(regencies)):
                name, rupiah = instruction_id(CYCLE, number * 7_919 + 1, 1), 225_001 + 1_000 * (number % 700)
                given[name] = (channel, rupiah)
                writer.writerow([name, "PKH", "2023-T2", regency, channel, "", "ORANG, CONTOH", "", rupiah])
    return given


class World:
    def __init__(self, folder: Path, *, failures: bool) -> None:
        self.folder = folder
        self.given = instruct(folder / "instructions")
        self.files = [
            answer(
                folder / "instructions", folder / str(r), seed="uji", truth=folder / "truth", round=r, failures=failures
            )
            for r in (1, 2)
        ]
        self.truth = read(folder / "truth" / "truth.csv")

    def lines(self) -> list[tuple[str, dict[str, str]]]:
        return [(c, row) for files in self.files for c, paths in files.items() for path in paths for row in read(path)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("failing"), failures=True)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("sound"), failures=False)


def fold(lines: Rows, instructed: int) -> dict[str, int]:
    """The settlement of one instruction, worked out slowly."""
    by_key = defaultdict(set)
    for line in lines:
        by_key[line["hasil"], line["bukti"]].add((line["waktu"], line["jumlah"], line["kode_alasan"]))
    kept = [(t, ORDER.index(h), b, h, int(j)) for (h, b), some in by_key.items() if len(some) == 1 for t, j, _ in some]
    k = a = t = r = 0
    credit_seen = False
    for _, _, _, result, x in sorted(kept):
        if result == "KREDIT":
            k, credit_seen = k + x, True
        elif result == "AMBIL":
            a = max(a, min(a + x, k)) if credit_seen else a + x
        elif result == "TARIK":
            t = min(t + x, max(k, a))
        elif result == "KEMBALI":
            r = max(r, min(r + x, instructed - (max(k, a) - t)))
    credited = max(k, a) - t
    excess = max(0, credited + r - instructed)
    return dict(zip(SUMS, (credited, min(a, credited), r, excess, instructed + excess - credited - r)))


def settle(world: World) -> dict[str, dict[str, int]]:
    of_id: dict[str, Rows] = defaultdict(list)
    for channel, line in world.lines():
        if world.given.get(line["id_instruksi"], ("",))[0] == channel:
            of_id[line["id_instruksi"]].append(line)
    return {name: fold(of_id[name], rupiah) for name, (_, rupiah) in world.given.items()}


def test_the_truth_equals_a_slow_fold_over_both_rounds(world: World) -> None:
    settled = settle(world)
    stated = {row["key"]: row for row in world.truth if row["credited_rupiah"]}
    assert len(stated) > 500
    for name, row in stated.items():
        assert {column: int(row[column]) for column in SUMS} == settled[name], row["mode"]


def test_whoever_the_truth_does_not_name_is_credited_in_full(world: World) -> None:
    named = {row["key"] for row in world.truth}
    for name, sums in settle(world).items():
        if name not in named:
            assert (sums["credited_rupiah"], sums["open_rupiah"]) == (world.given[name][1], 0)


def test_every_way_to_go_wrong_is_present_and_three_of_them_twenty_times(world: World) -> None:
    modes = Counter(row["mode"] for row in world.truth)
    assert {a.name for a in ANSWERS} | {"ID_TIDAK_DIKENAL"} == set(modes)
    codes = Counter(row["expected_code"] for row in world.truth)
    assert min(codes[code] for code in ("KREDIT_GANDA", "KURANG_BAYAR", "KONTRADIKSI")) >= 20


def test_strange_ids_are_well_formed_mistyped_ones_are_not_and_other_channels_speak(world: World) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in world.truth:
        wanted[row["expected_code"]].add(row["key"])
    strange = {line["id_instruksi"] for _, line in world.lines() if line["id_instruksi"] not in world.given}
    assert {name for name in strange if parse(name) is not None} == wanted["ID_TIDAK_DIKENAL"]
    assert {name for name in strange if parse(name) is None} == wanted["ID_SALAH_KETIK"]
    elsewhere = {
        n for c, line in world.lines() if (n := line["id_instruksi"]) in world.given and world.given[n][0] != c
    }
    assert elsewhere == wanted["KANAL_LAIN"]


def test_the_first_round_answers_most_but_not_all(world: World) -> None:
    first = {row["id_instruksi"] for paths in world.files[0].values() for path in paths for row in read(path)}
    assert 0.90 < len(first & set(world.given)) / len(world.given) < 0.97


def test_manifests_agree_with_their_files(world: World) -> None:
    for files in world.files:
        for path in (path for paths in files.values() for path in paths):
            rows, manifest = read(path), json.loads(path.with_suffix(".manifest.json").read_text())
            assert manifest["rows"] == len(rows)
            assert manifest["rupiah"] == sum(int(row["jumlah"]) for row in rows)
            assert manifest["sha256"] == sha256(path.read_bytes()).hexdigest()


def test_one_file_of_the_first_round_comes_again_in_the_second(world: World) -> None:
    first, second = ({p.read_bytes() for paths in files.values() for p in paths} for files in world.files)
    assert len(first & second) == 1


def test_the_same_seed_gives_the_same_answers(world: World, tmp_path: Path) -> None:
    again = World(tmp_path, failures=True)
    for before, after in zip(world.files, again.files):
        assert {c: [p.read_bytes() for p in paths] for c, paths in before.items()} == {
            c: [p.read_bytes() for p in paths] for c, paths in after.items()
        }
    assert again.truth == world.truth


def test_a_sound_world_is_credited_in_full_and_collected_in_part(sound: World) -> None:
    assert sound.truth == []
    settled = settle(sound)
    assert all(sums["credited_rupiah"] == sound.given[name][1] for name, sums in settled.items())
    assert {line["hasil"] for _, line in sound.lines()} == {"KREDIT", "AMBIL"}
    collected = sum(1 for sums in settled.values() if sums["collected_rupiah"])
    assert 0 < collected < len(settled)
