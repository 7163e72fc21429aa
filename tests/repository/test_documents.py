"""What the documents say is what is built: commands, options, settings, codes, rights, indicators, faults, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
import yaml

from salur.foundation.vocabulary import codes
from salur.monitoring.indicators import rights
from support import commands
from support.house import House
from support.journey import approved, generated, paid, register

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/salur"
REFERENCE = ROOT / "docs/reference"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SHARED = {"--help"}
tree = cache(commands.tree)
COUNTS = ("kuota_terisi", "cakupan", "dipertimbangkan", "menunggu", "ditahan")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def typed(path: Path) -> Iterator[str]:
    """Every call of the command that a document shows, as typed: in blocks and in backticks."""
    text = read(path)
    for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"^(?:\.venv/bin/)?salur .*$", block, re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`(salur [^`]*)`", prose)


def words_of(call: str) -> tuple[str, list[str]]:
    """The command's own words and what follows them; optional parts, marked with brackets, count as given."""
    plain = re.sub(r"\s#.*$", "", call).replace("[", " ").replace("]", " ")
    words = shlex.split(plain)[1:]
    for length in (3, 2, 1):
        if " ".join(words[:length]) in tree():
            return " ".join(words[:length]), words[length:]
    return "", words


CALLS = [(document, call) for document in DOCUMENTS for call in dict.fromkeys(typed(document))]


@pytest.mark.parametrize(("document", "call"), CALLS, ids=[f"{d.name}: {c}" for d, c in CALLS])
def test_a_command_that_a_document_shows_exists_with_its_options(document: Path, call: str) -> None:
    command, rest = words_of(call)
    is_group = any(name.startswith(" ".join(rest) + " ") for name in tree()) if not command else False
    if rest[:1] in (["--help"], ["COMMAND"]) or is_group:
        return
    assert command, f"{document.name} shows {call}, which is no command"
    known = {name for one in tree()[command].params for name in (*one.opts, *one.secondary_opts)} | SHARED
    assert {word for word in rest if word.startswith("--")} <= known


def test_every_command_and_every_option_is_in_the_reference() -> None:
    documented: dict[str, set[str]] = {}
    for call in typed(REFERENCE / "commands.md"):
        command, rest = words_of(call)
        documented.setdefault(command, set()).update(word for word in rest if word.startswith("--"))
    text = read(REFERENCE / "commands.md")
    for name, built in tree().items():
        assert name in documented, f"{name} is not in commands.md"
        for option in built.params:
            long = {one for one in (*option.opts, *option.secondary_opts) if one.startswith("--")}
            row = next(line for line in text.splitlines() if f"`salur {name}" in line)
            said = documented[name] | set(re.findall(r"`(--[a-z-]+)`", row))
            assert not long or long & said, f"{name} has {long}, which commands.md does not tell"


def test_every_setting_is_in_the_reference_and_no_other() -> None:
    source = "\n".join(read(path) for path in SOURCE.rglob("*.py"))
    used = set(re.findall(r"\"(SALUR_[A-Z_]+)\"", source))
    assert set(re.findall(r"`(SALUR_[A-Z_]+)`", read(REFERENCE / "commands.md"))) == used


def test_the_codes_of_the_reference_are_those_of_the_program() -> None:
    enums = [one for one in vars(codes).values() if isinstance(one, type) and issubclass(one, StrEnum)]
    known = {member.value for one in enums if one is not StrEnum for member in one}
    said = set(re.findall(r"`([A-Z][A-Z_]*)`", read(REFERENCE / "codes.md")))
    assert said == {code for code in known if code.isupper()}
    assert all(f"`{code}`" in read(REFERENCE / "codes.md") for code in known)


def test_the_outcome_and_the_group_of_a_code_are_told_as_they_are() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", read(REFERENCE / "codes.md"), re.MULTILINE)
    told = {(left, code) for left, right in rows for code in re.findall(r"`([A-Z_]+)`", right)}
    for reason in codes.EnrolmentReason:
        assert (reason.outcome.value, reason.value) in told
    for result in codes.ResultReason:
        assert (result.group.value, result.value) in told


