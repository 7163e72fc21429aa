"""The whole journey with SALUR_ENGINE=spark seals what it seals on DuckDB, and either engine audits what the other has made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from support.house import House, Street
from support.journey import PKH, SEMBAKO, approved, generated, paid, register

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.usefixtures("cluster"),
    # Hundreds of small jobs take some minutes of both cores; that every step agrees is asked in every run.
    pytest.mark.skipif(not os.environ.get("SALUR_TEST_ALL"), reason="SALUR_TEST_ALL=1 runs the journey on Spark too"),
]

FAMILIES = 60


def travelled(house: House, folder: Path) -> dict[str, Any]:
    """PKH as far as its list, SEMBAKO to the measured cycle with one round of answers: every answer, and what was sealed."""
    from salur.foundation.lake.models import Dataset

    told: dict[str, Any] = {"release": register(house, generated(folder, families=FAMILIES))}
    house.ok("enrolment", "determine", *PKH, "--as", "planner")
    house.ok("cycle", "open", *PKH, "--as", "planner")
    code = approved(house, *SEMBAKO)
    told["reconciled"] = paid(house, code, folder, rounds=(1,))
    told["again"] = house.ok("reconcile", code, "--as", "reconciler")
    measured = house.ok("monitor", "--programme", SEMBAKO[0], "--period", SEMBAKO[1], "--as", "monitor")
    told["measured"] = [{name: value for name, value in row.items() if name != "data_as_of"} for row in measured]
    told["sealed"] = sorted(Dataset.objects.values_list("kind", "rows", "digest"))
    return told


def test_the_journey_on_spark_seals_what_the_journey_on_duckdb_seals(
    the_street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, dict[str, Any]] = {}
    for engine, other in (("duckdb", "spark"), ("spark", "duckdb")):
        monkeypatch.setenv("SALUR_ENGINE", engine)
        house = the_street.build()
        (tmp_path / engine).mkdir()
        told[engine] = travelled(house, tmp_path / engine)
        monkeypatch.setenv("SALUR_ENGINE", other)
        audited = house.ok("audit", f"{SEMBAKO[0]}-{SEMBAKO[1]}", "--as", "auditor")
        assert audited["ok"], f"made on {engine}, audited on {other}: {audited['faults']}"
        the_street.tear_down(house)
    assert told["spark"]["sealed"] == told["duckdb"]["sealed"] and len(told["spark"]["sealed"]) > 12
    for answer in ("reconciled", "again", "measured"):
        assert told["spark"][answer] == told["duckdb"][answer], answer
