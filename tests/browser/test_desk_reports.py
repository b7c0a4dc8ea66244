"""The reports as people use them: another span, a table behind a chart, a file, light and dark, on a phone."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.charts.palette import PALETTES
from bot.core.report import Load
from bot.core.scene import Ink
from tests.browser.office import Office, a_busy_morning

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
NARROW = 360


async def at_the_reports(office: Office) -> Page:
    await a_busy_morning(office)
    office.world.loads = [Load(person="ana", assigned=3, answered=2, decided=4)]
    page = await office.enter("luis", scheme="light")
    await page.goto(f"{office.base}/desk")
    await page.get_by_role("navigation", name="Views").get_by_role("link", name="Reports").click()
    await expect(page.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    return page


async def colour(page: Page, kind: str) -> str:
    found: str = await page.locator(f".chart .fill-{kind}").first.evaluate("one => getComputedStyle(one).fill")
    return found


def computed(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


async def test_another_span_is_asked_for_by_a_link_or_by_days(office: Office) -> None:
    page = await at_the_reports(office)
    await expect(page.get_by_role("img", name="What came, by the day")).to_be_visible()
    await page.get_by_role("link", name="Today", exact=True).click()
    await expect(page.get_by_role("img", name="What came, by the hour")).to_be_visible()
    await expect(page.get_by_role("link", name="Today", exact=True)).to_have_attribute("aria-current", "page")
    await page.get_by_label("From", exact=True).fill("2025-01-01")
    await page.get_by_label("To", exact=True).fill("2025-12-31")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_text("Nothing happened in these days.")).to_be_visible()
    assert "from=2025-01-01&to=2025-12-31" in page.url


async def test_behind_a_chart_stands_a_table_and_a_file(office: Office) -> None:
    page = await at_the_reports(office)
    await page.get_by_role("figure").first.get_by_text("As a table").click()
    table = page.get_by_role("region", name="What came").get_by_role("table")
    await expect(table.get_by_role("columnheader", name="Negative")).to_be_visible()
    await expect(table.get_by_role("row")).to_have_count(8)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="By person as CSV").click()
    file = await coming.value
    assert file.suggested_filename.startswith("portavoz-people-")
    contents = await asyncio.to_thread(Path(await file.path()).read_text, encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(contents)))
    assert rows == [["Person", "Assigned", "Answered", "Decided"], ["Ana", "3", "2", "4"]]


async def test_charts_wear_the_colours_of_the_page_and_stay_readable_on_a_phone(office: Office) -> None:
    page = await at_the_reports(office)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        inks = PALETTES[scheme].inks
        assert await colour(page, "bad") == computed(inks[Ink.BAD])
        assert await colour(page, "good") == computed(inks[Ink.GOOD])
        for width in (1280, NARROW):
            await page.set_viewport_size({"width": width, "height": 780})
            await office.picture(page, f"reports-{scheme}-{width}")
    drawn = page.locator(".chart").first
    assert await drawn.evaluate("one => one.getBoundingClientRect().width / one.viewBox.baseVal.width") >= 0.9
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW


async def test_so_do_those_of_a_digest(office: Office) -> None:
    page = await at_the_reports(office)
    await page.goto(f"{office.base}/desk/digest/{office.world.clock().date()}")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await expect(page.locator(".chart")).to_have_count(2)
        assert await colour(page, "bad") == computed(PALETTES[scheme].inks[Ink.BAD])
        for width in (1280, NARROW):
            await page.set_viewport_size({"width": width, "height": 780})
            await office.picture(page, f"digest-{scheme}-{width}")
            shown = "one => one.getBoundingClientRect().width / one.viewBox.baseVal.width"
            assert 0.9 <= await page.locator(".chart").first.evaluate(shown) < 1.3, "as large as the words around it"
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW


async def test_stats_in_the_command_line_opens_them(office: Office) -> None:
    page = await office.enter("luis")
    await page.goto(f"{office.base}/desk")
    await page.get_by_label("Command").fill("stats 30d")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/reports?days=30")
    await expect(page.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "page")
