"""A newcomer's way, in a real browser against the real process: comment, draft, edit, approval, proof, kill -9."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.office import CHROMIUM, FLAGS, NOTING, PATIENCE
from tests.e2e.process import Portavoz

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
COMPLAINT = "Compré una cafetera el martes y llegó con la tapa rota. Nadie contesta al teléfono, qué decepción."
ANSWER = "Hola, Marta: sentimos lo de la tapa rota.\nHoy mismo te mandamos otra; gracias por contárnoslo."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield made
        made.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: SCREENSHOTS, or nowhere for long."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path / "shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Portavoz]:
    """The real process with nothing configured."""
    running = Portavoz(tmp_path / "data")
    try:
        running.start()
        yield running
    finally:
        running.close()


def person(browser: Browser, locale: str) -> BrowserContext:
    """Somebody with a browser of their own, who must not see an error in its console."""
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(NOTING)
    return context


def page_of(context: BrowserContext, problems: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def sign_in(page: Page, link: str) -> None:
    """Open a one-time link and press its button."""
    page.goto(link)
    page.get_by_role("button").first.click()
    expect(page.locator("#list")).to_be_visible()


def _complain(wall: Page, bot: Portavoz, desk: Page, shots: Path) -> None:
    """Marta writes on the wall, and it appears on the desk by itself."""
    wall.goto(f"{bot.url}/wall")
    wall.screenshot(path=shots / "2-wall-empty.png")
    wall.locator("#author").fill("Marta")
    wall.locator("#text").fill(COMPLAINT)
    wall.locator("form.sheet button").click()
    expect(desk.locator("#list a.row")).to_have_count(1)
    expect(wall.locator(".text", has_text="cafetera")).to_be_visible()
    wall.screenshot(path=shots / "3-wall-comment.png")


def _edit_and_approve(desk: Page, his: Page, shots: Path) -> str:
    """Ana puts her own words in, says yes, and Luis sees all of it live; the link that proves it."""
    thread, draft = desk.locator("#thread"), desk.locator("#thread .reply")
    edit = thread.locator('form[data-form="edit"]')
    if not edit.locator("textarea").is_visible():
        edit.locator("xpath=ancestor::details[1]/summary").click()
    edit.locator("textarea").fill(ANSWER)
    desk.screenshot(path=shots / "6-desk-editing.png", full_page=True)
    edit.get_by_role("button").first.click()
    expect(draft).to_contain_text("Hoy mismo te mandamos otra")
    expect(his.locator(".reply")).to_contain_text("Hoy mismo te mandamos otra")  # live, at Luis's

    approve = thread.locator('[data-key="a"]')
    expect(approve).to_be_enabled()
    approve.click()
    expect(thread.locator(".reply.state-approved")).to_be_visible()
    desk.screenshot(path=shots / "7-desk-undo.png", full_page=True)
    expect(thread.locator(".outcome.ok")).to_be_visible()
    expect(his.locator(".outcome.ok")).to_be_visible()
    for page, words in ((desk, "Publicada."), (his, "Published.")):  # one announcement, to each in their language
        page.wait_for_function("words => window.noted.some((one) => one.includes(words))", arg=words)
    desk.screenshot(path=shots / "8-desk-published.png", full_page=True)
    his.screenshot(path=shots / "9-desk-luis-published.png", full_page=True)
    return thread.locator(".outcome.ok a.outside").get_attribute("href") or ""


def test_a_newcomer_goes_all_the_way_and_a_kill_takes_nothing_back(
    browser: Browser, bot: Portavoz, shots: Path
) -> None:
    problems: list[str] = []
    marta, ana = person(browser, "es-ES"), person(browser, "es-ES")
    assert bot.link is not None

    desk = page_of(ana, problems)
    sign_in(desk, bot.link)
    desk.screenshot(path=shots / "1-desk-empty.png")

    wall = page_of(marta, problems)
    _complain(wall, bot, desk, shots)
    row = desk.locator("#list a.row")
    expect(row).to_contain_text("Marta")
    expect(row).to_contain_text(re.compile("queja", re.IGNORECASE))
    row.click()
    thread = desk.locator("#thread")
    expect(thread.locator(".talk")).to_contain_text(COMPLAINT)
    expect(thread.locator(".tags")).to_contain_text(re.compile("queja", re.IGNORECASE))
    expect(thread.locator(".tags")).to_contain_text("ES")
    expect(thread.locator(".due")).to_be_visible()
    draft = thread.locator(".reply")
    expect(draft).to_contain_text("Marta")
    desk.screenshot(path=shots / "4-desk-ticket.png", full_page=True)

    luis = person(browser, "en-GB")
    ticket = thread.locator("article.thread").get_attribute("data-ticket") or ""
    his = page_of(luis, problems)
    sign_in(his, bot.ask("link", "luis")["url"])
    his.goto(f"{bot.url}/desk/t/{ticket}")
    expect(his.locator(".talk")).to_contain_text("cafetera")
    his.screenshot(path=shots / "5-desk-luis.png", full_page=True)

    proof = _edit_and_approve(desk, his, shots)
    wall.goto(proof)
    reply = wall.locator(".text", has_text="Hoy mismo")
    expect(reply).to_have_count(1)
    assert reply.inner_text().strip() == ANSWER
    wall.screenshot(path=shots / "10-wall-answered.png", full_page=True)
    (comment,) = bot.comments()
    assert [given["text"] for given in comment["replies"]] == [ANSWER]

    bot.kill()
    lost = desk.locator("#link-state")
    expect(lost).to_be_visible()
    desk.screenshot(path=shots / "11-desk-connection-lost.png")
    bot.start()
    expect(lost).to_be_hidden()  # it says that it is back before it goes
    problems.clear()  # a browser complains about a server that is gone
    desk.goto(f"{bot.url}/desk/t/{ticket}")
    expect(desk.locator(".talk")).to_contain_text(COMPLAINT)
    expect(desk.locator(".outcome.ok a.outside")).to_be_visible()
    desk.screenshot(path=shots / "12-desk-after-kill.png", full_page=True)
    wall.reload()
    expect(wall.locator(".text", has_text="Hoy mismo")).to_have_count(1)
    assert problems == []
    for one in (marta, ana, luis):
        one.close()
