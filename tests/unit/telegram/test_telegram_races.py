"""What comes between: a press or an emoji while a ticket is brought up to date, and who somebody is by then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.errors import AdapterError, Transient
from bot.core.types import ReplyState, Room
from tests.contract.telegram_side import USERS, TelegramSide, buttons

LUIS, EVA = USERS["luis"], USERS["eva"]
NINA = 777


@pytest.fixture
async def vouching() -> AsyncIterator[TelegramSide]:
    """A group whose administrators may approve."""
    side = TelegramSide(admin_role="approver")
    await side.start()
    side.server.add_user(NINA, "Nina")
    side.group.statuses[NINA] = "administrator"
    yield side
    await side.stop()


async def posted(side: TelegramSide, **more: Any) -> str:
    ticket = side.world.comment(**more)
    await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket


async def updated(side: TelegramSide, ticket: str) -> None:
    card = side.world.card_now(ticket)
    ref = await side.chat.find_card(side.room, card)
    assert ref is not None
    await side.chat.update(ref, card)


@pytest.mark.parametrize("by", ["button", "reaction", "command"])
@pytest.mark.parametrize("edited", [0, 1])
async def test_nobody_approves_before_what_came_meanwhile_is_shown(forum: TelegramSide, by: str, edited: int) -> None:
    ticket = await posted(forum)
    forum.world.propose(ticket, "In my own words.")
    await updated(forum, ticket)
    forum.world.comment_again(ticket, "And the second one is broken, too.")
    for _ in range(edited):
        forum.server.spoil("editMessageText", "")
    forum.server.spoil("editMessageText", "rate_limited", 1)
    with pytest.raises(AdapterError):
        await updated(forum, ticket)
    await forum.decide(await forum.see_card("luis", ticket), "approve", by=by)
    assert forum.world.decided(ticket) == []


async def test_in_the_second_of_a_change_nobody_has_read_it_yet(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    message = forum.snapshot(ticket).wording["message_id"]
    forum.world.edit_comment(ticket, "No, it did not come at all.")
    await updated(forum, ticket)
    at = forum.group.messages[message]["edit_date"]
    await forum.doing.react(LUIS, forum.group, message, "👌", at=at)
    await forum.quiet()
    assert forum.world.decided(ticket) == []
    await forum.doing.react(LUIS, forum.group, message, at=at)
    await forum.doing.react(LUIS, forum.group, message, "👌", at=at + 1)
    assert forum.world.card_now(ticket).line.reply_state is ReplyState.APPROVED


async def test_an_emoji_of_before_an_edit_whose_answer_was_lost_means_what_stood_there(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    message = forum.snapshot(ticket).wording["message_id"]
    seen = int(time.time()) - 1
    forum.world.edit_comment(ticket, "No, it did not come at all.")
    for trouble in ("", "lost"):
        forum.server.spoil("editMessageText", trouble)
    with pytest.raises(Transient):
        await updated(forum, ticket)
    await updated(forum, ticket)
    await forum.doing.react(LUIS, forum.group, message, "👌", at=seen)
    await forum.quiet()
    assert forum.world.decided(ticket) == []


@pytest.mark.parametrize("where", ["card", "alone"])
async def test_a_line_that_is_heard_late_means_what_stood_there_when_it_was_typed(
    plain: TelegramSide, where: str
) -> None:
    ticket = await posted(plain)
    root = plain.snapshot(ticket).root["message_id"]
    chat, answering = (plain.group, root) if where == "card" else (plain.server.chats[LUIS], None)
    plain.world.edit_comment(ticket, "No, it did not come at all.")
    await updated(plain, ticket)
    at = plain.group.messages[root]["edit_date"]
    line = "/approve" if where == "card" else f"/approve {ticket}"
    await plain.doing.write(LUIS, chat, line, answering=answering, at=at - 1)
    await plain.quiet()
    assert plain.world.decided(ticket) == []
    await plain.doing.write(LUIS, chat, line, answering=answering, at=at + 1)
    await plain.quiet()
    assert [one.person for one in plain.world.decided(ticket)] == ["luis"]


async def test_a_yes_typed_below_another_card_means_what_is_shown_of_its_own(plain: TelegramSide) -> None:
    other, ticket = await posted(plain, author="Nico"), await posted(plain)
    root = plain.snapshot(other).root["message_id"]
    plain.world.edit_comment(ticket, "No, it did not come at all.")
    await plain.doing.write(LUIS, plain.group, f"/approve {ticket}", answering=root)
    await plain.quiet()
    assert plain.world.decided(ticket) == []
    await updated(plain, ticket)
    later = int(time.time()) + 1
    await plain.doing.write(LUIS, plain.group, f"/approve {ticket}", answering=root, at=later)
    await plain.quiet()
    assert [one.person for one in plain.world.decided(ticket)] == ["luis"]


async def test_unfolding_buttons_while_a_draft_is_posted_forgets_no_message(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    root = forum.group.messages[forum.snapshot(ticket).root["message_id"]]
    forum.server.spoil("editMessageReplyMarkup", "held")
    more = next(one for one in buttons(root) if one.startswith("more|"))
    await forum.doing.press(EVA, forum.group, root, more)
    async with asyncio.timeout(5):
        while not forum.server.calls["editMessageReplyMarkup"]:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    forum.world.propose(ticket, "In my own words.")
    await updated(forum, ticket)
    forum.server.released.set()
    await forum.quiet()
    assert any(one.startswith("kind|") for one in buttons(root))
    await updated(forum, ticket)
    assert sum("In my own words." in text for text in await forum.room_texts()) == 1
    assert not any(one.startswith("kind|") for one in buttons(root))


async def test_buttons_unfold_in_the_language_of_their_own_room(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    root = forum.group.messages[forum.snapshot(ticket).root["message_id"]]
    forum.server.add_group(-1007, "Atención")
    await forum.chat.post(
        Room(id="otra", chat="telegram", native_id="-1007", locale="es"), forum.world.card_now(ticket)
    )
    await forum.doing.press(EVA, forum.group, root, next(one for one in buttons(root) if one.startswith("more|")))
    await forum.quiet()
    said = [button["text"] for row in root["reply_markup"]["inline_keyboard"] for button in row]
    assert any("Refuse" in one for one in said)
    assert not any("Rechazar" in one for one in said)


async def test_whoever_has_left_the_group_that_vouched_for_them_decides_nothing_alone_either(
    vouching: TelegramSide,
) -> None:
    first, second = await posted(vouching), await posted(vouching, text="Another one.")
    alone = vouching.server.chats[NINA]
    await vouching.doing.write(NINA, alone, f"/approve {first}")
    assert vouching.world.decided(first) == []
    await vouching.doing.write(NINA, vouching.group, f"/claim {first}")
    await vouching.doing.write(NINA, alone, f"/approve {first}")
    assert [one.person for one in vouching.world.decided(first)] == [f"telegram:{NINA}"]
    vouching.group.statuses[NINA] = "left"
    await vouching.restart()
    await vouching.doing.write(NINA, alone, f"/approve {second}")
    await vouching.quiet()
    assert vouching.world.decided(second) == []


async def test_no_piece_of_a_long_draft_takes_a_yes_before_the_last_one_stands(forum: TelegramSide) -> None:
    ticket = await posted(forum)
    before = set(forum.group.messages)
    forum.world.propose(ticket, "In my own words. " * 250)
    forum.server.spoil("sendMessage", "")
    forum.server.spoil("sendMessage", "rate_limited", 1)
    with pytest.raises(AdapterError):
        await updated(forum, ticket)
    [piece] = set(forum.group.messages) - before
    later = int(time.time()) + 1
    await forum.doing.react(LUIS, forum.group, piece, "👌", at=later)
    await forum.quiet()
    assert forum.world.decided(ticket) == []
    await updated(forum, ticket)
    await forum.doing.react(LUIS, forum.group, piece, at=later)
    await forum.doing.react(LUIS, forum.group, piece, "👌", at=later + 1)
    await forum.quiet()
    assert [one.person for one in forum.world.decided(ticket)] == ["luis"]
