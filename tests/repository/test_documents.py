"""What the documents say exists, and what exists is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import tree
from support.house import House

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = ROOT / "docs/reference"
# Set by the shell, or by us for our own child processes and tests; not settings of Salur.
NOT_OURS = {"PATH", "DJANGO_SETTINGS_MODULE", "XDG_DATA_HOME", "LC_ALL", "LC_MESSAGES", "HOME", "TERM", "COLUMNS", "CI"}


def commands_in(document: Path) -> Iterator[str]:
    """Every command line that a document shows: in fences line by line, in running text between backticks."""
    text = document.read_text()
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M)
    for line in [line for block in fenced for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)):
        found = re.match(r"\s*(?:\S*/)?salur ([a-z-].*)", line.split("   #")[0])
        if found and not found[1].startswith("--") and "COMMAND" not in line:
            yield found[1].strip()


def described(line: str) -> tuple[str, list[str], bool]:
    """The command's words in the tree, the rest of the line, and whether the tree has it."""
    words = line.replace("|", " | ").split()
    for length in (3, 2, 1):
        name = " ".join(words[:length])
        if name in tree():
            return name, words[length:], True
    return line, [], False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_document_shows_exists_with_its_options(document: Path) -> None:
    wrong = []
    for line in commands_in(document):
        name, rest, exists = described(line)
        if not exists:
            if not any(command.startswith(f"{line.split()[0]} ") for command in tree()):
                wrong.append(line)
            continue
        options = {option for parameter in tree()[name].params for option in [*parameter.opts, *parameter.secondary_opts]}
        wrong += [f"{line}: {word}" for word in re.findall(r"--[a-z-]+", " ".join(rest)) if word not in options and word != "--help"]
    assert wrong == []


def test_every_command_and_option_stands_in_the_reference() -> None:
    text = (REFERENCE / "commands.md").read_text()
    shared = {"--as", "--json", "--dry-run", "--help"}
    missing = []
    for name, command in tree().items():
        parts = name.split()
        shown = [row for row in text.splitlines() if re.search(rf"`salur {parts[0]}\b", row)]
        if not any(parts[-1] in row for row in shown):
            missing.append(name)
        for parameter in command.params:
            options = {option for option in [*parameter.opts, *parameter.secondary_opts] if option.startswith("--")} - shared
            if options and not any(option in row for option in options for row in shown):
                missing.append(f"{name} {min(options)}")
    assert missing == []


def test_the_first_walk_names_who_acts() -> None:
    """As typed, each command of the README runs: those that need an officer name one."""
    needing = {name for name, command in tree().items() if any("--as" in parameter.opts for parameter in command.params)}
    lines = [line for line in commands_in(ROOT / "README.md") if described(line)[0] in needing]
    assert lines and [line for line in lines if "--as" not in line] == []


def test_the_readme_is_short_and_begins_with_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 60
    assert "make run" in text and "make test" in text


def settings_read() -> set[str]:
    """The environment variables that the source reads."""
    found: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text()
        found |= set(re.findall(r"environ(?:\.get|\.setdefault|\.pop)?[\[(]\s*\"([A-Z][A-Z_]+)\"", text))
        found |= set(re.findall(r"envvar=\"([A-Z_]+)\"", text))
        found |= set(re.findall(r"\"(SALUR_[A-Z_]+)\"", text))
    return found - NOT_OURS


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    section = (REFERENCE / "commands.md").read_text().split("## Settings", 1)[1].split("\n## ")[0]
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", "\n".join(row.split("|")[1] for row in section.splitlines() if row.startswith("|"))))
    assert settings_read() - documented == set()
    assert documented - settings_read() - {"LANG", "SALUR_HOME", "DATABASE_URL"} == set()


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "GLOSSARY.md", ROOT / "CHANGELOG.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", document.read_text()) if "://" not in target]
    assert [target for target in targets if target and not (document.parent / target).exists()] == []


def test_decision_records_are_numbered_whole_and_listed() -> None:
    records = sorted((ROOT / "docs/decisions").glob("0*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    listed = (ROOT / "docs/decisions/README.md").read_text()
    for record in records:
        text = record.read_text()
        title = text.splitlines()[0]
        assert title.startswith(f"# {int(record.name[:4])}. "), record.name
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in text, (record.name, part)
        assert f"[{title.removeprefix('# ')}]({record.name})" in listed, record.name
    assert len(re.findall(r"\]\(0", listed)) == len(records)


def test_every_model_is_a_word_of_the_glossary(house: House) -> None:
    from django.apps import apps

    rows = [row.split("|")[1] for row in (ROOT / "GLOSSARY.md").read_text().lower().splitlines() if row.startswith("|")]
    words = {word.strip() for row in rows for word in row.split("(")[0].split(",")}
    ours = [model.__name__ for model in apps.get_models() if model.__module__.startswith("salur.")]
    names = {re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower() for name in ours}
    assert names - words == set()
