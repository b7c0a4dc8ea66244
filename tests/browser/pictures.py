"""`make pictures`: the pictures of the README, taken from the real process with the sample day in it."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.store.engine import Database
from bot.store.migrate import migrate
from tests.bench.invented import fill
from tests.browser.office import CHROMIUM, FLAGS
from tests.e2e.process import Portavoz, until

FOLDER = Path(__file__).parents[1] / "pictures"
SIZES = {"desk": (1280, 800, "light"), "desk-phone": (390, 800, "dark")}
YEAR = 6_000
"""Comments of the invented year whose last month the reports show."""
TICKET = "Iker Zabala"


def _signed_in(browser: Browser, bot: Portavoz, name: str) -> Page:
    width, height, scheme = SIZES[name]
    context = browser.new_context(
        locale="es", viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    link = bot.cli("link", "ana").stdout.strip().splitlines()[-1].split()[-1]
    page.goto(link)
    page.get_by_role("button").first.click()
    page.wait_for_url("**/desk")
    return page


def _reports(browser: Browser, folder: Path) -> None:
    """The charts of a month, and a digest, from a database with a year in it."""
    (folder / "year").mkdir()
    year = Database.at(folder / "year" / "portavoz.db")
    migrate(year, backup_dir=None)
    fill(year, YEAR, until=datetime.now(UTC))
    year.close()
    bot = Portavoz(folder / "year")
    try:
        bot.start()
        page = _signed_in(browser, bot, "desk")
        page.goto(f"{bot.url}/desk/reports?days=30")
        page.locator(".figures-row").screenshot(path=FOLDER / "reports.png")
        # As high as the whole page: what is scrolled out of view would be missing.
        page.set_viewport_size({"width": 1280, "height": 1700})
        page.goto(f"{bot.url}/desk/digest")
        page.locator(".day .chart").last.wait_for()
        page.locator(".day").screenshot(path=FOLDER / "digest.png")
    finally:
        bot.close()


def main() -> int:
    """Take them; 0 when they are there."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bot = Portavoz(Path(folder) / "data")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            bot.start()
            bot.cli("sample", "now", "--as", "ana")
            until(lambda: len(bot.ask("inbox", "--json")) > 50 or None, what="the sample day")
            tickets = {line["author"]: line["id"] for line in bot.ask("inbox", "--json")}
            bot.cli("claim", tickets[TICKET], "--as", "luis")
            for name in SIZES:
                page = _signed_in(browser, bot, name)
                page.goto(f"{bot.url}/desk/t/{tickets[TICKET]}")
                page.locator("#thread .reply").first.wait_for()
                page.screenshot(path=FOLDER / f"{name}.png")
            _reports(browser, Path(folder))
        finally:
            browser.close()
            bot.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
