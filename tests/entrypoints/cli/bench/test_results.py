"""How the channels answer: the mix of lines, the same from the same seed, and what comes later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salur.foundation.vocabulary.span import Span
from support.house import House

COUNT = 40_000


@pytest.fixture(scope="module")
def instructed(shared_house: House) -> Iterator[Any]:
    """Sealed instructions of two provinces, in one every channel a bank, in the other the post."""
    from salur.delivery.tables import INSTRUCTIONS
    from salur.foundation.engine.session import local_engine
    from salur.foundation.lake.seal import seal

    with local_engine() as run:
        rows = run.connection.sql(
            f"""select cast((i + 1)::hugeint * 6364136223846793005 % 9223372036854775807 as bigint) as recipient_id, cast(1 as smallint) as attempt,
                'SEMBAKO-2023-05-' || lpad(cast(i as varchar), 19, '0') || '-1-00' as id_instruksi,
                case when i < {COUNT // 2} then '6301012001' else '9101012001' end as region_code,
                case when i < {COUNT // 2} then 'BRI' else 'POS' end as channel, cast(i as bigint) as holder_id,
                cast(1 as int) as holder_version, cast(1 as int) as account_version, cast(200000 as bigint) as amount_rupiah
                from range({COUNT}) t(i)"""
        )
        yield SimpleNamespace(
            dataset=seal(
                run,
                INSTRUCTIONS,
                rows,
                step="test",
                by="test",
                places=[Span("63", "64"), Span("91", "92")],
                is_whole=True,
            ),
            run=run,
        )


def answered(instructed: Any, folder: Path, seed: str = "uji", second: bool = False) -> list[pa.Table]:
    from salur.entrypoints.cli.bench.results import results

    files = results(instructed.run, instructed.dataset, folder, seed=seed, second=second)
    return [pq.read_table(file) for file in files]


def test_most_are_paid_and_some_go_wrong_in_each_way(instructed: Any, tmp_path: Path) -> None:
    bank, post = answered(instructed, tmp_path)
    lines = bank.to_pylist()
    assert [line["baris"] for line in lines] == list(range(1, len(lines) + 1))
    kinds = Counter(line["hasil"] for line in lines)
    half = COUNT // 2
    assert kinds["GAGAL"] == pytest.approx(0.03 * half, rel=0.2)
    assert kinds["AMBIL"] == pytest.approx(0.5 * half, rel=0.1)
    assert all((line["kode_alasan"] != "") == (line["hasil"] == "GAGAL") for line in lines)
    paid = [line for line in lines if line["hasil"] == "KREDIT"]
    keys = Counter((line["id_instruksi"], line["bukti"]) for line in paid)
    told = Counter(tuple(line[name] for name in ("id_instruksi", "bukti", "jumlah", "waktu")) for line in paid)
    assert sum(n > 1 for n in told.values()) == pytest.approx(0.01 * half, rel=0.3)
    assert 5 < sum(n > 1 for n in keys.values()) - sum(n > 1 for n in told.values()) < 40  # contradictions
    twice = Counter(name for name, _proof in keys)
    assert 5 < sum(n > 1 for n in twice.values()) < 40 and 0 < sum(name.startswith("X-") for name in twice) < 10
    assert 5 < sum(line["jumlah"] == "150000" for line in paid) < 40
    assert set(post["hasil"].to_pylist()) == {"AMBIL", "GAGAL"}


def test_the_seed_decides(instructed: Any, tmp_path: Path) -> None:
    first, again = answered(instructed, tmp_path / "a"), answered(instructed, tmp_path / "b")
    assert first == again != answered(instructed, tmp_path / "c", seed="lain")


def test_the_second_report_pays_some_that_had_failed(instructed: Any, tmp_path: Path) -> None:
    first, later = answered(instructed, tmp_path), answered(instructed, tmp_path, second=True)
    failed = {line["id_instruksi"] for one in first for line in one.to_pylist() if line["hasil"] == "GAGAL"}
    paid = [line["id_instruksi"] for one in later for line in one.to_pylist()]
    assert set(paid) < failed and len(paid) == len(set(paid)) and len(paid) == pytest.approx(COUNT / 100, rel=0.3)
