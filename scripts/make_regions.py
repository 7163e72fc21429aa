"""Make the packaged list of regions from the CSV files of idn-area-data.

    npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz
    python scripts/make_regions.py package/data

Node is not needed beyond fetching the archive. The same input gives the same bytes. The data are under the ODbL:
see LICENSE-ODbL.md beside the result.
"""

import argparse
import csv
import gzip
import io
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src/salur/foundation/regions/data/regions.csv.gz"
FILES = {"provinces.csv": 38, "regencies.csv": 514, "districts.csv": 7285, "villages.csv": 83762}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make regions.csv.gz from the CSV files of idn-area-data.")
    parser.add_argument("folder", type=Path, help="folder with provinces, regencies, districts and villages .csv")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    regions = [region for file, count in FILES.items() for region in read(arguments.folder / file, count)]
    check(regions)
    arguments.out.write_bytes(packed(sorted(regions)))
    print(f"{len(regions)} regions in {arguments.out}", file=sys.stderr)


def read(file: Path, count: int) -> list[tuple[str, str]]:
    """Codes without dots, and names. Names hold commas and quotes, so only a real CSV reader will do."""
    with file.open(encoding="utf-8", newline="") as lines:
        found = [(row["code"].replace(".", ""), mended(row["name"])) for row in csv.DictReader(lines, strict=True)]
    if len(found) != count:
        sys.exit(f"{file.name}: {len(found)} rows instead of {count}; this is not release 4.0.1")
    return found


def mended(name: str) -> str:
    """Sixteen names carry a double quote where an apostrophe belongs (Soka"an), one a stray star (Teuw*)."""
    return " ".join(name.replace('"', "'").replace("*", "").split())


def check(regions: list[tuple[str, str]]) -> None:
    codes = {code for code, _ in regions}
    if len(codes) != len(regions):
        sys.exit("a code stands twice")
    orphans = [code for code in codes if len(code) > 2 and parent(code) not in codes]
    if orphans or not all(name for _, name in regions):
        sys.exit(f"{len(orphans)} codes without the place around them, or a place without a name")


def parent(code: str) -> str:
    return code[: {4: 2, 6: 4, 10: 6}[len(code)]]


def packed(regions: list[tuple[str, str]]) -> bytes:
    """Compressed without time and file name, so that the bytes depend on the rows alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "name"))
    writer.writerows(regions)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    main()
