"""The wall in a real browser: without JavaScript, in both languages, light and dark, on a phone, with hostile words."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.office import CHROMIUM, FLAGS, PATIENCE
from tests.contract.hostile import HOSTILE
from tests.e2e.process import Portavoz, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SETTINGS = """
[brand]
name = "Café Alba"

[[people]]
id = "ana"
name = "Ana"
role = "lead"

[[networks]]
id = "wall"
type = "wall"
accent = "#1a4d8f"
embed_on = ["http://127.0.0.1:{other}"]

[[networks]]
id = "sample"
type = "wall"
path = "/sample"
sample = true
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield made
        made.close()


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portavoz]:
    """The real process, with a wall and the sample day."""
    data = tmp_path_factory.mktemp("data")
    (data / "portavoz.toml").write_text(SETTINGS.replace("{other}", "9"), "utf-8")
    running = Portavoz(data)
    try:
        running.start()
        yield running
    finally:
        running.close()


def visitor(browser: Browser, **more: object) -> BrowserContext:
    made = browser.new_context(**{"locale": "en", "viewport": {"width": 1280, "height": 900}, **more})  # type: ignore[arg-type]
    made.set_default_timeout(PATIENCE)
    return made


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, as its rules and the places."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])}" for one in found]


def test_without_javascript_people_write_answer_and_take_back(browser: Browser, bot: Portavoz, shots: Path) -> None:
    page = visitor(browser, java_script_enabled=False).new_page()
    page.goto(f"{bot.url}/wall")
    page.locator("#author").fill("Vera")
    page.locator("#text").fill("Do you open on Sundays?")
    page.locator("form.sheet button").click()
    expect(page.locator(".post .text")).to_have_text("Do you open on Sundays?")
    page.locator(".answer summary").click()
    page.locator(".answer textarea").fill("At noon, I mean.")
    page.locator(".answer button").click()
    expect(page.locator(".below .text")).to_have_text("At noon, I mean.")
    page.locator(".below .acts summary").last.click()
    page.locator(".below button.plain").click()
    expect(page.locator(".below .gone")).to_be_visible()
    page.screenshot(path=shots / "wall-thread-without-javascript.png")


def test_hostile_words_are_shown_and_do_nothing(browser: Browser, bot: Portavoz, shots: Path) -> None:
    said = [bot.post("x", text).status_code for text in HOSTILE if text.strip()]
    assert said.count(201) > len(said) / 2
    page = visitor(browser).new_page()
    problems: list[str] = []
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{bot.url}/wall")
    assert page.locator("script, iframe, object, embed, .text img, .text a").count() == 0
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
    assert problems == []
    page.screenshot(path=shots / "wall-hostile.png", full_page=True)


@pytest.mark.parametrize(
    "look", [(1280, "es", "light"), (1280, "en", "dark"), (390, "en", "light"), (390, "es", "dark")]
)
def test_every_page_is_accessible(browser: Browser, bot: Portavoz, shots: Path, look: tuple[int, str, str]) -> None:
    width, locale, scheme = look
    made = visitor(browser, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = made.new_page()
    page.goto(f"{bot.url}/wall")
    page.locator("#author").fill("Iván")
    page.locator("#text").fill(f"¿Tenéis leche de avena? {scheme} {width}")
    page.locator("form.sheet button").click()
    thread = page.locator(".when a").first.get_attribute("href")
    assert thread
    for name, path in {
        "wall": "/wall",
        "thread": thread,
        "docs": "/docs",
        "sample": "/sample",
        "no": "/wall/c/x",
    }.items():
        page.goto(f"{bot.url}{path}")
        assert violations(page) == [], name
        page.screenshot(path=shots / f"wall-{name}-{locale}-{width}-{scheme}.png")


def test_the_sample_day_comes_in_and_goes_out_of_view(browser: Browser, bot: Portavoz, shots: Path) -> None:
    page = visitor(browser, locale="es").new_page()
    assert bot.cli("sample", "now", "--as", "ana").returncode == 0

    def waiting() -> list[dict[str, str]]:
        return [line for line in bot.ask("inbox", "--json") if line["account"] == "sample"]

    until(lambda: len(waiting()) > 40 or None, what="the sample's tickets")
    page.goto(f"{bot.url}/sample")
    expect(page.locator(".sample")).to_contain_text("inventado")
    expect(page.locator(".thread").first).to_be_visible()
    page.screenshot(path=shots / "sample-day.png")
    assert bot.cli("sample", "hide", "--as", "ana").returncode == 0
    until(lambda: not waiting(), what="the sample's tickets to be closed")
    page.reload()
    expect(page.locator(".thread")).to_have_count(0)
    assert [line for line in bot.ask("inbox", "--all", "--json") if line["account"] == "sample"] != []
