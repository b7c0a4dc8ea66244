"""The desk when connections break, sessions end, and two people sit before one thread; scripts on."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from bot.core import messages as m
from bot.core.types import CardRef, Message
from tests.browser.office import Office
from tests.contract.chat_world import TEAM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def at(office: Office, person: str, ticket: str) -> Page:
    page = await office.enter(person)
    await page.goto(f"{office.base}/desk/t/{ticket}")
    await expect(page.locator(".thread")).to_be_visible()
    return page


async def begin_editing(page: Page, text: str) -> None:
    await page.keyboard.press("e")
    await page.get_by_label("Your wording").fill(text)


class TestConnectionLost:
    async def test_a_page_that_was_cut_off_misses_nothing(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await at(office, "luis", ticket)
        await office.unplug()
        await expect(page.locator("#link-state")).to_contain_text("Connection lost.")
        other = office.world.comment("Written while nobody was connected.", author="Nadia")
        office.world.propose(ticket, "A colleague's wording, meanwhile.")
        await office.news(ticket)
        ref = CardRef(room="desk", native=ticket)
        await office.desk.say(ref, Message(text="Said to everybody meanwhile.", key="k"))
        await office.desk.tell(TEAM[1], ref, "Said to Luis alone meanwhile.")
        office.world.on["paused"] = "the printer burns"
        asked, pressed = asyncio.Event(), asyncio.Event()

        async def hold(route: Route) -> None:
            """What the browser asks by itself gets no answer; what the button asks goes through."""
            if pressed.is_set():
                await route.continue_()
            asked.set()

        await page.route("**/desk/events**", hold)
        await asked.wait()
        await office.plug_in()
        pressed.set()
        await page.get_by_role("button", name="Try now").click()
        await expect(page.locator("#list")).to_contain_text("Nadia")
        await expect(page.locator(f"a.row[href$='{other}']")).to_be_visible()
        await expect(page.locator(".draft-text")).to_contain_text("A colleague's wording")
        await expect(page.locator("#banners")).to_contain_text("the printer burns")
        for said in ("Said to everybody meanwhile.", "Said to Luis alone meanwhile."):
            await expect(page.locator("#live").get_by_text(said)).to_have_count(1)
        await office.said(page, "Connected again.")
        await expect(page.locator("#link-state")).to_be_hidden()

    async def test_a_text_that_could_not_be_sent_is_kept_and_sent_later(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await at(office, "luis", ticket)
        await begin_editing(page, "Words that must not be lost.")
        await office.unplug()
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator("#live")).to_contain_text("That did not arrive.")
        await expect(page.get_by_label("Your wording")).to_have_value("Words that must not be lost.")
        await office.plug_in()
        await page.goto(f"{office.base}/desk/t/{ticket}")  # even a new page has it
        await expect(page.get_by_label("Your wording")).to_have_value("Words that must not be lost.")
        await expect(page.locator("#live")).to_contain_text("What you had not saved is back in its box.")
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator(".draft-text")).to_have_text("Words that must not be lost.")
        await page.reload()
        await expect(page.locator("details[data-keep=edit]")).not_to_have_attribute("open", "")
        assert office.world.card_now(ticket).line.draft == "Words that must not be lost."

    async def test_when_the_session_ends_the_page_stays_with_its_text(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await at(office, "luis", ticket)
        await begin_editing(page, "Half a sentence")
        await page.context.clear_cookies()
        await office.news(ticket)
        await expect(page.locator("#link-state")).to_contain_text("Your session has ended.")
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator("#live")).to_contain_text("You are not signed in.")
        await expect(page.get_by_label("Your wording")).to_have_value("Half a sentence")
        await page.goto(await office.desk.sign_in_link("luis"))
        await page.get_by_role("button").click()
        await page.wait_for_url(f"{office.base}/desk")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await expect(page.get_by_label("Your wording")).to_have_value("Half a sentence")

    async def test_signing_out_leaves_no_texts_behind(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await at(office, "luis", ticket)
        await begin_editing(page, "Nobody else's business")
        assert "business" in await page.evaluate("JSON.stringify(localStorage)")
        await page.locator(".menu summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading")).to_have_text("You are signed out.")
        assert await page.evaluate("localStorage.length") == 0

    async def test_an_unsent_text_stays_with_its_thread_and_person(self, office: Office) -> None:
        ticket, other = office.world.comment(), office.world.comment("Another matter.")
        page = await at(office, "luis", ticket)
        await begin_editing(page, "For the first thread only")
        await page.locator(f"a.row[href$='{other}']").click()
        await expect(page.locator(".thread")).to_have_attribute("data-ticket", other)
        await expect(page.locator("details[data-keep=edit]")).not_to_have_attribute("open", "")
        await page.locator(f"a.row[href$='{ticket}']").click()
        await expect(page.get_by_label("Your wording")).to_have_value("For the first thread only")


class TestTwoPeople:
    async def test_each_sees_that_the_other_is_there_and_writing(self, office: Office) -> None:
        ticket = office.world.comment()
        luis, eva = await at(office, "luis", ticket), await at(office, "eva", ticket)
        await expect(luis.locator("#company")).to_have_text("Eva is here")
        await luis.keyboard.press("e")
        await luis.get_by_label("Your wording").press_sequentially("!")
        await expect(eva.locator("#company")).to_have_text("Luis is editing")
        await eva.reload()
        await expect(eva.locator("#company")).to_have_text("Luis is editing")
        await luis.goto(f"{office.base}/desk")
        await expect(eva.locator("#company")).to_be_hidden()

    async def test_of_two_who_approve_at_once_one_wins_and_the_other_is_told(self, office: Office) -> None:
        ticket = office.world.comment()
        pages = [await at(office, who, ticket) for who in ("luis", "ana")]
        both = asyncio.Barrier(2)  # neither wish leaves its browser before both have clicked

        async def hold(route: Route) -> None:
            await both.wait()
            await route.continue_()

        for page in pages:
            await page.route("**/approve", hold)
            await page.locator("[data-key=a]").click()
        for page in pages:
            await expect(page.locator(".reply.state-approved")).to_be_visible()
            # The news of the one may come before the answer to the other.
            await expect(page.locator("#live .answer")).to_contain_text(
                re.compile("Approved|Aprobad|Not done|No se ha")
            )
        said = " ".join([await page.locator("#live").inner_text() for page in pages])
        assert len(office.world.decided(ticket)) == 1
        assert "Approved." in said or "Aprobad" in said
        assert "Not done." in said or "No se ha hecho" in said

    async def test_a_claim_shows_at_the_other_and_keeps_them_from_editing(self, office: Office) -> None:
        ticket = office.world.comment()
        luis, eva = await at(office, "luis", ticket), await at(office, "eva", ticket)
        await luis.keyboard.press("c")
        await expect(luis.locator("#live")).to_contain_text("nobody else edits")
        await office.news(ticket)
        await expect(eva.locator(".thread-head")).to_contain_text("Luis is on it")
        await begin_editing(eva, "Eva's wording")
        await eva.get_by_role("button", name="Save as revision 2").click()
        await expect(eva.locator("#live .refused")).to_contain_text("Luis")
        await expect(eva.get_by_label("Your wording")).to_have_value("Eva's wording")

    async def test_a_button_on_what_changed_meanwhile_says_so(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.route("**/desk/part/**", lambda route: route.abort())  # the page stays as it was
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await office.world.submit(m.Refuse(by="ana", via="desk", ticket=ticket, revision=1))
        await page.locator("[data-key=a]").click()
        await expect(page.locator("#live .refused")).to_contain_text("Not done.")
        assert [decision.verdict for decision in office.world.decided(ticket)] == ["refuse"]
