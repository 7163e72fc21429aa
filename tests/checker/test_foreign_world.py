"""The foreign world is as odd as it should be, and comparing tells each single fault."""

import ast
import sys
from pathlib import Path

import pytest

from .checker import expect, imports
from .compare import FOLD_FINDINGS, compare, compare_summary
from .faultless_export import export, instructions
from .foreign_results import results
from .foreign_world import CYCLES, make


@pytest.mark.parametrize(("programme", "period"), CYCLES)
def test_a_faultless_export_has_no_difference_and_each_single_fault_is_told(
    programme: str, period: str, tmp_path: Path
) -> None:
    world = make(tmp_path / "dunia")
    orders = instructions(expect(world, programme, period), tmp_path / "perintah")
    files = results(orders, tmp_path / "hasil", "7")
    expected = expect(world, programme, period, files)
    assert all(
        end.order.rupiah + end.excess == end.credited + end.returned + end.open and end.collected <= end.credited
        for end in expected.settlements.values()
    )
    assert min(expected.received.strangers.values()) > 0
    assert set().union(*(end.named for end in expected.settlements.values())) == FOLD_FINDINGS
    assert expected.settlements == expect(world, programme, period, [*files[::-1], files[0]]).settlements
    export(expected, tmp_path / "ekspor")
    assert compare(expected, tmp_path / "ekspor") == []
    for name, old, new in (
        ("entitlements", ",{},", ',"{""x"": 1}",'),
        ("settlement", "SI_SENT", "CREDITED"),
        ("enrolment", "waiting", "admitted"),
        ("instructions", f"{programme}-", "X-"),
        ("findings", "KREDIT_GANDA", "KURANG_BAYAR"),
        ("ledger", "collected,credited", "credited,credited"),
    ):
        path = tmp_path / "ekspor" / f"{name}.csv"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        assert compare(expected, tmp_path / "ekspor")
        path.write_text(text)
    summary = {"programme": programme, "period": period, "entitlements": len(expected.entitlements)}
    whole = summary | {"difference_rupiah": 0} | expected.counts() | expected.totals()
    assert compare_summary(expected, whole | {"exceptions": {"ID_TIDAK_DIKENAL": 1, "ID_SALAH_KETIK": 9}}) == []
    assert len(compare_summary(expected, whole)) == 2


def test_the_foreign_world_shows_every_import_decision_reason_and_cause(tmp_path: Path) -> None:
    world = make(tmp_path / "dunia")
    register, calls = imports(world)
    assert {name for counts in calls for each in counts.values() for name in each} == {
        "accepted",
        "rejected",
        "unchanged",
        "to_review",
    }
    assert {row.reason for row in register.open_rows} == {
        "BARIS_BERBEDA_SATU_BERKAS",
        "DUA_KEPALA",
        "DUA_REKENING",
        "HAMIL_L",
        "KELAMIN_ATAU_LAHIR_BERUBAH",
        "KELUARGA_BELUM_ADA",
        "NIK_DI_DUA_KELUARGA",
        "ORANG_BELUM_ADA",
    }
    both = [expect(world, programme, period, register=register) for programme, period in CYCLES]
    outcomes = {outcome.reason for each in both for outcome in each.outcomes.values()}
    assert len(outcomes) == 13  # all reasons of enrolment but the one for a hold past its deadline
    unsent = {end.order.reason for each in both for end in each.settlements.values()} - {""}
    assert unsent >= {"TANPA_KANAL", "TANPA_REKENING", "BANK_LAIN", "REKENING_PASIF", "REKENING_TUTUP"}


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make(tmp_path / name, families=90)
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_nothing_here_is_imported_from_salur_or_any_library() -> None:
    for path in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names.append(node.module or "")
            assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"pytest"}, path.name
