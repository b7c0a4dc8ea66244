"""The contract of team chats: what every adapter under `handlers/chats` has to do, whatever service it speaks to.

A chat registers with a subclass that names the adapter's module and class and gives a `side` fixture. What a chat
`can` not do is left out by that declaration alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace

import pytest

from bot.core import messages as m
from bot.core.attachments import MOST
from bot.core.briefs import Cited, Made
from bot.core.errors import OutcomeUnknown
from bot.core.ports import Can, TeamChat
from bot.core.types import Attachment, AttachmentKind, CardRef, Message, ReplyState, TicketStatus
from tests.contract.chat_side import ChatSide
from tests.contract.chat_telling import Telling
from tests.contract.hostile import HOSTILE, UNSEEN

DISGUISES = {
    **HOSTILE,
    "closing tags": '</textarea></bdi></script><script>alert("x")</script>',
    "fake button": '<form action="https://evil.example"><button>Approve</button></form>',
    "attribute": '" onmouseover="alert(1)" x="',
    "slack markup": "<https://evil.example|your account> <!everyone> <@U1>",
    "markdown": "![](https://evil.example/p.png) [Approve](https://evil.example) @everyone",
}


class ChatContract(Telling):
    """Scenarios; each starts with an empty room and the team of `chat_world`."""

    adapter: str
    chat: type[TeamChat]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """The ways to decide that this chat declares."""
        if "by" in metafunc.fixturenames:
            reactions = ["reaction"] if Can.REACTIONS in self.chat.can else []
            metafunc.parametrize("by", ["button", "command", *reactions])

    def needs(self, ability: str) -> None:
        if ability not in self.chat.can:
            pytest.skip(f"{self.adapter} declares that it cannot: {ability}")

    async def shown(self, side: ChatSide, ticket: str) -> CardRef:
        return await side.chat.post(side.room, side.world.card_now(ticket))

    # --- cards --------------------------------------------------------------------------------------------------

    def test_it_declares_what_it_can_do_and_how_often(self) -> None:
        known = {value for name, value in vars(Can).items() if name.isupper()}
        assert self.chat.can <= known
        assert self.chat.budget.rate > 0
        assert self.chat.budget.burst >= 1

    async def test_a_card_is_posted_once_and_shows_what_there_is_to_know(self, side: ChatSide) -> None:
        ticket = side.world.comment("The parcel came broken.", author="Marta")
        ref = await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        assert ref.room == side.room.id
        assert await side.cards(ticket) == 1
        for wanted in (ticket, "Marta", "The parcel came broken.", "We are sorry that the parcel", "wall"):
            assert wanted in view.text
        assert "https://wall.example/c/1" in view.links
        assert {"approve", "edit"} <= view.controls

    async def test_a_draft_says_what_it_rests_on_and_which_model_wrote_it(self, side: ChatSide) -> None:
        side.world.cited = (Cited(id="opening-hours", source="website"), Cited(id="replies/wait\u202e", source=""))
        side.world.made = Made(
            prompt="model/draft.md", hash="ab" * 32, model="m-1", tokens_in=900, tokens_out=80, cost=0.25, seconds=1.5
        )
        ticket = side.world.comment()
        await self.shown(side, ticket)
        text = (await side.see_card("luis", ticket)).text
        assert "Facts used: opening-hours (website), replies/wait" in text
        assert "Model: m-1, 900 tokens in, 80 out, 1.5 s, cost 0.2500, prompt model/draft.md abababababab" in text
        assert UNSEEN.search(text) is None

    async def test_a_card_is_updated_in_place(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        side.world.propose(ticket, "Another wording altogether.")
        await side.chat.update(ref, side.world.card_now(ticket))
        assert "Another wording altogether." in (await side.see_card("luis", ticket)).text
        assert await side.cards(ticket) == 1

    async def test_showing_the_same_state_twice_changes_nothing(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        before = await side.see_card("luis", ticket)
        for _ in range(2):
            await side.chat.update(ref, side.world.card_now(ticket))
        assert (await side.see_card("luis", ticket)).text == before.text
        assert await side.cards(ticket) == 1

    async def test_a_card_whose_answer_was_lost_is_found_and_not_posted_again(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        side.lose_next_answer()
        with contextlib.suppress(OutcomeUnknown):
            await self.shown(side, ticket)
        found = await side.chat.find_card(side.room, side.world.card_now(ticket))
        assert (found is not None) == side.finds_cards
        assert await side.cards(ticket) == 1
        if found is not None:
            await side.chat.update(found, side.world.card_now(ticket))
            assert await side.cards(ticket) == 1

    async def test_a_card_that_was_never_posted_is_not_found(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        card = side.world.card_now(ticket)
        side.world.shelves.clear()
        assert await side.chat.find_card(side.room, card) is None

    async def test_a_card_is_found_after_a_restart(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        await side.restart()
        found = await side.chat.find_card(side.room, side.world.card_now(ticket))
        assert found == ref

    async def test_the_newest_of_many_updates_is_what_stands(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        for number in range(2, 31):
            side.world.propose(ticket, f"Wording number {number}.")
            await side.chat.update(ref, side.world.card_now(ticket))
        view = await side.see_card("luis", ticket)
        assert "Wording number 30." in view.text
        assert await side.cards(ticket) == 1

    async def test_updates_of_many_tickets_at_once_do_not_mix(self, side: ChatSide) -> None:
        tickets = [side.world.comment(f"Comment about thing {n}.", draft=f"Answer to thing {n}.") for n in range(12)]
        await asyncio.gather(*(self.shown(side, ticket) for ticket in tickets))
        for n, ticket in enumerate(tickets):
            view = await side.see_card("luis", ticket)
            assert f"Answer to thing {n}." in view.text
            assert await side.cards(ticket) == 1

    async def test_noise_is_one_card_whatever_comes_and_is_closed_at_once(self, side: ChatSide) -> None:
        roll = side.world.noise("❤️", author="Marta")
        side.world.noise("@ana @luis 😂", author="Olga")
        ref = await self.shown(side, roll)
        view = await side.see_card("luis", roll)
        lying = side.world.card_now(roll).folded
        for wanted in ("2 comments folded away", "Marta", "❤️", "Olga", "😂", "wall", *(one.ticket for one in lying)):
            assert wanted in view.text, wanted
        assert not view.controls & {"approve", "edit", "reply", "redraft", "refuse"}
        side.world.noise("🎉", author="Vera", at_once=300)
        await side.chat.update(ref, side.world.card_now(roll))
        view = await side.see_card("luis", roll)
        assert "302 comments folded away" in view.text
        assert view.text.count("🎉") <= 2 * len(lying) + 24, "the newest are listed, the others counted"
        assert await side.cards(roll) == 1
        await side.decide(view, "close", by="command")
        assert side.world.card_now(roll).line.status is TicketStatus.CLOSED

    # --- decisions ----------------------------------------------------------------------------------------------

    async def test_a_person_approves_what_was_shown(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        await side.decide(await side.see_card("luis", ticket), "approve", by=by)
        [wish] = side.world.submitted
        assert wish == m.Approve(by="luis", via=side.chat_id, ticket=ticket, revision=1, seen="1.0.1")
        assert side.world.card_now(ticket).line.reply_state is ReplyState.APPROVED

    async def test_a_yes_from_before_it_was_taken_back_does_not_count(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        old = await side.see_card("luis", ticket)
        await side.decide(old, "approve", by=by)
        await side.decide(await side.see_card("ana", ticket), "undo", by=by)
        await side.decide(old, "approve", by=by)
        assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED

    async def test_a_person_approves_after_a_restart(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        await side.restart()
        await side.decide(view, "approve", by=by)
        assert [decision.person for decision in side.world.decided(ticket)] == ["luis"]

    async def test_a_decision_that_comes_twice_counts_once(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        await side.decide(view, "approve", by=by)
        await side.decide(view, "approve", by=by)
        assert len(side.world.decided(ticket)) == 1

    async def test_other_verbs_reach_the_core_too(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        await side.decide(await side.see_card("luis", ticket), "claim", by=by)
        await side.chat.update(ref, side.world.card_now(ticket))
        await side.decide(await side.see_card("luis", ticket), "close", by=by)
        assert [type(wish) for wish in side.world.submitted] == [m.Claim, m.Close]
        assert side.world.card_now(ticket).line.status is TicketStatus.CLOSED

    async def test_an_edit_makes_a_revision_exactly_as_written(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        words = 'Sorry, Marta:\nwe send "a new one" & pay <nothing>\tmore. ¡Ánimo! 👩‍👩‍👧'
        by = "button" if Can.EDIT_FORM in self.chat.can else "command"
        await side.decide(await side.see_card("eva", ticket), "edit", by=by, text=words)
        line = side.world.card_now(ticket).line
        assert (line.revision, line.draft) == (2, words)

    async def test_approving_a_revision_that_is_not_the_newest_is_refused(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        old = await side.see_card("luis", ticket)
        side.world.propose(ticket, "Something else entirely.")
        await side.chat.update(ref, side.world.card_now(ticket))
        await side.decide(old, "approve", by=by)
        assert side.world.decided(ticket) == []
        assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED

    async def test_a_person_without_the_right_is_refused(self, side: ChatSide, by: str) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        await side.decide(await side.see_card("tom", ticket), "approve", by=by)
        assert side.world.decided(ticket) == []

    async def test_somebody_from_outside_the_team_reaches_nothing(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        await side.intrude(ticket, "approve")
        assert side.world.decided(ticket) == []
        assert side.world.submitted == []

    async def test_a_refusal_is_explained_to_that_person_alone(self, side: ChatSide, by: str) -> None:
        self.needs(Can.PRIVATE_ANSWER)
        ticket = side.world.comment()
        await self.shown(side, ticket)
        await side.decide(await side.see_card("tom", ticket), "approve", by=by)
        why = "This takes the role approver; yours is viewer."
        assert any(why in text for text in await side.private_texts("tom"))
        assert not any(why in text for text in await side.private_texts("luis"))
        assert not any(why in text for text in await side.room_texts())

    async def test_nothing_can_be_approved_once_it_is_published(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        await side.decide(await side.see_card("luis", ticket), "approve", by="button")
        side.world.publish(ticket, url="https://wall.example/c/1#reply")
        await side.chat.update(ref, side.world.card_now(ticket))
        view = await side.see_card("luis", ticket)
        assert not view.controls & {"approve", "edit", "redraft", "refuse", "undo"}
        assert "https://wall.example/c/1#reply" in view.links
        assert "Luis" in view.text

    # --- what is shown ------------------------------------------------------------------------------------------

    async def test_a_text_of_twenty_thousand_characters_is_not_cut_silently(self, side: ChatSide) -> None:
        words = [f"word{n}" for n in range(2200)]
        long = " ".join(words).ljust(20_000, "!")[:20_000]
        ticket = side.world.comment(long, draft=None)
        await self.shown(side, ticket)
        text = (await side.see_card("luis", ticket)).text
        assert words[0] in text
        whole = words[1100] in text and words[-1] in text
        assert whole or re.search(r"[\d.,]+ (characters|more)", text), "it was cut, and does not say so"

    @pytest.mark.parametrize("disguise", DISGUISES)
    async def test_hostile_words_are_words(self, side: ChatSide, disguise: str) -> None:
        text = DISGUISES[disguise]
        plain = side.world.comment("Harmless.", author="Marta", draft="Harmless too.")
        await self.shown(side, plain)
        before = await side.see_card("luis", plain)
        ticket = side.world.comment(text, author=text[:60], draft=text, suspicious=(text[:60],), max_length=None)
        ref = await self.shown(side, ticket)
        await side.chat.say(ref, Message(text=text, key="k"))
        await side.chat.tell(side.world.team["luis"], ref, text)
        view = await side.see_card("luis", ticket)
        assert view.active == before.active
        assert set(view.links) <= set(before.links)
        assert view.controls == before.controls
        assert UNSEEN.search(view.text) is None
        await side.decide(view, "approve", by="button")
        assert [decision.person for decision in side.world.decided(ticket)] == ["luis"]

    async def test_an_address_that_is_no_web_page_is_no_link(self, side: ChatSide) -> None:
        ticket = side.world.comment(url="javascript:alert(1)")
        await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        assert not any("javascript" in link for link in view.links)

    async def test_a_picture_is_told_with_its_description_and_leads_nowhere_by_itself(self, side: ChatSide) -> None:
        picture = Attachment(url="https://wall.example/p/1.png", kind=AttachmentKind.IMAGE, alt="A broken blue jar")
        ticket = side.world.comment("", attachments=[picture])
        await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        assert "A broken blue jar" in view.text
        assert "wall.example" in view.text
        assert picture.url in view.links
        # What fetches a picture is the chat's own service, if anybody: never the reader's browser.
        assert [one for one in view.active if picture.url not in one] == []
        hostile = [
            replace(picture, url=url)
            for url in (
                "javascript:alert(1)",
                "data:image/png;base64,AA",
                "https://a:b@wall.example/1",
                "//x.example/1",
            )
        ]
        named = replace(picture, kind=AttachmentKind.FILE, name="fac\u202eexe.pdf", alt='"><img src=x onerror=y> @here')
        ticket = side.world.comment("See.", attachments=[*hostile, named, *[picture] * 500])
        await self.shown(side, ticket)
        view = await side.see_card("luis", ticket)
        assert not any(one.url in view.links for one in hostile)
        assert [one for one in view.active if picture.url not in one] == []
        assert UNSEEN.search(view.text) is None
        assert f"and {len(hostile) + 501 - MOST} more" in view.text

    async def test_a_picture_exchanged_after_the_yes_takes_the_yes_away(self, side: ChatSide) -> None:
        picture = Attachment(url="https://wall.example/p/1.png", kind=AttachmentKind.IMAGE, alt="A jar")
        ticket = side.world.comment("Look.", attachments=[picture])
        ref = await self.shown(side, ticket)
        await side.decide(await side.see_card("luis", ticket), "approve", by="button")
        assert side.world.card_now(ticket).line.reply_state is ReplyState.APPROVED
        side.world.edit_comment(ticket, "Look.", attachments=[replace(picture, url="https://wall.example/p/2.png")])
        await side.chat.update(ref, side.world.card_now(ticket))
        assert side.world.card_now(ticket).line.reply_state is ReplyState.PROPOSED
        view = await side.see_card("luis", ticket)
        assert "https://wall.example/p/2.png" in view.links
        assert picture.url not in view.links

    async def test_everybody_reads_their_own_language(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        await self.shown(side, ticket)
        await side.decide(await side.see_card("tom", ticket), "approve", by="command")
        side.world.submitted.clear()
        await side.decide(await side.see_card("ana", ticket), "undo", by="command")
        [english] = [text for text in await side.private_texts("tom") if "role" in text]
        [spanish] = await side.private_texts("ana")
        assert "yours is viewer" in english
        assert "There is no approval" not in spanish

    # --- what is said -------------------------------------------------------------------------------------------

    async def test_what_is_said_in_a_room_can_be_read_there(self, side: ChatSide) -> None:
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        await side.chat.say(side.room, Message(text="Good morning, team.", key="a"))
        await side.chat.say(ref, Message(text="A new message came in.", key="b"))
        said = " ".join(await side.room_texts())
        assert "Good morning, team." in said
        assert "A new message came in." in said

    async def test_what_is_told_to_one_person_is_told_to_nobody_else(self, side: ChatSide) -> None:
        self.needs(Can.PRIVATE_ANSWER)
        ticket = side.world.comment()
        ref = await self.shown(side, ticket)
        await side.chat.tell(side.world.team["luis"], ref, "Only for you, Luis.")
        assert any("Only for you, Luis." in text for text in await side.private_texts("luis"))
        assert not any("Only for you, Luis." in text for text in await side.private_texts("eva"))
        assert not any("Only for you, Luis." in text for text in await side.room_texts())
