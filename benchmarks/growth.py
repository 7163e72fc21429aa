"""How time and memory grow with the country: a table, the fitted exponent, and a plot, from the figures that `make bench` left.

    python benchmarks/growth.py build/bench/*.json --plot docs/growth.svg

Of several files with the same number of families the last one given counts. The exponent is the slope of the straight line through the
logarithms of families and seconds (least squares): 1 when twice the families take twice the time.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Point = tuple[float, float]
WIDTH, HEIGHT, MARGIN, GAP = 400, 300, 56, 40
INK, SALUR, FLOOR = "#1f2933", "#0b5fa5", "#b5530a"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("figures", type=Path, nargs="+")
    options.add_argument("--plot", type=Path)
    asked = options.parse_args()
    found = [json.loads(file.read_text(encoding="utf-8")) for file in asked.figures]
    runs = sorted({one["families"]: one for one in found}.values(), key=lambda one: one["families"])
    print(
        "| families | runs | Salur, s | plain script, s | ratio | most memory of Salur, MiB | of the plain script, MiB |"
    )
    print("|---|---|---|---|---|---|---|")
    for one in runs:
        print(
            f"| {one['families']:,} | {one['runs']} | {one['seconds']:.1f} | {one['floor_seconds']:.1f} | {one['ratio_to_floor']:.2f} "
            f"| {one['peak_memory_mb']:,} | {one['floor_peak_memory_mb']:,} |"
        )
    if len(runs) > 1:
        print(
            f"\ngrowth exponent: Salur {exponent(runs, 'seconds'):.3f}, plain script {exponent(runs, 'floor_seconds'):.3f}"
        )
    if asked.plot:
        asked.plot.write_text(plot(runs), encoding="utf-8")
    return 0


def exponent(runs: Sequence[dict[str, Any]], what: str) -> float:
    """The slope of the logarithm of `what` over that of families."""
    return statistics.linear_regression(
        [math.log(one["families"]) for one in runs], [math.log(one[what]) for one in runs]
    ).slope


def plot(runs: Sequence[dict[str, Any]]) -> str:
    """Two pictures side by side as SVG: seconds on logarithmic axes, memory on a plain one that begins at nothing."""
    families = [one["families"] for one in runs]
    across = _logarithmic(min(families), max(families), MARGIN, WIDTH - GAP)
    seconds = [one[name] for one in runs for name in ("seconds", "floor_seconds")]
    memory = [one[name] for one in runs for name in ("peak_memory_mb", "floor_peak_memory_mb")]
    up_time = _logarithmic(min(seconds) / 1.5, max(seconds) * 1.5, HEIGHT - MARGIN, GAP)
    up_memory = _plain(max(memory) * 1.2, HEIGHT - MARGIN, GAP)
    left = _picture("seconds", runs, ("seconds", "floor_seconds"), across, up_time, _decades(seconds))
    right = _picture(
        "most memory, MiB", runs, ("peak_memory_mb", "floor_peak_memory_mb"), across, up_memory, _steps(max(memory))
    )
    legend = _text(MARGIN, HEIGHT + 14, "Salur", SALUR) + _text(MARGIN + 60, HEIGHT + 14, "plain script", FLOOR)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT + 24}" font-family="sans-serif" font-size="12">'
        "<title>Time and memory of the bulk work by the number of families</title>"
        f'<rect width="100%" height="100%" fill="white"/>{left}<g transform="translate({WIDTH} 0)">{right}</g>{legend}</svg>\n'
    )


def _picture(
    name: str,
    runs: Sequence[dict[str, Any]],
    series: tuple[str, str],
    across: Callable[[float], float],
    up: Callable[[float], float],
    marks: Sequence[float],
) -> str:
    parts = [_text(MARGIN, GAP - 16, name, INK)]
    for mark in marks:
        y = up(mark)
        parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - GAP}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dbe1"/>')
        parts.append(_text(MARGIN - 6, y + 4, f"{mark:,.0f}", INK, "end"))
    for one in runs:
        x = across(one["families"])
        parts.append(_text(x, HEIGHT - MARGIN + 18, f"{one['families'] / 1e6:.0f} million", INK, "middle"))
    for what, colour in zip(series, (SALUR, FLOOR), strict=True):
        points = [(across(one["families"]), up(one[what])) for one in runs]
        parts.append(_line(points, colour))
    return "".join(parts)


def _line(points: Sequence[Point], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


def _logarithmic(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    width = math.log(high / low) or 1.0
    return lambda value: start + (end - start) * math.log(value / low) / width


def _plain(high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (end - start) * value / high


def _decades(values: Sequence[float]) -> list[float]:
    """1, 2 and 5 times each power of ten between the values, with half as much room again."""
    low, high = min(values) / 1.5, max(values) * 1.5
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [mark for power in powers for first in (1, 2, 5) if low <= (mark := first * 10.0**power) <= high]


def _steps(high: float) -> list[float]:
    return [float(mark) for mark in range(0, int(high * 1.2) + 1, 500)]


if __name__ == "__main__":
    sys.exit(main())
