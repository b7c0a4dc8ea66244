"""The desk in a real browser: scripts on, both languages, light and dark, wide and narrow."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from bot.core import messages as m
from bot.core.types import CardRef, Message
from tests.browser.office import HOSTILE, PHONE, WIDE, Office, a_busy_morning, stop_the_clock
from tests.contract.chat_world import TEAM

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize(("person", "locale"), [("ana", "es"), ("luis", "en")])
    @pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
    async def test_pages_fit_and_nothing_complains(
        self, office: Office, scheme: str, person: str, locale: str, size: tuple[int, int]
    ) -> None:
        tickets = await a_busy_morning(office)
        page = await office.enter(person, scheme=scheme, size=size)
        name = f"{locale}-{scheme}-{size[0]}"
        await office.picture(page, f"{name}-list")
        assert await page.get_attribute("html", "lang") == locale
        for which in ("late", "critical", "hostile", "answered"):
            await page.goto(f"{office.base}/desk/t/{tickets[which]}")
            await expect(page.locator(".thread")).to_be_visible()
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await office.picture(page, f"{name}-{which}")
        assert office.complaints == []

    async def test_an_empty_desk_welcomes(self, office: Office) -> None:
        for size in (WIDE, PHONE):
            page = await office.enter("ana", size=size)
            await expect(page.locator("#thread").get_by_role("link", name="muro")).to_be_visible()
            await office.picture(page, f"empty-{size[0]}")

    async def test_hostile_words_do_nothing(self, office: Office) -> None:
        tickets = await a_busy_morning(office)
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{tickets['hostile']}")
        await office.desk.say(CardRef(room="desk", native=tickets["hostile"]), Message(text=HOSTILE, key="k"))
        await expect(page.locator("#live")).to_contain_text("<script>")
        assert "owned" not in await page.title()
        assert await page.locator("#thread img, #live img, #thread script, #live script").count() == 0
        assert office.complaints == []

    async def test_on_a_phone_list_and_thread_are_separate(self, office: Office) -> None:
        tickets = await a_busy_morning(office)
        page = await office.enter("luis", size=PHONE)
        await expect(page.locator("#thread")).to_be_hidden()
        await page.locator(f"a.row[href$={tickets['critical']}]").click()
        await expect(page.locator(".thread")).to_contain_text("allergic reaction")
        await expect(page.locator("#list")).to_be_hidden()
        await page.locator(".back").click()
        await expect(page.locator("#list")).to_be_visible()


class TestLive:
    async def test_a_new_comment_appears_by_itself(self, office: Office) -> None:
        page = await office.enter("luis")
        ticket = office.world.comment("The parcel came broken.")
        await office.news(ticket)
        await expect(page.locator("#list")).to_contain_text("The parcel came broken.")

    async def test_approving_and_undoing_need_no_page_load(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.clock.set_fixed_time(office.world.clock())  # the countdown lasts as long as it is looked for
        await page.locator("a.row").click()
        await page.evaluate("window.same = true")
        await page.get_by_role("button", name="Approve").click()
        await expect(page.locator("#live")).to_contain_text("Approved.")
        await expect(page.locator(".countdown")).to_contain_text("seconds left")
        await office.picture(page, "undo")
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("button", name="Approve")).to_be_visible()
        assert await page.evaluate("window.same")
        assert [decision.verdict for decision in office.world.decided(ticket)] == ["approve", "undo"]

    async def test_what_somebody_is_typing_is_never_overwritten(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.keyboard.press("e")
        area = page.get_by_label("Your wording")
        await area.fill("My own wor")
        await area.press_sequentially("ds")
        office.world.propose(ticket, "A colleague was faster.")
        await office.news(ticket)
        await expect(page.locator(".draft-text")).to_contain_text("A colleague was faster.")
        await area.press_sequentially(" go on")
        await expect(area).to_have_value("My own words go on")
        await expect(area).to_be_focused()
        await page.get_by_role("button", name="Save as revision").click()
        await expect(page.locator("#live")).to_contain_text("You saw revision 1; the newest one is 2.")
        await expect(area).to_have_value("My own words go on")

    async def test_who_saves_after_a_colleague_is_told_and_may_then_save(self, office: Office) -> None:
        ticket = office.world.comment(draft="Sorry.")
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.locator("[data-key=e]").click()
        await page.locator("#edit-text").fill("Sorry, Marta: my words.")
        await office.world.submit(m.Edit(by="ana", via="desk", ticket=ticket, text="Sorry: hers.", revision=1))
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator("#live")).to_contain_text("the newest one is 2")
        await expect(page.locator(".draft-text")).to_have_text("Sorry: hers.")
        await page.get_by_role("button", name="Save as revision 3").click()
        await expect(page.locator(".draft-text")).to_have_text("Sorry, Marta: my words.")

    async def test_a_text_whose_form_is_gone_is_kept_to_be_copied(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.locator("summary[data-key=e]").click()
        await page.get_by_label("Your wording").fill("Half a reply")
        await office.world.submit(m.Close(by="eva", via="desk", ticket=ticket))
        await office.news(ticket)
        await expect(page.locator("#live")).to_contain_text("kept here so that you can copy it")
        await expect(page.locator("#edit-text")).to_have_value("Half a reply")

    async def test_a_click_meant_for_the_old_draft_does_not_approve_the_new_one(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await stop_the_clock(page, office)
        office.world.propose(ticket, "Another text altogether.")
        await office.news(ticket)
        await expect(page.locator(".draft-text")).to_contain_text("Another text altogether.")
        await office.news(ticket)  # drawing it again does not let the button go early
        await expect(page.get_by_role("button", name="Approve")).to_be_disabled()
        await expect(page.locator("#live")).to_contain_text("The draft has just changed.")
        await page.clock.run_for(1400)
        await expect(page.get_by_role("button", name="Approve")).to_be_disabled()
        await page.clock.run_for(200)
        await expect(page.get_by_role("button", name="Approve")).to_be_enabled()

    async def test_a_click_is_not_lost_when_the_page_is_drawn_between_press_and_release(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await stop_the_clock(page, office)  # a press is not waited for longer than a second
        await page.locator("[data-key=c]").hover()
        await page.mouse.down()
        await office.world.submit(m.AddNote(by="eva", via="desk", ticket=ticket, text="Drawn meanwhile."))
        async with page.expect_response("**/desk/part/t/**") as response:
            await office.news(ticket)
        await (await response.value).finished()
        await page.evaluate(
            "new Promise((done) => { const at = new MessageChannel(); at.port1.onmessage = done; "
            "at.port2.postMessage(0); })"
        )  # what the page does with it is done
        await page.mouse.up()
        await page.clock.run_for(100)
        await expect(page.locator("#live")).to_contain_text("nobody else edits")
        await expect(page.locator("#thread")).to_contain_text("Drawn meanwhile.")

    async def test_who_goes_on_to_the_command_line_is_not_fetched_back_by_the_thread(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        comes = asyncio.Event()

        async def hold(route: Route) -> None:
            await comes.wait()
            await route.continue_()

        await page.route("**/desk/part/t/**", hold)
        await page.keyboard.press("j")
        await page.keyboard.press(":")
        comes.set()
        await expect(page.locator(".thread")).to_have_attribute("data-ticket", ticket)
        await page.keyboard.type("help")
        await expect(page.get_by_label("Command")).to_have_value("help")

    async def test_words_written_while_others_are_being_saved_stay(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        on_its_way, comes = asyncio.Event(), asyncio.Event()

        async def hold(route: Route) -> None:
            on_its_way.set()
            await comes.wait()
            await route.continue_()

        await page.route("**/edit", hold)
        await page.keyboard.press("e")
        area = page.get_by_label("Your wording")
        await area.fill("Saved.")
        await page.get_by_role("button", name="Save as revision 2").click()
        await on_its_way.wait()
        await area.press_sequentially(" And more.")
        comes.set()
        await expect(page.locator(".draft-text")).to_have_text("Saved.")
        await expect(area).to_have_value("Saved. And more.")

    async def test_the_counter_counts_while_one_types(self, office: Office) -> None:
        ticket = office.world.comment(max_length=20)
        page = await office.enter("luis")
        await page.goto(f"{office.base}/desk/t/{ticket}")
        await page.locator("summary[data-key=e]").click()
        wording, counter = page.get_by_label("Your wording"), page.locator(".counter")
        await wording.fill("👩‍👩‍👧 and more than that")  # 24 code points; one family is one letter to this network
        await expect(counter).to_have_text("20 / 20")
        await expect(counter).to_have_class("counter")
        await wording.fill("👩‍👩‍👧 and more than that!")
        await expect(counter).to_have_text("21 / 20")
        await expect(counter).to_have_class("counter over")

    async def test_the_command_box_answers_in_place(self, office: Office) -> None:
        await a_busy_morning(office)
        page = await office.enter("luis")
        await page.keyboard.press(":")
        await page.keyboard.type("help snooze")
        await page.keyboard.press("Enter")
        await expect(page.locator("#live")).to_contain_text("snooze ID")
        idle = page.locator("#command:not([data-busy])")  # what is said comes before it takes the next line
        await expect(idle).to_be_visible()
        await page.get_by_label("Command").fill("pause printer on fire")
        await page.keyboard.press("Enter")
        await expect(page.locator("#banners")).to_contain_text("printer on fire")
        await expect(idle).to_be_visible()
        await expect(page.get_by_label("Command")).to_have_value("")
        await page.get_by_label("Command").fill("next")
        await page.keyboard.press("Enter")
        await expect(page.locator(".thread")).to_contain_text("allergic reaction")
        await office.picture(page, "paused")

    async def test_keys_move_and_approving_takes_two_presses(self, office: Office) -> None:
        tickets = await a_busy_morning(office)
        page = await office.enter("luis")
        await page.keyboard.press("j")
        await expect(page.locator(".thread")).to_have_attribute("data-ticket", tickets["critical"])
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await expect(page.locator(".thread")).to_have_attribute("data-ticket", tickets["praise"])
        await page.keyboard.press("a")
        await expect(page.get_by_role("button", name="Approve")).to_be_focused()
        assert office.world.decided(tickets["praise"]) == []
        await page.keyboard.press("a")
        await expect(page.locator("#live")).to_contain_text("Approved.")

    async def test_what_is_told_reaches_an_open_page_of_that_person_alone(self, office: Office) -> None:
        ticket = office.world.comment()
        luis, eva = await office.enter("luis"), await office.enter("eva")
        await office.desk.tell(TEAM[1], CardRef(room="desk", native=ticket), "Only for you.")
        await office.desk.tell(TEAM[2], CardRef(room="desk", native=ticket), "And for Eva.")
        await expect(luis.locator("#live")).to_contain_text("Only for you.")
        await expect(eva.locator("#live")).to_contain_text("And for Eva.")  # which came later
        await expect(eva.locator("#live")).not_to_contain_text("Only for you.")

    async def test_without_scripts_everything_works_by_page_loads(self, office: Office) -> None:
        ticket = office.world.comment()
        page = await office.enter("luis", scripts=False)
        await page.locator("a.row").click()
        await page.locator("summary[data-key=e]").click()
        await page.get_by_label("Your wording").fill("One.\n\nTwo.")
        await page.get_by_role("button", name="Save as revision 2").click()
        await expect(page.locator("#live")).to_contain_text("Saved as revision 2.")
        await page.get_by_role("button", name="Approve").click()
        await expect(page.locator("#live")).to_contain_text("Approved.")
        assert office.world.card_now(ticket).line.draft == "One.\n\nTwo."
