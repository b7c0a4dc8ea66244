"""From a thread to the page of who wrote it, and back with a flag; scripts on, and axe-core finds nothing there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.office import PHONE, WIDE, Office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

NUMBER = 7


async def test_a_flag_given_on_the_authors_page_shows_on_the_card(office: Office) -> None:
    ticket = office.world.comment("My cup is broken", author="Marta Vidal")
    office.world.answers[ticket] = "We are sorry, Marta. A new cup is on its way."
    shelf = office.world.shelves[ticket]
    still = replace(shelf.case.ticket, author=NUMBER, due_at=None, clock_since=None, answer_spent=600)
    shelf.case = replace(shelf.case, ticket=still)
    page = await office.enter("luis")
    await page.goto(f"{office.base}/desk/t/{ticket}")
    await expect(page.locator(".thread-head .due")).to_contain_text("The clock stands still")
    await page.locator(".thread-head .author-link").click()
    await expect(page.locator(f"[data-author='{NUMBER}'] h1")).to_contain_text("Marta Vidal")
    await expect(page.locator(".letter.past blockquote")).to_contain_text("A new cup")
    await page.get_by_label("Flag").select_option("vip")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".person-page .tag.flag")).to_contain_text("VIP")
    await page.get_by_label("Only the team sees this").fill("Prefers to be called")
    await page.locator("form[data-form=about] button").click()
    await expect(page.locator(".person-page .note")).to_contain_text("Prefers to be called")
    for size in (WIDE, PHONE):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        await office.picture(page, f"author-{size[0]}")
    await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    await page.locator(".letter.past .id").first.click()
    await expect(page.locator(".thread-head .tag.flag")).to_contain_text("VIP")
