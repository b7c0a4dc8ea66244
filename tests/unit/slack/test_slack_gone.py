"""What somebody took away in Slack: a thread, one message of it, or the channel that it stood in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import CardGone, OutcomeUnknown, PlaceGone
from bot.core.types import CardRef, Message
from tests.contract.slack_side import USERS, SlackSide
from tests.support.slack_fake import Channel


async def shown(side: SlackSide) -> tuple[str, CardRef]:
    ticket = side.world.comment()
    return ticket, await side.chat.post(side.room, side.world.card_now(ticket))


async def test_a_thread_that_was_taken_away_comes_anew_and_takes_decisions(side: SlackSide) -> None:
    ticket, ref = await shown(side)
    side.slack.messages().clear()
    side.world.propose(ticket, "In my own words.")
    with pytest.raises(CardGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    assert await side.chat.find_card(side.room, side.world.card_now(ticket)) is None
    again = await side.chat.post(side.room, side.world.card_now(ticket))
    assert again != ref
    await side.decide(await side.see_card("luis", ticket), "approve", by="button")
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_one_whose_new_answer_was_lost_is_found(side: SlackSide) -> None:
    ticket, ref = await shown(side)
    side.slack.messages().clear()
    side.world.propose(ticket, "In my own words.")
    with pytest.raises(CardGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    side.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await side.chat.post(side.room, side.world.card_now(ticket))
    found = await side.chat.find_card(side.room, side.world.card_now(ticket))
    assert found is not None
    assert found != ref
    await side.chat.update(found, side.world.card_now(ticket))
    assert await side.cards(ticket) == 1


@pytest.mark.parametrize("how", ["archived", "removed", "away"])
async def test_a_channel_that_is_gone_is_no_trouble_of_the_room_that_moved(side: SlackSide, how: str) -> None:
    ticket, ref = await shown(side)
    old = side.slack.channels[side.slack.inbox]
    old.archived, old.member = how == "archived", how != "removed"
    if how == "away":
        del side.slack.channels[old.id]
    side.slack.channels["C0NEXT"] = Channel("C0NEXT", "next")
    room = replace(side.room, native_id="C0NEXT")
    side.world.propose(ticket, "In my own words.")
    with pytest.raises(PlaceGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    with pytest.raises(PlaceGone):
        await side.chat.say(ref, Message(text="It is late.", key="late"))
    assert await side.chat.find_card(room, side.world.card_now(ticket)) is None
    again = await side.chat.post(room, side.world.card_now(ticket))
    assert again.native.startswith("C0NEXT:")
    await side.chat.say(again, Message(text="It is late.", key="late"))
    assert [one["text"] for one in side.slack.messages("C0NEXT")].count("It is late.") == 1


async def test_one_message_that_was_taken_away_stands_in_the_thread_again(side: SlackSide) -> None:
    ticket, ref = await shown(side)
    wording = side.snapshot(ticket).wording
    side.slack.messages().remove(wording)
    side.world.propose(ticket, "In my own words.")
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.chat.update(ref, side.world.card_now(ticket))
    assert await side.cards(ticket) == 1
    await side.decide(await side.see_card("luis", ticket), "approve", by="button")
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_a_yes_to_a_ticket_whose_thread_is_gone_means_what_it_showed_last(side: SlackSide) -> None:
    ticket, ref = await shown(side)
    other = side.world.comment(author="Nico")
    await side.chat.post(side.room, side.world.card_now(other))
    there = side.snapshot(other).root
    side.slack.messages()[:] = side.slack.in_thread(there["ts"])
    side.world.propose(ticket, "In my own words.")
    with pytest.raises(CardGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    event = {"type": "app_mention", "user": USERS["luis"], "channel": side.slack.inbox, "ts": side.slack.ts()}
    event |= {"text": f"<@{side.slack.bot_user}> approve {ticket}", "thread_ts": there["ts"]}
    await side.event({**event, "event_ts": event["ts"]})
    assert side.world.decided(ticket) == []


async def test_an_older_card_that_is_gone_takes_nothing_from_the_newer_one(side: SlackSide) -> None:
    ticket, ref = await shown(side)
    side.slack.messages().clear()
    side.world.propose(ticket, "In my own words.")
    with pytest.raises(CardGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    again = await side.chat.post(side.room, side.world.card_now(ticket))
    with pytest.raises(CardGone):
        await side.chat.update(ref, side.world.card_now(ticket))
    assert await side.chat.find_card(side.room, side.world.card_now(ticket)) == again
