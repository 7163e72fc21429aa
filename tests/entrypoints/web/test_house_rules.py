"""What holds for every page: nothing inline, nothing from elsewhere, little to load, one sentence for each code."""

from __future__ import annotations

import gzip
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from entrypoints.web.conftest import SignIn
from salur.entrypoints import web
from salur.entrypoints.web import tiles, words
from salur.foundation.regions import codes
from salur.foundation.vocabulary.codes import NotInstructed, ReconcileException, ResultReason
from salur.foundation.vocabulary.region_code import Level
from salur.foundation.vocabulary.words import CAUSES
from support.house import House

STATIC = Path(web.__file__).parent / "static"
BYTES_MAX = 150_000
ADDRESSES = ["/masuk/", "/pantau/", "/pantau/63/", "/pantau/6371011001/", "/pantau/11/", "/pantau/99/"]


class Inline(HTMLParser):
    """Collects what the policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] * (tag in ("script", "style", "iframe", "object"))
        self.found += [name for name, _value in attrs if name == "style" or name.startswith("on")]
        self.found += [value for _name, value in attrs if value and re.match(r"(https?:)?//|javascript:", value)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(signed_in: SignIn, stranger: Client, address: str) -> None:
    from salur.entrypoints.web.security import POLICY

    answer = (stranger if address == "/masuk/" else signed_in("nasional")).get(address)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["Cache-Control"] == "no-store"
    inline = Inline()
    inline.feed(answer.content.decode())
    assert inline.found == []


def test_a_first_visit_loads_little(signed_in: SignIn) -> None:
    page = signed_in("nasional").get("/pantau/").content
    loaded = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    assert "app.css" in loaded
    total = len(gzip.compress(page)) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in set(loaded))
    assert total <= BYTES_MAX


def test_vendored_files_are_what_their_list_says() -> None:
    lines = [line.split() for line in (STATIC / "vendor/VERSIONS.txt").read_text().splitlines()]
    listed = {line[3]: line[4] for line in lines if len(line) == 5 and re.fullmatch(r"[0-9a-f]{64}", line[4])}
    files = {str(path.relative_to(STATIC / "vendor")) for path in STATIC.glob("vendor/*/**/*") if path.is_file()}
    assert {name for name in files if not name.endswith("LICENSE")} == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


def test_our_own_style_stays_short_and_loads_nothing() -> None:
    style = (STATIC / "app.css").read_text()
    assert len(style.splitlines()) <= 200
    assert "url(" not in style and "@import" not in style


def test_every_code_that_a_page_can_show_has_words(measured_house: House) -> None:
    from salur.foundation.access.models import Role

    assert {*ResultReason, *NotInstructed, *ReconcileException} <= set(CAUSES)
    assert set(Role.values) == set(words.ROLES)


def test_every_province_has_a_tile_of_its_own() -> None:
    drawn = tiles.drawn({}, {})
    assert {tile.name for tile in drawn} == {codes.name(code) for code in codes.codes_of(Level.PROVINCE)}
    assert len({(tile.x, tile.y) for tile in drawn}) == len({tile.label for tile in drawn}) == 38
    assert max(tile.x for tile in drawn) < tiles.COLUMNS * tiles.SIDE
    assert max(tile.y for tile in drawn) < tiles.ROWS * tiles.SIDE


def test_periods_are_read_as_people_say_them(measured_house: House) -> None:
    assert words.period("2023-05") == "Mei 2023"
    assert words.period("2023-05..2023-06") == "Mei 2023 – Juni 2023"
    assert words.period("2023-T2") == "Tahap 2 2023 (April–Juni)"
    assert words.period("entah") == "entah"
