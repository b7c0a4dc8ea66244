"""What people take away in Telegram: a card, its topic, one message of several, the bot's place in the group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import AuthExpired, CardGone, PlaceGone
from bot.core.types import CardRef, Message
from tests.contract.telegram_side import USERS, TelegramSide
from tests.support.telegram_server import BOT_ID


async def posted(side: TelegramSide) -> tuple[str, CardRef]:
    ticket = side.world.comment()
    return ticket, await side.chat.post(side.room, side.world.card_now(ticket))


async def test_a_message_that_was_deleted_alone_comes_again_in_its_topic(forum: TelegramSide) -> None:
    ticket, ref = await posted(forum)
    before = forum.snapshot(ticket)
    del forum.group.messages[before.wording["message_id"]]
    forum.world.edit_comment(ticket, "No, it did not come at all.")
    await forum.chat.update(ref, forum.world.card_now(ticket))
    after = forum.snapshot(ticket)
    assert after.root["message_id"] == before.root["message_id"]
    assert {one["message_thread_id"] for one in after.messages} == {before.topic}
    assert await forum.chat.find_card(forum.room, forum.world.card_now(ticket)) == ref
    await forum.decide(await forum.see_card("luis", ticket), "approve", by="button")
    assert [one.person for one in forum.world.decided(ticket)] == ["luis"]


async def test_a_yes_that_is_typed_means_what_stood_there_until_it_was_taken_away(plain: TelegramSide) -> None:
    ticket, ref = await posted(plain)
    await plain.take_away(ticket)
    plain.world.propose(ticket, "Nobody has seen this.")
    with pytest.raises(CardGone):
        await plain.chat.update(ref, plain.world.card_now(ticket))
    await plain.doing.write(USERS["luis"], plain.group, f"/approve {ticket}")
    await plain.quiet()
    assert plain.world.decided(ticket) == []


async def test_below_a_card_that_was_deleted_nothing_is_said(plain: TelegramSide) -> None:
    ticket, ref = await posted(plain)
    del plain.group.messages[plain.snapshot(ticket).root["message_id"]]
    for _ in range(2):
        with pytest.raises(CardGone):
            await plain.chat.say(ref, Message(text="News.", key="n", ticket=ticket))
    await plain.chat.say(plain.room, Message(text="News.", key="n", ticket=ticket))
    assert (await plain.room_texts()).count("News.") == 1


async def test_a_topic_that_stays_closed_is_as_good_as_gone(forum: TelegramSide) -> None:
    ticket, ref = await posted(forum)
    forum.group.topics[forum.snapshot(ticket).topic]["closed"] = True
    forum.group.rights = {}
    forum.world.propose(ticket, "Other words.")
    for call in (
        forum.chat.update(ref, forum.world.card_now(ticket)),
        forum.chat.say(ref, Message(text="News.", key="n", ticket=ticket)),
    ):
        with pytest.raises((CardGone, PlaceGone)):
            await call


async def test_in_a_forum_that_is_none_any_more_the_card_stands_in_the_group(forum: TelegramSide) -> None:
    ticket, ref = await posted(forum)
    await forum.take_away(ticket)
    forum.group.is_forum = False
    forum.world.propose(ticket, "Other words.")
    card = forum.world.card_now(ticket)
    with pytest.raises(CardGone):
        await forum.chat.update(ref, card)
    await forum.chat.post(forum.room, card)
    assert "Other words." in (await forum.see_card("luis", ticket)).text


async def test_where_the_bot_is_let_in_again_its_cards_are_as_they_were(forum: TelegramSide) -> None:
    ticket, ref = await posted(forum)
    many = len(forum.group.messages)
    forum.world.edit_comment(ticket, "No, it did not come at all.")
    card = forum.world.card_now(ticket)
    forum.group.statuses[BOT_ID] = "kicked"
    with pytest.raises(PlaceGone):
        await forum.chat.update(ref, card)
    with pytest.raises(AuthExpired):
        await forum.chat.post(forum.room, card)
    forum.group.statuses[BOT_ID] = "administrator"
    await forum.chat.update(ref, card)
    assert len(forum.group.messages) == many
    assert await forum.chat.find_card(forum.room, card) == ref


async def test_a_group_that_is_gone_is_left_for_the_one_that_the_room_has_now(forum: TelegramSide) -> None:
    ticket, ref = await posted(forum)
    new = forum.server.add_group(-1005550000000, "Care, anew")
    forum.group.statuses[BOT_ID] = "kicked"
    forum.world.propose(ticket, "Other words.")
    card = forum.world.card_now(ticket)
    with pytest.raises(PlaceGone):
        await forum.chat.update(ref, card)
    room = replace(forum.room, native_id=str(new.id))
    assert await forum.chat.find_card(room, card) is None
    anew = await forum.chat.post(room, card)
    assert anew.native.startswith(f"{new.id}:0:")
