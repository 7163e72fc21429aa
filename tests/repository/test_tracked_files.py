"""What must not lie in the repository: places of one machine, addresses of package registries, secrets, people."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written apart, so that this file does not find itself.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com",
         "crates" + ".io", "maven" + ".org", "conda" + ".anaconda.org", "docker" + ".io"]  # fmt: skip
PLACES = ["/wo" + "rk/", "/tmp/br" + "ief", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/"]
SECRETS = [
    "BEGIN " + "PRIVATE KEY",
    "BEGIN RSA " + "PRIVATE",
    "AKIA" + "IOSF",
    "gh" + "p_",
    "gl" + "pat-",
    "xox" + "b-",
]


def tracked() -> list[Path]:
    """The files that a clone has, and those that are about to be added."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(path for name in told.split("\0") if name and (path := ROOT / name).is_file())


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every file that is text."""
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[str(path.relative_to(ROOT))] = content.decode("utf-8")
    return found


@pytest.mark.parametrize("forbidden", [*HOSTS, *PLACES, *SECRETS])
def test_no_file_names_a_registry_a_place_of_one_machine_or_a_secret(texts: dict[str, str], forbidden: str) -> None:
    assert [name for name, text in texts.items() if forbidden in text] == []


def test_no_tool_configuration_names_an_index() -> None:
    for path in [
        ROOT / "pyproject.toml",
        *(ROOT / "requirements").iterdir(),
        ROOT / "Makefile",
        *(ROOT / "scripts").iterdir(),
    ]:
        if path.is_file():
            assert not re.search(r"--(extra-)?index-url|find-links|trusted-host", path.read_text()), path.name


def test_requirements_are_pinned_with_hashes() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        wishes = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M))
        loose = [
            wish.splitlines()[0]
            for wish in wishes
            if wish.strip() and not wish.startswith("-") and not ("==" in wish and "--hash=sha256:" in wish)
        ]
        assert loose == [], path.name


def test_files_are_small_and_of_known_kinds() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked() if path.stat().st_size > 1_000_000}
    assert set(large) <= {"src/salur/foundation/regions/data/regions.csv.gz"}
    assert [
        path for path in tracked() if path.suffix in (".pyc", ".so", ".exe", ".parquet", ".db", ".whl", ".log")
    ] == []


def test_no_left_over_notes(texts: dict[str, str]) -> None:
    words = r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"
    assert [name for name, text in texts.items() if "vendor" not in name and re.search(words, text)] == []


def test_scripts_say_which_program_runs_them() -> None:
    for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]:
        if path.is_file() and path.stat().st_mode & 0o111:
            assert path.read_text().startswith("#!"), path
