"""What the desk says, and what a person may press, while a reply is written, sent and gone astray; scripts on."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.core import messages as m
from bot.core.types import CardRef, Message
from tests.browser.office import Office, stop_the_clock

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BOTH = pytest.mark.parametrize(("person", "locale"), [("ana", "es"), ("luis", "en")])


async def at_ticket(office: Office, person: str, ticket: str, *, zone: str = "UTC") -> Page:
    page = await office.enter(person, zone=zone)
    await page.clock.install(time=office.world.clock())
    await page.goto(f"{office.base}/desk/t/{ticket}")
    await expect(page.locator(".thread")).to_be_visible()
    return page


async def approve(page: Page) -> None:
    await page.locator("[data-key=a]").click()
    await expect(page.locator(".reply.state-approved")).to_be_visible()


class TestNotes:
    @BOTH
    async def test_an_answer_goes_when_the_ticket_has_moved_on_since(
        self,
        office: Office,
        person: str,
        locale: str,
    ) -> None:
        ticket = office.world.comment()
        page = await at_ticket(office, person, ticket)
        await approve(page)
        answer = page.locator("#live .answer.done")
        await expect(answer.locator("code")).to_contain_text(ticket)
        await expect(page.locator("#live")).not_to_contain_text("`")
        await office.picture(page, f"{locale}-undo")
        await page.clock.run_for(3000)
        office.world.publish(ticket)
        await office.news(ticket)
        await expect(page.locator(".reply.state-published")).to_be_visible()
        await expect(answer).to_have_count(0)
        told = Message(text="Published.", code="published", ticket=ticket)
        await office.desk.say(CardRef(room="desk", native=ticket), told)
        await expect(page.locator("#live")).to_contain_text("Publicad" if locale == "es" else "Published.")
        await office.picture(page, f"{locale}-published")
        await page.clock.run_for(13_000)
        await expect(page.locator("#live .answer")).to_have_count(0)
        await expect(page.locator("#hide-live")).to_be_hidden()
        await expect(page.locator(".bubble.ours .by")).to_contain_text("Panadería Sol wall")

    async def test_a_refusal_stays_until_it_is_hidden_by_key_or_button(self, office: Office) -> None:
        page = await at_ticket(office, "luis", office.world.comment())
        for hide in (lambda: page.keyboard.press("Escape"), page.locator("#hide-live").click):
            await page.get_by_label("Command").fill("undo")
            await page.keyboard.press("Enter")
            await expect(page.locator("#live .refused")).to_be_visible()
            await page.clock.run_for(60_000)
            await expect(page.locator("#live .refused")).to_be_visible()
            await hide()
            await expect(page.locator("#live .answer")).to_have_count(0)

    async def test_a_page_of_no_thread_answers_what_is_typed_beside_it(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("ana")
        for line, answer, where, anew in (
            ("salud", "Funciona todo.", "reports", False),
            ("pausar obras", "En pausa", "reports", True),
            (f"nota {ticket} llamar", "Anotado", f"t/{ticket}", True),
        ):
            await page.goto(f"{office.base}/desk/reports")
            await page.evaluate("document.body.id = 'old'")
            await page.locator("#line").fill(line)
            await page.keyboard.press("Enter")
            await expect(page.locator("body#old")).to_have_count(0 if anew else 1)
            await expect(page.locator("#live .answer")).to_contain_text(answer)
            assert page.url == f"{office.base}/desk/{where}"
            await expect(page.locator("body#old")).to_have_count(0 if anew else 1)
            await page.reload()
            await expect(page.locator("#live .answer")).to_have_count(0)
        assert office.complaints == []

    async def test_what_was_told_to_one_person_waits_for_them(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await at_ticket(office, "luis", ticket)
        await office.desk.tell(office.world.team["luis"], CardRef(room="desk", native=ticket), "Only for you.")
        await expect(page.locator("#live")).to_contain_text("Only for you.")
        await page.clock.run_for(60_000)
        await expect(page.locator("#live")).to_contain_text("Only for you.")


class TestDeciding:
    async def test_unsaved_text_holds_the_approval_of_the_saved_one(self, office: Office) -> None:
        page = await at_ticket(office, "luis", office.world.comment())
        button, area = page.get_by_role("button", name="Approve"), page.get_by_label("Your wording")
        await page.locator("summary[data-key=e]").click()
        await expect(button).to_be_enabled()
        before = await area.input_value()
        await area.fill("Better words.")
        await expect(button).to_be_disabled()
        await expect(button).to_have_attribute("title", "You have text in the edit box that is not saved yet. "
                                               "Save it, or put the old text back, before you approve.")  # fmt: skip
        await office.picture(page, "unsaved")
        await area.fill(before)
        await expect(button).to_be_enabled()
        await expect(button).to_have_attribute("title", "")
        await area.fill("Better words.")
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator(".draft-text")).to_have_text("Better words.")
        await page.clock.run_for(2000)
        await expect(button).to_be_enabled()

    async def test_the_time_is_that_of_the_readers_zone_and_the_last_second_is_one(self, office: Office) -> None:
        ticket = office.world.comment()
        await office.world.submit(m.Approve(by="luis", via="desk", ticket=ticket, revision=1))
        office.world.clock.forward(seconds=7)
        page = await office.enter("ana", zone="Europe/Madrid")
        await stop_the_clock(page, office)
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await expect(page.locator(".undo-clock .clock")).to_have_text("11:00")
        await expect(page.locator(".countdown")).to_have_text("faltan 3 segundos")
        await page.clock.run_for(2000)
        await expect(page.locator(".countdown")).to_have_text("falta 1 segundo")

    @BOTH
    async def test_a_lost_reply_can_be_copied_from_the_page(
        self,
        office: Office,
        person: str,
        locale: str,
    ) -> None:
        ticket = office.world.comment(draft="Sorry, Marta.\n\nA new one is on its way.")
        await office.world.submit(m.Approve(by="luis", via="desk", ticket=ticket, revision=1))
        office.world.lose(ticket)
        page = await at_ticket(office, person, ticket)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.locator("[data-copy]").click()
        await expect(page.locator("#live")).to_contain_text("Copiado." if locale == "es" else "Copied.")
        assert await page.evaluate("navigator.clipboard.readText()") == "Sorry, Marta.\n\nA new one is on its way."
        await office.picture(page, f"{locale}-uncertain")
        assert office.complaints == []
