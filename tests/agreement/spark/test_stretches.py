"""A list that Spark works out stretch by stretch, over several files, is the list that DuckDB works out at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from salur.foundation.vocabulary import span
from support.house import House, Street
from support.journey import PKH, SEMBAKO, generated, register

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.usefixtures("cluster")]

FAMILIES = 160
KINDS = ("enrolment", "component_counts", "entitlements")


def sealed(house: House, folder: Path) -> tuple[dict[tuple[str, str], int], int]:
    """Rows by kind and digest, and the most stretches in which one of the lists was written."""
    folder.mkdir()
    register(house, generated(folder, families=FAMILIES))
    for programme in (SEMBAKO, PKH):
        house.ok("enrolment", "determine", *programme, "--as", "planner")
        house.ok("cycle", "open", *programme, "--as", "planner")
    with house.owner() as conn:
        rows = conn.execute("select kind, digest, rows, jsonb_array_length(files) from lake_dataset").fetchall()
    return {(kind, digest): n for kind, digest, n, _files in rows if kind in KINDS}, max(
        files for kind, _digest, _n, files in rows if kind in KINDS
    )


def test_stretch_by_stretch_on_spark_gives_what_duckdb_gives_at_once(
    the_street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = the_street.build()
    at_once, one = sealed(house, tmp_path / "at_once")
    the_street.tear_down(house)
    monkeypatch.setenv("SALUR_ENGINE", "spark")
    monkeypatch.setenv("SALUR_CUT_ROWS", "0")
    monkeypatch.setattr(span, "FAMILIES_MAX", 4)
    house = the_street.build()
    in_stretches, some = sealed(house, tmp_path / "in_stretches")
    the_street.tear_down(house)
    assert one == 1 and 1 < some < FAMILIES
    assert len(at_once) == 5  # two lists, their entitlements, and what the members of PKH bring
    assert in_stretches == at_once
