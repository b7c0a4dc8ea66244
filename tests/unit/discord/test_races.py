"""What comes between: a press while the thread is brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.core import messages as m
from bot.core.errors import Transient
from tests.contract.discord_side import DiscordSide


@pytest.fixture
async def side() -> AsyncIterator[DiscordSide]:
    side = DiscordSide()
    await side.start()
    yield side
    await side.stop()


@pytest.mark.parametrize("by", ["button", "reaction", "command", "menu"])
async def test_nobody_approves_before_what_came_meanwhile_is_shown(side: DiscordSide, by: str) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    side.world.propose(ticket, "In my own words.")
    await side.world.submit(m.AddNote(by="ana", via="desk", ticket=ticket, text="She called, too."))
    await side.chat.update(ref, side.world.card_now(ticket))
    side.world.comment_again(ticket, "And the second one is broken, too.")
    side.limit_next()
    with pytest.raises(Transient):
        await side.chat.update(ref, side.world.card_now(ticket))
    seen = await side.see_card("luis", ticket)
    assert "the second one" not in seen.text
    if by == "menu":
        thread = side.where(seen.native.thread)
        note = next(one for one in thread.history() if "She called" in (one.embeds[0].description or ""))
        await side.members["luis"].context_menu(thread, "Approve reply", note)
    else:
        await side.decide(seen, "approve", by=by)
    assert side.world.decided(ticket) == []


@pytest.mark.parametrize("by", ["slash", "mention"])
async def test_a_yes_typed_in_another_thread_means_what_is_shown_of_its_own(side: DiscordSide, by: str) -> None:
    other, ticket = side.world.comment(author="Nico"), side.world.comment()
    await side.chat.post(side.room, side.world.card_now(other))
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    thread, me = side.where((await side.see_card("luis", other)).native.thread), side.chat.house.client.user
    assert me is not None

    async def approve() -> None:
        if by == "slash":
            await side.members["luis"].slash(thread, "portavoz approve", ticket=ticket)
        else:
            await side.members["luis"].send(thread, f"<@{me.id}> approve {ticket}")

    side.world.edit_comment(ticket, "No, it did not come at all.")
    await approve()
    assert side.world.decided(ticket) == []
    await side.chat.update(ref, side.world.card_now(ticket))
    await approve()
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_a_draft_is_offered_when_all_that_it_is_about_stands_there(side: DiscordSide) -> None:
    ticket = side.world.comment(draft="We are sorry.")
    side.world.comment_again(ticket, "And the second one is broken, too.")
    await side.chat.post(side.room, side.world.card_now(ticket))
    said = await side.room_texts()
    assert any("the second one" in text for text in said)
    assert "We are sorry." in said[-1]
