"""The contract of team chats, second part: long messages, calls, limits, dead tokens, quorum, marks of a card."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace

import pytest

from bot.core import messages as m
from bot.core.clocks import Step
from bot.core.errors import AuthExpired, CardGone, OutcomeUnknown, PlaceGone, Transient
from bot.core.ports import TeamChat
from bot.core.types import AuthorFlag, Message, ReplyState, Severity
from bot.reports.digest import compose, pictured
from tests.contract.chat_side import ChatSide, View
from tests.contract.hostile import UNSEEN
from tests.reports.test_digest import BUSY, HOSTILE, ROSA

LOUD = "On call: Luis <!channel> @everyone @here <@U0EVA> <@!1234567890123456789> [x](tg://user?id=101)"
EVERY: tuple[tuple[str, str, str, type[m.Command]], ...] = (
    ("eva", "claim", "", m.Claim),
    ("eva", "note", "She is a regular.", m.AddNote),
    ("eva", "kind", "question", m.SetKind),
    ("eva", "severity", "high", m.SetSeverity),
    ("luis", "assign", "@eva", m.Assign),
    ("eva", "ask", "@luis do we ship there?", m.Ask),
    ("eva", "wait", "", m.Wait),
    ("eva", "redraft", "shorter", m.Redraft),
    ("luis", "refuse", "too long", m.Refuse),
    ("eva", "reply", "A new one is on its way.", m.Write),
    ("eva", "edit", "A new jar is on its way.", m.Edit),
    ("eva", "escalate", "@luis", m.Escalate),
    ("eva", "snooze", "2h", m.Snooze),
    ("eva", "reopen", "", m.Reopen),
    ("eva", "close", "solved", m.Close),
)


class Telling:
    """Scenarios about saying, and about what goes wrong on the way. A side that is not `remote` has no way."""

    adapter: str
    chat: type[TeamChat]

    def between(self, side: ChatSide) -> None:
        if not side.remote:
            pytest.skip(f"nothing lies between {self.adapter} and its room")

    # --- decisions ----------------------------------------------------------------------------------------------

    async def test_every_command_reaches_the_core(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        for person, verb, text, kind in EVERY:
            await side.decide(await side.see_card(person, ticket), verb, by="command", text=text)
            assert side.world.submitted, verb
            assert (type(side.world.submitted[-1]), side.world.submitted[-1].by) == (kind, person), verb
            await side.chat.update(ref, side.world.card_now(ticket))
        assert len(side.world.submitted) == len(EVERY)

    async def test_two_people_make_a_quorum_of_two_and_one_person_twice_does_not(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment(severity=Severity.CRITICAL)
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        assert side.world.card_now(ticket).reply.quorum == 2  # type: ignore[union-attr]
        view = await side.see_card("luis", ticket)
        for _ in range(2):
            await side.decide(view, "approve", by=by)
        await side.chat.update(ref, side.world.card_now(ticket))
        assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED
        shown = (await side.see_card("eva", ticket)).text
        assert "1 of 2" in shown
        assert "Luis" in shown
        await side.decide(await side.see_card("ana", ticket), "approve", by=by)
        assert {one.person for one in side.world.decided(ticket)} == {"ana", "luis"}
        assert side.world.card_now(ticket).line.reply_state is ReplyState.APPROVED

    # --- what a card adds ---------------------------------------------------------------------------------------

    async def test_a_card_tells_flag_clock_and_what_is_held_back(self, side: ChatSide) -> None:
        ticket = side.world.comment(author="Marta")
        shelf = side.world.shelves[ticket]
        rung = replace(shelf.case.ticket, flag=AuthorFlag.PRESS, rung=int(Step.OVERDUE), author=7)
        shelf.case = replace(shelf.case, ticket=rung)
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        shown = (await side.see_card("luis", ticket)).text
        assert "press" in shown
        assert "verdue" in shown
        still = replace(rung, due_at=None, clock_since=None, answer_target=3600, answer_spent=1200)
        shelf.case = replace(shelf.case, ticket=still)
        await side.chat.update(ref, side.world.card_now(ticket))
        assert "40 minutes left" in (await side.see_card("luis", ticket)).text

    async def test_a_card_tells_what_became_of_the_comment(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        shelf = side.world.shelves[ticket]
        marks = re.compile(r"edited|moderators|not on the network any more|gone from the network")
        assert marks.findall((await side.see_card("luis", ticket)).text) == []
        side.world.edit_comment(ticket, "No, the jar is whole.")
        shelf.items[0] = replace(shelf.items[0], item=replace(shelf.items[0].item, held=True), gone=True)
        await side.chat.update(ref, side.world.card_now(ticket))
        assert len(set(marks.findall((await side.see_card("luis", ticket)).text))) == 3

    # --- what is said -------------------------------------------------------------------------------------------

    async def test_a_digest_is_said_once_with_its_parts_its_details_and_its_picture(self, side: ChatSide) -> None:
        hostile = replace(BUSY, voices=(replace(ROSA, text=HOSTILE, author="@everyone"),))
        told = replace(pictured(compose(hostile, "en", "https://bot.example/desk")), key="digest:inbox:2026-11-20")
        for _ in range(2):
            await side.chat.say(side.room, told)
        said = "\n".join(await side.room_texts())
        if not side.remote:  # it has a page for it
            assert said.count("The digest of Nov 20, 2026") == 1
            return
        for wanted in (told.title, "42 comments came in", "The lid was broken", *(one.title for one in told.sections)):
            assert wanted in said, wanted
        assert said.count("42 comments came in") == 1
        assert UNSEEN.search(said) is None
        assert await side.called() == []
        assert "5ea1" * 16 in said, "the details are not there"
        [alt] = await side.pictures()
        assert "42" in alt

    async def test_people_are_called_and_nobody_else_whatever_a_text_says(self, side: ChatSide) -> None:
        self.between(side)
        ticket = side.world.comment()
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        team = {person.id: person for person in side.people}
        await side.chat.say(side.room, Message(text=LOUD, key="nobody"))
        assert await side.called() == []
        await side.chat.say(ref, Message(text=LOUD, key="a", call=(team["luis"], team["ana"]), on_call=True))
        assert sorted(await side.called()) == ["ana", "luis"]

    # --- what goes wrong ----------------------------------------------------------------------------------------

    async def test_a_rate_limit_says_how_long_and_then_it_is_said_once(self, side: ChatSide) -> None:
        self.between(side)
        message = Message(text="Good morning, team.", key="a")
        seconds = side.limit_next()
        with pytest.raises(Transient) as caught:
            await side.chat.say(side.room, message)
        assert caught.value.retry_after == seconds
        for _ in range(2):
            await side.chat.say(side.room, message)
        assert sum("Good morning, team." in one for one in await side.room_texts()) == 1

    async def test_what_was_said_stands_once_though_its_answer_was_lost(self, side: ChatSide) -> None:
        self.between(side)
        assert self.chat.says_once  # type: ignore[attr-defined]  # the port leaves it to each chat
        message = Message(text="Good morning, team.", key="a")
        side.lose_next_answer()
        with contextlib.suppress(OutcomeUnknown):
            await side.chat.say(side.room, message)
        await side.restart()
        for _ in range(2):
            await side.chat.say(side.room, message)
        assert sum("Good morning, team." in one for one in await side.room_texts()) == 1

    async def test_a_card_that_somebody_took_away_is_known_as_such_and_shown_anew(self, side: ChatSide) -> None:
        self.between(side)
        ticket, other = side.world.comment(), side.world.comment("And another.")
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        beside = await side.chat.post(side.room, side.world.card_now(other))
        await side.take_away(ticket)
        side.world.propose(ticket, "Other words.")
        card = side.world.card_now(ticket)
        for _ in range(2):
            with pytest.raises((CardGone, PlaceGone)):
                await side.chat.update(ref, card)
            assert await side.chat.find_card(side.room, card) is None
        with pytest.raises((CardGone, PlaceGone)):
            await side.chat.say(ref, Message(text="News.", key="n", ticket=ticket))
        anew = await side.chat.post(side.room, card)
        assert anew not in (ref, beside)
        assert await side.chat.find_card(side.room, card) == anew
        with pytest.raises((CardGone, PlaceGone)):
            await side.chat.update(ref, card)
        assert await side.chat.find_card(side.room, card) == anew
        assert (await side.cards(ticket), await side.cards(other)) == (1, 1)
        view: View = await side.see_card("luis", ticket)
        assert "Other words." in view.text
        await side.decide(view, "approve", by="button")
        assert [one.person for one in side.world.decided(ticket)] == ["luis"]
        await side.chat.update(anew, side.world.card_now(ticket))
        assert "Luis" in (await side.see_card("ana", ticket)).text

    async def test_a_dead_token_is_told_as_such_whatever_was_wished(self, side: ChatSide) -> None:
        self.between(side)
        ticket, other = side.world.comment(), side.world.comment("And another.")
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        side.world.propose(ticket, "Other words.")
        side.revoke(True)
        for call in (
            side.chat.post(side.room, side.world.card_now(other)),
            side.chat.update(ref, side.world.card_now(ticket)),
            side.chat.say(side.room, Message(text="Hello.", key="h")),
        ):
            with pytest.raises(AuthExpired):
                await call
        side.revoke(False)
        await side.chat.update(ref, side.world.card_now(ticket))
        await side.chat.say(side.room, Message(text="Hello.", key="h"))
        view: View = await side.see_card("luis", ticket)
        assert "Other words." in view.text
        await side.chat.post(side.room, side.world.card_now(other))
        assert (await side.cards(ticket), await side.cards(other)) == (1, 1)
