"""The desk by keyboard alone: threads, decisions, the overview; and never while somebody writes."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.core import messages as m
from tests.browser.office import Office, a_busy_morning, stop_the_clock

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class TestKeys:
    async def test_j_and_k_go_through_the_list_and_back(self, office: Office) -> None:
        tickets = await a_busy_morning(office)
        page = await office.enter("luis")
        order = ["critical", "late", "praise", "late", "critical", "critical"]
        for key, wanted in zip("jjjkkk", order, strict=True):
            await page.keyboard.press(key)
            await expect(page.locator(".thread")).to_have_attribute("data-ticket", tickets[wanted])
            await expect(page.locator("a.row[aria-current]")).to_have_attribute("href", f"/desk/t/{tickets[wanted]}")
        await page.go_back()
        await expect(page.locator(".thread")).to_have_attribute("data-ticket", tickets["late"])

    async def test_the_key_approves_what_was_seen_like_the_button(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.keyboard.press("j")
        await expect(page.locator(".thread")).to_be_visible()
        seen = await page.locator(".thread").get_attribute("data-seen")
        await page.keyboard.press("a")
        await page.keyboard.press("a")
        await expect(page.locator("#live")).to_contain_text("Approved.")
        await expect(page.locator("[data-key=u]")).to_be_visible()  # what is said comes before what is drawn
        assert office.world.submitted == [m.Approve(by="luis", via="desk", ticket=ticket, revision=1, seen=seen)]
        await page.keyboard.press("u")
        await expect(page.locator("#live")).to_contain_text("Taken back.")
        assert [decision.verdict for decision in office.world.decided(ticket)] == ["approve", "undo"]

    async def test_the_key_does_not_approve_a_draft_that_came_in_between(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.keyboard.press("j")
        await expect(page.locator(".thread")).to_be_visible()
        await stop_the_clock(page, office)  # a new draft cannot be approved at once, and here it is at once for ever
        await page.keyboard.press("a")
        office.world.propose(ticket, "Quite another text.")
        await office.news(ticket)
        await expect(page.locator(".draft-text")).to_contain_text("Quite another text.")
        await page.keyboard.press("a")
        await page.keyboard.press("a")
        await expect(page.locator("#live")).to_contain_text("The draft has just changed.")
        await expect(page.locator("#command:not([data-busy])")).to_be_visible()
        assert office.world.decided(ticket) == []

    @pytest.mark.parametrize(
        ("key", "field"), [("e", "#edit-text"), ("r", "#hint"), ("s", "#snooze-field"), ("n", "#note-text")]
    )
    async def test_a_key_opens_its_form_and_leads_into_it(self, office: Office, key: str, field: str) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.keyboard.press(key)
        await expect(page.locator(field)).to_be_focused()

    async def test_snoozing_takes_no_mouse(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.keyboard.press("s")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".thread-head")).to_contain_text("Snoozed")

    async def test_keys_are_letters_while_somebody_writes(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        for place in ("#line", "#q"):
            await page.locator(place).fill("")
            await page.locator(place).press_sequentially("jkaercsnu?:/")
            await expect(page.locator(place)).to_have_value("jkaercsnu?:/")
        await page.locator("#q").fill("")
        await page.locator("#line").fill("")
        await page.locator("summary[data-key=e]").click()
        await page.get_by_label("Your wording").press_sequentially(" aac")
        await expect(page.locator("#keys")).to_be_hidden()
        assert office.world.submitted == []

    async def test_with_a_modifier_a_key_is_the_browsers(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        for combination in ("Control+c", "Alt+a", "Control+a", "Meta+e"):
            await page.keyboard.press(combination)
        assert office.world.submitted == []
        await expect(page.locator("details[data-keep=edit]")).not_to_have_attribute("open", "")

    async def test_slash_searches_colon_commands_and_escape_leaves(self, office: Office) -> None:
        office.world.comment("My bicycle is blue.")
        page = await office.enter("luis")
        await page.keyboard.press("/")
        await expect(page.locator("#q")).to_be_focused()
        await page.keyboard.type("bicycle")
        async with page.expect_navigation(url="**/desk/search?*"):
            await page.keyboard.press("Enter")
        await expect(page.locator("mark")).to_have_text("bicycle")
        await page.keyboard.press("j")
        await expect(page.locator(".thread")).to_contain_text("My bicycle is blue.")
        await page.keyboard.press(":")
        await expect(page.locator("#line")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#line")).not_to_be_focused()

    async def test_the_overview_opens_closes_and_gives_the_focus_back(self, office: Office) -> None:
        page = await office.enter("ana")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("Aprobar lo que ves")
        await office.picture(page, "keys")
        await page.keyboard.press("a")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await page.locator(".menu summary").click()
        await page.locator("[data-help]").click()
        await expect(page.get_by_role("dialog")).to_be_visible()

    async def test_a_key_without_its_control_says_so(self, office: Office) -> None:
        ticket = office.world.comment()
        await office.world.submit(m.Close(by="luis", via="desk", ticket=ticket))
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.keyboard.press("a")
        await expect(page.locator("#live")).to_contain_text("That is not possible here now.")

    async def test_the_tab_key_goes_from_the_head_to_the_list_to_the_thread_to_the_command_line(
        self, office: Office
    ) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        places: list[str] = []
        for _ in range(60):
            await page.keyboard.press("Tab")
            places.append(
                await page.evaluate(
                    "document.activeElement.closest('header.top, #list, #thread, .foot, .skip')?.id "
                    "|| document.activeElement.closest('.top, .foot, .skip')?.classList[0] || 'none'"
                )
            )
            if places[-1] == "foot":
                break
        assert list(dict.fromkeys(places)) == ["skip", "top", "list", "thread", "foot"]
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
