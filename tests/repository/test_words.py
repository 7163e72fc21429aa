"""One word, one meaning: every record has its line in the glossary, every decision its line in the list."""

from __future__ import annotations

import re
from pathlib import Path

from support.house import House

ROOT = Path(__file__).parents[2]


def test_every_record_is_a_word_of_the_glossary(house: House) -> None:
    from django.apps import apps

    rows = [row.split("|")[1] for row in (ROOT / "GLOSSARY.md").read_text().lower().splitlines() if row.startswith("|")]
    words = {word.strip() for row in rows for word in row.split("(")[0].split(",")}
    ours = [model.__name__ for model in apps.get_models() if model.__module__.startswith("salur.")]
    names = {re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower() for name in ours}
    assert len(names) > 20 and names - words == set()


def test_no_word_stands_twice_in_the_glossary() -> None:
    rows = [
        row.split("|")[1].strip() for row in (ROOT / "GLOSSARY.md").read_text().splitlines() if row.startswith("| ")
    ]
    words = [row.split(" (")[0] for row in rows if row not in ("word",)]
    assert sorted(words) == sorted(set(words))


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs/decisions"
    lines = [
        f"- [{record.read_text().splitlines()[0].removeprefix('# ')}]({record.name})"
        for record in sorted(folder.glob("0*.md"))
    ]
    listed = (folder / "README.md").read_text().splitlines()
    assert lines == [line for line in listed if line.startswith("- ")]
