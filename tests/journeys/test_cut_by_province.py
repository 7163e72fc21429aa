"""A country is worked out stretch by stretch, a small list at once: the lists are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from salur.foundation.vocabulary import span
from support.house import Street
from support.journey import PKH, SEMBAKO, whole

KINDS = (
    "release_families",
    "release_persons",
    "enrolment",
    "component_counts",
    "entitlements",
    "instructions",
    "findings",
    "settlement",
    "exceptions",
)


def digests(street: Street, folder: Path) -> tuple[dict[str, set[str]], int]:
    """The digests of each kind of list, and in how many files the longest lists lie."""
    house = street.build()
    try:
        codes = whole(house, folder, families=160, programmes=(SEMBAKO, PKH)).told
        for code in codes:
            assert house.ok("audit", code, "--as", "auditor")["faults"] == []
        with house.owner() as conn:
            measured = conn.execute(
                "select programme, region_code, indicator, numerator, denominator from monitoring_measure order by 1, 2, 3"
            ).fetchall()
            rows = conn.execute("select kind, digest, jsonb_array_length(files) from lake_dataset").fetchall()
        assert measured
        found = {kind: {digest for other, digest, _files in rows if other == kind} for kind in KINDS}
        return found | {"measures": {str(measured)}}, max(files for kind, _digest, files in rows if kind == "enrolment")
    finally:
        street.tear_down(house)


def test_stretch_by_stretch_gives_the_lists_that_the_whole_country_gives(
    the_street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, one = digests(the_street, tmp_path / "at_once")
    monkeypatch.setenv("SALUR_CUT_ROWS", "0")
    monkeypatch.setattr(span, "FAMILIES_MAX", 30)
    in_stretches, some = digests(the_street, tmp_path / "in_stretches")
    monkeypatch.setattr(span, "FAMILIES_MAX", 1)
    regency_by_regency, many = digests(the_street, tmp_path / "by_regency")
    assert all(at_once.values())
    assert 1 == one < some < many
    assert in_stretches == at_once
    assert regency_by_regency == at_once
