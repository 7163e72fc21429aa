"""Brings the English catalogue up to date with the Indonesian sentences of the source.

It extracts, keeps what is translated, and compiles. `--check` writes nothing and fails when something is missing,
spare, or compiled from another text.
The same sources give the same bytes: no dates, no places, sorted by sentence.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/salur"
PO = SOURCE / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}
CALL = re.compile(
    r"""\bn?gettext\(u('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:, u('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)
HEADERS = [
    ("Project-Id-Version", "Salur"),
    ("Language", "en"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
Sentence = str | tuple[str, ...]  # a tuple: singular and plural


class English(Catalog):
    """A catalogue whose header says nothing about when and where it was made."""

    mime_headers = property(lambda self: HEADERS, lambda self, value: None)  # type: ignore[assignment]


def sentences() -> set[Sentence]:
    """Everything that is said to people."""
    return {*_of_python(), *_of_templates(), *_of_commands()}


def _of_python() -> Iterator[Sentence]:
    found = extract_from_dir(str(SOURCE), [("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True)
    for _file, _line, sentence, _comments, _context in found:
        if sentence:
            yield sentence


def _of_templates() -> Iterator[Sentence]:
    from django.utils.translation.template import templatize

    for template in sorted(SOURCE.rglob("*.html")):
        for one, many in CALL.findall(templatize(template.read_text(encoding="utf-8"))):
            yield (ast.literal_eval(one), ast.literal_eval(many)) if many else ast.literal_eval(one)


def _of_commands() -> Iterator[Sentence]:
    """The help of the command line, which Typer takes from docstrings and options."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SALUR_HOME"] = home  # importing commands starts nothing, but looks where data lie
        from salur.entrypoints.cli.main import app

        yield from filter(None, _helps(typer.main.get_command(app)))


def _helps(command: Any) -> Iterator[str]:
    yield command.help or ""
    for parameter in command.params:
        yield getattr(parameter, "help", None) or ""
    for child in getattr(command, "commands", {}).values():
        yield from _helps(child)


def renewed(old: Catalog, wanted: set[Sentence]) -> Catalog:
    """Exactly the wanted sentences, each with the translation it has."""
    fresh = English(
        locale="en",
        fuzzy=False,
        header_comment="# English for Salur. Made by scripts/messages.py; only translations are written by hand.",
    )
    for sentence in sorted(wanted, key=_first):
        standing = old.get(_first(sentence))
        blank = ("", "") if isinstance(sentence, tuple) else ""
        kept = standing.string if standing is not None and type(standing.id) is type(sentence) else blank
        fresh.add(sentence, kept)
    return fresh


def _first(sentence: Sentence) -> str:
    return sentence if isinstance(sentence, str) else sentence[0]


def translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def as_po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def catalogue() -> Catalog:
    """The catalogue as it should be, with the translations there are."""
    old = read_po(io.BytesIO(PO.read_bytes()), locale="en") if PO.is_file() else Catalog(locale="en")
    return renewed(old, sentences())


def problems(found: Catalog) -> list[str]:
    """What is not as it should be."""
    told = [f"not translated: {message.id}" for message in found if message.id and not translated(message)]
    if not PO.is_file() or PO.read_bytes() != as_po(found):
        told.append(f"{PO.relative_to(ROOT)} is not made from these sources")
    if not MO.is_file() or MO.read_bytes() != as_mo(found):
        told.append(f"{MO.relative_to(ROOT)} is not compiled from {PO.name}")
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 unless everything is in order")
    wanted = parser.parse_args()
    found = catalogue()
    if not wanted.check:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(as_po(found))
        MO.write_bytes(as_mo(found))
    told = problems(found)
    for line in told:
        print(line, file=sys.stderr)
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
