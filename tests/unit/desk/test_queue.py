"""Views of the queue, what narrows them, what is unread, and who is where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import messages as m
from bot.core.inbox import Narrow
from bot.core.types import Severity
from handlers.chats.desk.presence import MANY, SILENCE, Presence
from handlers.chats.desk.queue import VIEWS, Choice, choice_of
from handlers.chats.desk.reading import REMEMBERED, Reading
from tests.contract.chat_world import Clock, Drawer
from tests.contract.desk_side import DeskSide

LUIS = "luis"


class TestChoice:
    @given(st.dictionaries(st.sampled_from(["view", "severity", "account", "q"]), st.text(max_size=40)))
    def test_whatever_an_address_says_the_choice_is_one_and_its_address_leads_back_to_it(
        self, query: dict[str, str]
    ) -> None:
        choice = choice_of(query)
        assert choice.view in VIEWS
        assert choice.query.isascii()
        given = dict(pair.split("=") for pair in choice.query.removeprefix("?").split("&") if pair)
        assert choice_of(given) == choice

    def test_a_severity_that_is_chosen_twice_is_not_chosen_any_more(self) -> None:
        high = Choice(view="mine").toggled(severity="high")
        assert high.query == "?view=mine&severity=high"
        assert high.narrow(frozenset()) == Narrow(severity=Severity.HIGH)
        assert high.toggled(severity="high") == Choice(view="mine")
        assert high.toggled(severity="low").severity == "low"

    def test_only_the_unread_view_looks_at_what_was_read(self) -> None:
        seen = frozenset({("K7Q2", 3)})
        assert Choice(view="unread").narrow(seen).seen == seen
        assert Choice(view="overdue").narrow(seen) == Narrow(overdue=True)


class TestViews:
    async def test_each_view_shows_what_belongs_there_and_counts_it(self, desk: DeskSide) -> None:
        late = desk.world.comment("An old complaint.", severity=Severity.CRITICAL)
        desk.world.clock.forward(minutes=20)
        mine, snoozed, closed, waiting = (desk.world.comment(f"Comment {n}.") for n in range(4))
        await desk.world.submit(m.Assign(by=LUIS, via="desk", ticket=mine))
        await desk.world.submit(m.Snooze(by=LUIS, via="desk", ticket=snoozed, span=timedelta(hours=1)))
        await desk.world.submit(m.Close(by=LUIS, via="desk", ticket=closed))
        await desk.world.submit(m.Wait(by=LUIS, via="desk", ticket=waiting))
        wanted = {
            "open": {late, mine, waiting},
            "mine": {mine},
            "unread": {late, mine, waiting},
            "waiting": {waiting},
            "overdue": {late},
            "snoozed": {snoozed},
            "closed": {closed},
        }
        for view, tickets in wanted.items():
            html = (await (await desk.browser(LUIS)).get(f"/desk?view={view}")).text
            rows = {one for one in (late, mine, snoozed, closed, waiting) if f'href="/desk/t/{one}' in html}
            assert rows == tickets, view
            count = html.split(f'class="view-{view}')[1].split('class="count">')[1].split("<")[0]
            assert count == str(len(tickets)), view

    async def test_a_list_can_be_narrowed_to_a_severity_and_an_account(self, desk: DeskSide) -> None:
        low, high = desk.world.comment("One."), desk.world.comment("Two.", severity=Severity.HIGH)
        html = (await (await desk.browser(LUIS)).get("/desk?severity=high")).text
        assert f'href="/desk/t/{high}?severity=high"' in html
        assert low not in html
        assert "take away" in html
        nothing = await desk.page(LUIS, "/desk?account=elsewhere")
        assert low not in nothing.text
        assert "Show all" in nothing.text

    async def test_the_thread_keeps_the_list_that_it_was_opened_from(self, desk: DeskSide) -> None:
        low, high = desk.world.comment("One."), desk.world.comment("Two.", severity=Severity.HIGH)
        html = (await (await desk.browser(LUIS)).get(f"/desk/t/{high}?severity=high")).text
        assert low not in html

    @pytest.mark.parametrize("view", [view for view in VIEWS if view != "open"])
    async def test_an_empty_view_says_what_would_stand_there(self, desk: DeskSide, view: str) -> None:
        page = await desk.page("ana", f"/desk?view={view}")
        assert "A la bandeja" in page.text


class TestUnread:
    async def test_a_ticket_is_unread_until_one_looks_and_again_when_it_changes(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()

        async def unread(person: str = LUIS) -> bool:
            return ticket in (await desk.page(person, "/desk?view=unread")).text

        assert await unread()
        await desk.page(LUIS, f"/desk/t/{ticket}")
        assert not await unread()
        assert await unread("eva")
        desk.world.comment_again(ticket, "And nobody answers!")
        assert await unread()
        await (await desk.browser(LUIS)).get(f"/desk/part/t/{ticket}?away=")
        assert await unread()
        await (await desk.browser(LUIS)).head(f"/desk/t/{ticket}")
        assert await unread()
        await (await desk.browser(LUIS)).get(f"/desk/part/t/{ticket}")
        assert not await unread()

    async def test_it_survives_a_restart_and_forgets_the_oldest(self) -> None:
        keep = Drawer(Clock())
        for number in range(REMEMBERED + 5):
            await Reading(keep).looked("ana", f"T{number}", 1)
        await Reading(keep).looked("ana", "T5", 2)
        seen = await Reading(keep).seen("ana")
        assert len(seen) == REMEMBERED
        assert ("T5", 2) in seen
        assert ("T4", 1) not in seen
        assert await Reading(keep).seen("luis") == frozenset()


class TestPresence:
    def test_tickets_that_everybody_left_without_a_word_are_forgotten(self) -> None:
        now = [0.0]
        presence = Presence(lambda: now[0])
        for number in range(10_000):
            now[0] += 1
            presence.note(f"T{number}", "ana", "reading")
        assert len(presence._there) <= MANY + 1
        assert presence.at("T9999") == {"ana": "reading"}
        assert presence.at("T9950") == {"ana": "reading"}

    def test_who_falls_silent_is_forgotten_and_who_writes_is_news(self) -> None:
        now = [0.0]
        presence = Presence(lambda: now[0])
        assert presence.note("K7Q2", "ana", "reading")
        assert not presence.note("K7Q2", "ana", "reading")
        assert presence.note("K7Q2", "luis", "editing")
        assert presence.at("K7Q2") == {"ana": "reading", "luis": "editing"}
        now[0] = SILENCE - 1
        assert not presence.note("K7Q2", "ana", "reading")
        now[0] = SILENCE + 1
        assert presence.at("K7Q2") == {"ana": "reading"}
        assert presence.note("K7Q2", "ana", "gone")
        assert presence.at("K7Q2") == {}
        assert presence._there == {}

    async def test_a_page_says_where_its_person_is_in_each_readers_language(self, desk: DeskSide) -> None:
        ticket = desk.world.comment()
        client, page = await desk.browser(LUIS), await desk.page(LUIS, f"/desk/t/{ticket}")
        csrf = page.forms["/desk/command"].fields["csrf"]
        answer = await client.post("/desk/here", data={"csrf": csrf, "ticket": ticket, "doing": "editing"})
        assert answer.status_code == 204
        assert "Luis está escribiendo" in (await desk.page("ana", f"/desk/t/{ticket}")).text
        assert "Luis is editing" in (await desk.page("eva", f"/desk/t/{ticket}")).text
        assert "Luis is editing" not in (await desk.page(LUIS, f"/desk/t/{ticket}")).text
        for odd in ({"ticket": "../..", "doing": "editing"}, {"ticket": ticket, "doing": "<b>"}):
            assert (await client.post("/desk/here", data={"csrf": csrf, **odd})).status_code == 204
        assert "Luis" not in (await desk.page("eva", f"/desk/t/{ticket}")).text.split("Conversation")[0].split("Eva")[0]
