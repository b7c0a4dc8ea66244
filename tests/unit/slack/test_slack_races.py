"""What comes between: a press while the thread is brought up to date, a line that Slack delivers again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.errors import Transient
from handlers.chats.slack.threads import Threads
from tests.contract.slack_side import EMOJI, USERS, SlackSide, texts

TOM = USERS["tom"]


@pytest.mark.parametrize("by", ["button", "reaction", "command"])
async def test_nobody_approves_before_what_came_meanwhile_is_shown(side: SlackSide, by: str) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    side.world.propose(ticket, "In my own words.")
    await side.chat.update(ref, side.world.card_now(ticket))
    side.world.comment_again(ticket, "And the second one is broken, too.")
    side.limit_next()
    with pytest.raises(Transient):
        await side.chat.update(ref, side.world.card_now(ticket))
    seen = await side.see_card("luis", ticket)
    assert "the second one" not in seen.text
    await side.decide(seen, "approve", by=by)
    assert side.world.decided(ticket) == []


async def test_an_emoji_that_slack_delivers_late_means_what_stood_there_when_it_was_made(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    wording = side.snapshot(ticket).wording["ts"]
    late = side.slack.reaction(USERS["luis"], EMOJI["approve"], wording)
    side.world.edit_comment(ticket, "No, it did not come at all.")
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event(late)
    assert side.world.decided(ticket) == []
    assert len(side.slack.ephemerals) == 1
    await side.restart()
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], wording))
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_a_line_that_slack_delivers_late_means_what_stood_there_when_it_was_typed(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    event = {"type": "app_mention", "user": USERS["luis"], "channel": side.slack.inbox, "ts": side.slack.ts()}
    event |= {"text": f"<@{side.slack.bot_user}> approve", "thread_ts": side.snapshot(ticket).root["ts"]}
    side.world.edit_comment(ticket, "No, it did not come at all.")
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event({**event, "event_ts": event["ts"]})
    assert side.world.decided(ticket) == []
    now = side.slack.ts()
    await side.event({**event, "ts": now, "event_ts": now})
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_who_names_a_draft_means_it_as_it_is_shown_however_clocks_differ(side: SlackSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    at = side.slack.ts()
    side.world.propose(ticket, "In my own words.")
    await side.chat.update(ref, side.world.card_now(ticket))
    side.world.comment_again(ticket, "And the second one is broken, too.")
    event = {"type": "app_mention", "user": USERS["luis"], "channel": side.slack.inbox, "ts": at, "event_ts": at}
    event |= {"text": f"<@{side.slack.bot_user}> approve r2", "thread_ts": side.snapshot(ticket).root["ts"]}
    await side.event(event)
    assert side.world.decided(ticket) == []


async def test_a_yes_typed_in_another_thread_means_what_is_shown_of_its_own(side: SlackSide) -> None:
    other, ticket = side.world.comment(author="Nico"), side.world.comment()
    await side.chat.post(side.room, side.world.card_now(other))
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    thread = side.snapshot(other).root["ts"]
    side.world.edit_comment(ticket, "No, it did not come at all.")
    await side.mention(USERS["luis"], f"approve {ticket}", thread)
    assert side.world.decided(ticket) == []
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.mention(USERS["luis"], f"approve {ticket}", thread)
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


async def test_what_an_earlier_release_wrote_down_about_a_message_is_understood(side: SlackSide) -> None:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    for key, (value, until) in list(side.keep.rows.items()):
        if key.startswith("at:"):
            side.keep.rows[key] = (json.dumps(json.loads(value)[:4]), until)
    await side.restart()
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], side.snapshot(ticket).wording["ts"]))
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]


@pytest.mark.parametrize("line", ["approve", "show"])
async def test_a_line_that_is_delivered_again_is_answered_once(side: SlackSide, line: str) -> None:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    event = {"type": "app_mention", "user": TOM, "channel": side.slack.inbox, "ts": side.slack.ts()}
    event |= {"text": f"<@{side.slack.bot_user}> {line}", "thread_ts": side.snapshot(ticket).root["ts"]}
    for _ in range(3):
        await side.event({**event, "event_ts": side.slack.ts()})
    assert len(side.slack.ephemerals) == 1


async def test_a_draft_is_offered_when_all_that_it_is_about_stands_there(side: SlackSide) -> None:
    ticket = side.world.comment()
    side.world.propose(ticket, "In my own words.")
    side.world.clock.forward(minutes=1)
    side.world.comment_again(ticket, "And the second one is broken, too.")
    await side.chat.post(side.room, side.world.card_now(ticket))
    said = await side.room_texts()
    assert any("the second one" in text for text in said)
    assert "In my own words." in said[-1]


async def test_no_piece_of_a_long_draft_takes_a_yes_before_the_last_one_stands(
    side: SlackSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    side.world.propose(ticket, "In my own words. " * 600)
    post = Threads._post

    async def first_alone(self: Threads, made: Any, posting: Any, *more: Any) -> None:
        if posting.key == "r2.1":
            raise Transient("too many requests")
        await post(self, made, posting, *more)

    with monkeypatch.context() as broken:
        broken.setattr(Threads, "_post", first_alone)
        with pytest.raises(Transient):
            await side.chat.update(ref, side.world.card_now(ticket))
    piece = next(one["ts"] for one in side.slack.messages() if "(1/" in "".join(texts(one["blocks"])))
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], piece))
    assert side.world.decided(ticket) == []
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], piece))
    assert [one.person for one in side.world.decided(ticket)] == ["luis"]