def test_the_rights_of_the_reference_are_those_of_the_program(house: House) -> None:
    from salur.foundation.access.permissions import MAY  # needs the house: roles are records

    section = read(REFERENCE / "commands.md").split("## Roles")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `([\w.]+)` \| ([\w ,]+?)(?:, in the own area)? \|$", section, re.MULTILINE))
    assert {right: set(roles.split(", ")) for right, roles in told.items()} == {
        right: {role.value for role in roles} for right, roles in MAY.items()
    }


def test_the_indicators_of_the_reference_are_those_that_are_measured() -> None:
    told = re.findall(r"^\| `([a-z_0-9]+)`", read(REFERENCE / "indicators.md"), re.MULTILINE)
    assert sorted(told) == sorted([*rights.RATIOS, *rights.WITHOUT_EVIDENCE, *COUNTS])


def test_the_faults_of_the_reference_are_those_that_an_audit_names() -> None:
    source = read(SOURCE / "monitoring/verify.py")
    named = set(re.findall(r"Fault\(\s*\"(\w+)\"", source)) | set(
        re.findall(r", \"(entitlement|instruction|settlement)\", \"", source)
    )
    section = read(REFERENCE / "results.md").split("## Faults")[1]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    assert {kind for row in rows for kind in re.findall(r"`(\w+)`", row)} == named


def test_every_source_that_the_catalogue_names_is_in_the_list_of_sources() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", read(REFERENCE / "sources.md"), re.MULTILINE))
    named: set[str] = set()
    for path in SOURCE.glob("programmes/catalogue/*/*.yaml"):
        named |= set(_sources(yaml.safe_load(read(path))))
    assert named == listed


def _sources(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from str(value).split(", ") if name == "source" else _sources(value)
    elif isinstance(node, list):
        for value in node:
            yield from _sources(value)


def test_every_dependency_is_explained_and_no_other() -> None:
    named = re.compile(r"^([A-Za-z][\w-]*)", re.MULTILINE)
    wanted = {
        name for file in ("base", "dev", "spark") for name in named.findall(read(ROOT / f"requirements/{file}.in"))
    }
    text = read(ROOT / "docs/decisions/0005-choose-dependencies.md")
    told = {name for row in re.findall(r"^\| ([\w, -]+?) \|", text, re.MULTILINE) for name in row.split(", ")}
    assert told - {"package", "---"} <= wanted
    assert all(re.search(rf"\b{re.escape(name)}\b", text) for name in wanted)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", read(document)):
        place = document.parent / target if target else document
        assert place.exists(), f"{document.name} links to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.*)$", read(place), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_decisions_are_numbered_without_a_gap_and_say_why() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert re.match(rf"# {int(record.name[:4])}\. ", read(record)), record.name
        assert re.findall(r"^## (.*)$", read(record), re.MULTILINE) == ["Context", "Decision", "Consequences"]
    listed = re.findall(r"^- \[(.*)\]\((.*)\)$", read(ROOT / "docs/decisions/README.md"), re.MULTILINE)
    assert listed == [(read(record).splitlines()[0].removeprefix("# "), record.name) for record in records]


def test_the_readme_can_be_read_in_a_minute() -> None:
    assert len(read(ROOT / "README.md").splitlines()) < 60


def walk() -> list[str]:
    """The commands of the README's first walk."""
    block = read(ROOT / "README.md").split("## A first walk")[1].split("```")[1]
    return [re.sub(r"\s*#.*$", "", line) for line in block.strip().splitlines()]


def test_the_first_walk_runs_as_it_is_written(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register(house, generated(tmp_path, families=80, failures=False))
    paid(house, approved(house, "SEMBAKO", "2023-05"), tmp_path, rounds=(1,), failures=False)
    monkeypatch.chdir(tmp_path)
    *steps, last = walk()
    for step in steps:
        done = house.run(*shlex.split(step)[1:])
        assert done.returncode == 0, f"{step}: {done.stderr}"
        assert done.stdout.strip(), step
    assert (tmp_path / "lists/settlement.csv").is_file()
    assert last == ".venv/bin/salur db stop"  # not here: the server is everyone's
