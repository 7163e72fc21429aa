import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from salur.foundation.vocabulary import language
from salur.foundation.vocabulary.language import _


@pytest.fixture(autouse=True)
def indonesian_again() -> Iterator[None]:
    yield
    language.use("id")
    language._catalogue.cache_clear()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "id"),
        ({"LANG": "C"}, "id"),
        ({"LANG": "C.UTF-8"}, "id"),
        ({"LANG": "POSIX"}, "id"),
        ({"LANG": ""}, "id"),
        ({"LANG": "de_DE.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "id_ID"}, "id"),
        ({"LANG": "id_ID", "LC_MESSAGES": "id_ID", "LC_ALL": "en"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": ""}, "en"),
    ],
)
def test_the_shell_asks_for_english_or_gets_indonesian(environ: dict[str, str], expected: str) -> None:
    assert language.language_from_env(environ) == expected


def test_without_a_catalogue_the_source_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "LOCALE_FOLDER", tmp_path)
    language._catalogue.cache_clear()
    language.use("en")
    assert _("Kalimat yang belum diterjemahkan.") == "Kalimat yang belum diterjemahkan."


def test_a_catalogue_is_used_only_when_its_language_is_spoken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_catalogue(tmp_path / "en" / "LC_MESSAGES" / "django.mo", {"keluarga": "family"})
    monkeypatch.setattr(language, "LOCALE_FOLDER", tmp_path)
    language._catalogue.cache_clear()
    assert _("keluarga") == "keluarga"
    language.use("en")
    assert _("keluarga") == "family"


def test_an_unknown_language_falls_back_to_indonesian() -> None:
    language.use("xx")
    assert language.current() == "id"


def test_nothing_to_say_stays_nothing() -> None:
    language.use("en")
    assert _("") == ""


def write_catalogue(file: Path, messages: dict[str, str]) -> None:
    """The smallest valid catalogue in the format of GNU gettext."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **messages}.items())
    start = 28 + 16 * len(pairs)
    body, tables = b"", []
    for column in (0, 1):
        for pair in pairs:
            text = pair[column].encode()
            tables.append(struct.pack("<II", len(text), start + len(body)))
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    file.parent.mkdir(parents=True)
    file.write_bytes(head + b"".join(tables) + body)
