"""What people take away in Discord: a card, its thread, one message of several; and threads that were locked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.errors import AuthExpired, CardGone, OutcomeUnknown, PlaceGone
from bot.core.types import CardRef, Message
from tests.contract.discord_side import DiscordSide


@pytest.fixture
async def side() -> AsyncIterator[DiscordSide]:
    side = DiscordSide()
    await side.start()
    yield side
    await side.stop()


@pytest.fixture
async def channel() -> AsyncIterator[DiscordSide]:
    """The same in a text channel."""
    side = DiscordSide(forum=False)
    await side.start()
    yield side
    await side.stop()


async def posted(side: DiscordSide) -> tuple[str, CardRef]:
    ticket = side.world.comment()
    return ticket, await side.chat.post(side.room, side.world.card_now(ticket))


async def test_a_message_that_was_deleted_alone_comes_again_in_its_thread(side: DiscordSide) -> None:
    ticket, ref = await posted(side)
    before = side.snapshot(ticket)
    side.env.backend.delete_message(before.thread, before.wording.id)
    side.world.edit_comment(ticket, "No, it did not come at all.")
    await side.chat.update(ref, side.world.card_now(ticket))
    after = side.snapshot(ticket)
    assert (after.thread, after.root.id) == (before.thread, before.root.id)
    assert await side.chat.find_card(side.room, side.world.card_now(ticket)) == ref
    await side.decide(await side.see_card("luis", ticket), "approve", by="button")
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_in_a_text_channel_a_card_whose_thread_was_deleted_gets_another(channel: DiscordSide) -> None:
    ticket, ref = await posted(channel)
    channel.env.backend.delete_channel(channel.snapshot(ticket).thread)
    await channel.env.settle()
    channel.world.propose(ticket, "Other words.")
    await channel.chat.update(ref, channel.world.card_now(ticket))
    assert "Other words." in (await channel.see_card("luis", ticket)).text
    assert await channel.cards(ticket) == 1


async def test_in_a_text_channel_a_card_that_was_deleted_is_shown_anew(channel: DiscordSide) -> None:
    ticket, ref = await posted(channel)
    channel.env.backend.delete_message(channel.channel.id, channel.snapshot(ticket).thread)
    await channel.env.settle()
    channel.world.propose(ticket, "Other words.")
    card = channel.world.card_now(ticket)
    with pytest.raises(CardGone):
        await channel.chat.update(ref, card)
    await channel.members["luis"].slash(channel.channel, "portavoz approve", ticket=ticket)
    assert channel.world.decided(ticket) == [], "nobody has seen these words"
    assert await channel.chat.find_card(channel.room, card) is None
    assert await channel.chat.post(channel.room, card) != ref
    await channel.decide(await channel.see_card("luis", ticket), "approve", by="button")
    assert [one.person for one in channel.world.decided(ticket)] == ["luis"]


async def test_a_card_posted_anew_whose_answer_was_lost_is_found(side: DiscordSide) -> None:
    ticket, ref = await posted(side)
    await side.take_away(ticket)
    side.world.propose(ticket, "Other words.")
    card = side.world.card_now(ticket)
    with pytest.raises(PlaceGone):
        await side.chat.update(ref, card)
    side.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await side.chat.post(side.room, card)
    with pytest.raises(PlaceGone):
        await side.chat.update(ref, card)
    found = await side.chat.find_card(side.room, card)
    assert found not in (None, ref)


@pytest.mark.parametrize("code", [160005, 50083])
async def test_a_thread_that_somebody_locked_is_as_good_as_gone(side: DiscordSide, code: int) -> None:
    ticket, ref = await posted(side)
    thread = side.snapshot(ticket).thread
    side.env.inject_error("*", f"/channels/{thread}/*", status=403, code=code, message="locked", times=None)
    side.env.inject_error("PATCH", f"/channels/{thread}", status=403, code=50013, message="locked", times=None)
    side.world.propose(ticket, "Other words.")
    card = side.world.card_now(ticket)
    with pytest.raises(CardGone):
        await side.chat.say(ref, Message(text="News.", key="n", ticket=ticket))
    with pytest.raises(CardGone):
        await side.chat.update(ref, card)
    side.env.backend.faults.clear()
    assert await side.chat.find_card(side.room, card) is None
    assert await side.chat.post(side.room, card) != ref


async def test_a_channel_that_is_gone_is_left_for_the_one_that_the_room_has_now(channel: DiscordSide) -> None:
    ticket, ref = await posted(channel)
    new = channel.guild.create_text_channel("inbox-anew")
    channel.env.backend.delete_channel(channel.snapshot(ticket).thread)
    channel.env.backend.delete_channel(channel.channel.id)
    await channel.env.settle()
    channel.world.propose(ticket, "Other words.")
    card = channel.world.card_now(ticket)
    for call in (channel.chat.update(ref, card), channel.chat.say(ref, Message(text="a", key="a", ticket=ticket))):
        with pytest.raises(PlaceGone):
            await call
    with pytest.raises(AuthExpired):
        await channel.chat.post(channel.room, card)
    room = replace(channel.room, native_id=str(new.id))
    assert await channel.chat.find_card(room, card) is None
    assert (await channel.chat.post(room, card)).native.startswith(f"{new.id}:")


async def test_what_is_said_of_a_card_without_a_thread_makes_it_one(channel: DiscordSide) -> None:
    ticket = channel.world.comment(draft=None)
    ref = await channel.chat.post(channel.room, channel.world.card_now(ticket))
    await channel.chat.say(ref, Message(text="News.", key="n", ticket=ticket))
    assert "News." in (await channel.see_card("luis", ticket)).text
