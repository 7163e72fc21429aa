"""The pages in a real browser: readable for everyone, on every width, without a word on the console."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from entrypoints.web.conftest import KALSEL, PASSWORD
from support.house import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opened = Callable[..., "Page"]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CYCLE = "?tahap=SEMBAKO-2023-05"
PAGES = ["/pantau/" + CYCLE, "/pantau/63/" + CYCLE, f"/pantau/{KALSEL[0]}/{CYCLE}", "/pantau/11/" + CYCLE]
TARGET_MIN = 24

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"Chromium is not at {CHROMIUM}; set CHROMIUM"),
]


@pytest.fixture(scope="module")
def address(measured_house: House) -> Iterator[str]:
    """The house served as `salur serve` serves it."""
    from waitress import create_server

    from salur.entrypoints.web.wsgi import application

    server = create_server(application, host="127.0.0.1", port=0, threads=2)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    serving.join(timeout=10)


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def cookies(chromium: Browser, address: str) -> Any:
    """What a browser keeps after signing in by name and password."""
    context = chromium.new_context(base_url=address, locale="id-ID")
    page = context.new_page()
    page.goto("/masuk/")
    page.get_by_label("Nama", exact=True).fill("nasional")
    page.get_by_label("Kata sandi atau token").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/pantau/**")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def open_page(chromium: Browser, address: str, cookies: Any) -> Iterator[Opened]:
    """Open an address at a width, signed in except to sign in; at the end the console must have stayed silent."""
    said: list[str] = []
    contexts = []

    def opened(path: str, *, width: int) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            base_url=address,
            storage_state=None if path == "/masuk/" else cookies,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request", lambda request: said.extend([f"left: {request.url}"] * (not request.url.startswith(address)))
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["/masuk/", *PAGES])
def test_axe_finds_nothing(open_page: Opened, path: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, width=width)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("path", ["/masuk/", *PAGES])
def test_a_narrow_phone_never_scrolls_the_page_sideways(open_page: Opened, path: str) -> None:
    page = open_page(path, width=320)
    assert page.locator("html").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("width", [1280, 576])
def test_tiles_are_large_enough_to_touch_and_pictures_only_on_phones(open_page: Opened, width: int) -> None:
    page = open_page(PAGES[0], width=width)
    sizes = [link.bounding_box() for link in page.locator(".only-wide a").all()]
    assert len(sizes) == 2
    assert all(size and min(size["width"], size["height"]) >= TARGET_MIN for size in sizes)
    page.set_viewport_size({"width": 575, "height": 900})
    assert page.locator(".tiles a:visible").count() == 0


def test_by_keyboard_one_skips_to_the_content_opens_a_definition_and_goes_down(open_page: Opened) -> None:
    page = open_page(PAGES[0], width=1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
    info = page.locator("summary", has_text="Penjelasan: Tepat waktu")
    info.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("paling lambat pada tanggal jatuh tempo").is_visible()
    page.locator(".figures tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/pantau/6\d/"))
    assert page.locator("h1").count() == 1


def test_the_table_is_sorted_by_its_heads_and_says_so(open_page: Opened) -> None:
    page = open_page(PAGES[1], width=1280)
    page.get_by_role("link", name="Keluarga berhak").click()
    page.wait_for_url("**urut=berhak**")
    assert page.get_by_role("columnheader", name="Keluarga berhak").get_attribute("aria-sort") == "ascending"


def test_the_printed_page_is_not_empty(open_page: Opened) -> None:
    page = open_page(PAGES[1], width=1280)
    assert len(page.pdf(format="A4")) > 20_000
