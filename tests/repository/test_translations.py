"""Everything that is said to people can be said in English, and the compiled catalogue is the one that can be read."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from salur.foundation.vocabulary import language
from support.house import House

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/messages.py"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?\w+>")


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries() -> Iterator[Message]:
    with script().PO.open("rb") as file:
        yield from (entry for entry in read_po(file, locale="en") if entry.id)


def pairs() -> Iterator[tuple[str, str]]:
    """Indonesian beside English, plural forms each for themselves."""
    for entry in entries():
        if isinstance(entry.id, str):
            yield entry.id, str(entry.string)
        else:
            yield from zip(entry.id, tuple(entry.string or ()), strict=True)


@pytest.fixture
def english() -> Iterator[None]:
    language.use(language.ENGLISH)
    yield
    language.use(language.INDONESIAN)


def test_every_sentence_has_its_translation_and_the_compiled_catalogue_is_that_one() -> None:
    # In a process of its own: the commands are read with the help that stands in the source.
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}\ncall scripts/messages.py, translate what it names, and call it again"


def test_a_sentence_that_nobody_translated_is_named() -> None:
    catalogue = script().renewed(read_po(script().PO.open("rb"), locale="en"), {"Kalimat yang belum pernah ada."})
    assert "not translated: Kalimat yang belum pernah ada." in script().problems(catalogue)


def test_both_languages_name_the_same_things() -> None:
    differing = [one for one in pairs() if sorted(PLACEHOLDER.findall(one[0])) != sorted(PLACEHOLDER.findall(one[1]))]
    assert not differing


def test_both_languages_carry_the_same_marks() -> None:
    """A tag that is lost breaks a page; a per cent sign that is not doubled breaks the sentence."""
    for indonesian, english_text in pairs():
        assert TAG.findall(indonesian) == TAG.findall(english_text), english_text
        assert indonesian.count("%%") == english_text.count("%%"), english_text
        assert indonesian[-1].isspace() == english_text[-1].isspace(), english_text


def test_the_catalogue_says_nothing_about_when_and_where_it_was_made() -> None:
    text = script().PO.read_text(encoding="utf-8")
    assert "Date" not in text.split("\n\n")[0]
    assert not re.search(r"^#:", text, re.MULTILINE)


def test_a_refusal_is_said_in_the_language_of_the_shell(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    question = ("cycle", "submit", "SEMBAKO-2023-05", "--as", "planner")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert house.refused(*question) == "There is no cycle SEMBAKO-2023-05; open it with salur cycle open."
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert house.refused(*question) == "Tahap SEMBAKO-2023-05 tidak ada; buka dengan salur cycle open."


def test_the_help_is_said_in_the_language_of_the_shell(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert "Write the lists of a cycle as CSV." in house.run("export", "--help").stdout
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert "Tulis daftar-daftar sebuah tahap sebagai CSV." in house.run("export", "--help").stdout


def test_an_unknown_sentence_is_said_as_it_stands(english: None) -> None:
    assert language._("Kalimat yang belum pernah ada.") == "Kalimat yang belum pernah ada."
