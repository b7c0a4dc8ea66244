"""`make pictures`: the pictures of the README, taken from the real process with the sample day in it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.store.engine import Database
from bot.store.migrate import migrate
from tests import month
from tests.bench.invented import fill
from tests.browser.office import CHROMIUM, FLAGS
from tests.e2e.process import Portavoz, until

FOLDER = Path(__file__).parents[1] / "pictures"
SIZES = {"desk": (1280, 800, "light"), "desk-phone": (390, 800, "dark")}
YEAR = 6_000
"""Comments of the invented year whose last month the reports show."""
TICKET = "Iker Zabala"
SETTINGS = """
timezone = "Europe/Madrid"

[brand]
name = "Café Alba"

[digest]
calendar = "{calendar}"

[[objectives]]
share = 80
minutes = 60
kind = "complaint"
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Alba//Agenda//ES
BEGIN:VEVENT
UID:recipe@alba.example
DTSTART;TZID=Europe/Madrid:20260101T110000
DURATION:PT30M
RRULE:FREQ=DAILY
SUMMARY:Publicar la receta de la semana
END:VEVENT
END:VCALENDAR
"""


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


def _shown(browser: Browser, folder: Path, path: str, place: str, name: str) -> None:
    """A part of a page of the desk over the database in this folder."""
    bot = Portavoz(folder)
    try:
        bot.start()
        page = _signed_in(browser, bot, "desk")
        # As high as the whole page: what is scrolled out of view would be missing.
        page.set_viewport_size({"width": 1280, "height": 2400})
        page.goto(f"{bot.url}{path}")
        page.locator(f"{place} .chart").last.wait_for()
        page.locator(place).screenshot(path=FOLDER / f"{name}.png")
    finally:
        bot.close()


def _reports(browser: Browser, folder: Path) -> None:
    """The charts of a month, from a database with a year in it."""
    folder.mkdir()
    year = Database.at(folder / "portavoz.db")
    migrate(year, backup_dir=None)
    fill(year, YEAR, until=datetime.now(UTC))
    year.close()
    _shown(browser, folder, "/desk/reports?days=30", ".figures-row", "reports")


def _replayed(folder: Path, busy: date) -> None:
    """A month with a busy day in it. It has a loop of its own, which the browser's would not let it have."""
    folder.mkdir()
    asyncio.run(month.replay(folder / "portavoz.db", busy=busy, after=0, written="es"))
    (folder / "portavoz.toml").write_text(SETTINGS.format(calendar=folder / "team.ics"), encoding="utf-8")
    (folder / "team.ics").write_text(CALENDAR, encoding="utf-8")


def main() -> int:
    """Take them; 0 when they are there."""
    FOLDER.mkdir(exist_ok=True)
    busy = datetime.now(month.MADRID).date() - month.DAY
    with tempfile.TemporaryDirectory() as folder, ExitStack() as later:
        _replayed(Path(folder) / "busy", busy)
        playwright = later.enter_context(sync_playwright())
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
            _reports(browser, Path(folder) / "year")
            _shown(browser, Path(folder) / "busy", f"/desk/digest/{busy}", ".day", "digest")
        finally:
            browser.close()
            bot.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
