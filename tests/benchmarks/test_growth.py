"""The table and the plot of how time grows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]


def figures(folder: Path, name: str, families: int, seconds: float, floor: float) -> Path:
    told = {
        "families": families, "runs": 3, "seconds": seconds, "floor_seconds": floor, "ratio_to_floor": seconds / floor,
        "peak_memory_mb": 1400, "floor_peak_memory_mb": 1200,
    }  # fmt: skip
    path = folder / f"{name}.json"
    path.write_text(json.dumps(told))
    return path


def test_the_exponent_tells_whether_time_grows_faster_than_the_country(tmp_path: Path) -> None:
    files = [
        figures(tmp_path, "a", 1_000_000, 99.0, 99.0),  # measured again: the later figures count
        figures(tmp_path, "b", 1_000_000, 10.0, 8.0),
        figures(tmp_path, "c", 10_000_000, 100.0, 800.0),
    ]
    command = [sys.executable, ROOT / "benchmarks/growth.py", *files, "--plot", tmp_path / "growth.svg"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "| 1,000,000 | 3 | 10.0 | 8.0 | 1.25 | 1,400 | 1,200 |" in told
    assert "99.0" not in told
    assert "growth exponent: Salur 1.000, plain script 2.000" in told
    picture = ElementTree.parse(tmp_path / "growth.svg").getroot()
    assert len(picture.findall(".//{*}polyline")) == 4
