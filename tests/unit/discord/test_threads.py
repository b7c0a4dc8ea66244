"""Discord's threads: text channels, tags, posts that were put away, limits, and what is said once."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent
from bot.core.types import Message, Passage, Picture, Room, Section, TicketStatus
from bot.reports.digest import compose, pictured
from tests.contract.discord_side import DiscordSide, footer, seen
from tests.reports.test_digest import BUSY

PNG = bytes.fromhex("89504e470d0a1a0a")


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


async def test_in_a_text_channel_the_card_stands_there_and_the_rest_in_its_thread(channel: DiscordSide) -> None:
    ticket = channel.world.comment(author="Marta")
    ref = await channel.chat.post(channel.room, channel.world.card_now(ticket))
    shot = channel.snapshot(ticket)
    assert shot.root.channel_id == channel.channel.id
    assert {one.channel_id for one in shot.messages[1:]} == {shot.thread}
    assert (channel.env.backend.get_channel(shot.thread).name or "").startswith(f"{ticket} · Marta: The parcel")
    await channel.decide(await channel.see_card("luis", ticket), "approve", by="command")
    await channel.chat.update(ref, channel.world.card_now(ticket))
    assert "Luis" in (await channel.see_card("luis", ticket)).text
    await channel.restart()
    channel.keep.rows.clear()
    channel.world.propose(ticket, "Something new.")
    await channel.chat.update(ref, channel.world.card_now(ticket))
    assert "Something new." in (await channel.see_card("luis", ticket)).text
    assert await channel.cards(ticket) == 1


async def test_a_card_in_a_text_channel_whose_answer_was_lost_gets_its_thread_later(channel: DiscordSide) -> None:
    ticket = channel.world.comment()
    channel.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await channel.chat.post(channel.room, channel.world.card_now(ticket))
    found = await channel.chat.find_card(channel.room, channel.world.card_now(ticket))
    assert found is not None
    await channel.chat.update(found, channel.world.card_now(ticket))
    assert "We are sorry" in (await channel.see_card("luis", ticket)).text
    assert await channel.cards(ticket) == 1


async def test_a_post_has_tags_that_follow_the_ticket(side: DiscordSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    names = {int(tag["id"]): tag["name"] for tag in side.env.backend.get_channel(side.channel.id).available_tags}
    post = side.env.backend.get_channel(side.snapshot(ticket).thread)
    assert {names[tag] for tag in post.applied_tags} == {"Open", "Complaint"}
    await side.decide(await side.see_card("luis", ticket), "close", by="button")
    await side.chat.update(ref, side.world.card_now(ticket))
    assert side.world.card_now(ticket).line.status is TicketStatus.CLOSED
    post = side.env.backend.get_channel(post.id)
    assert {names[tag] for tag in post.applied_tags} == {"Closed", "Complaint"}


async def test_news_takes_a_post_out_that_was_put_away(side: DiscordSide) -> None:
    ticket = side.world.comment()
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    thread = side.snapshot(ticket).thread
    side.env.backend.edit_channel(thread, {}, thread_metadata={"archived": True})
    await side.env.settle()
    side.world.propose(ticket, "News.")
    await side.chat.update(ref, side.world.card_now(ticket))
    assert "News." in (await side.see_card("luis", ticket)).text


async def test_what_is_said_holds_the_limits_and_stands_once_whatever_was_lost(side: DiscordSide) -> None:
    lines = tuple(Passage(text=f"Line {n} " + "*_~" * 60, url="https://wall.example/c/1") for n in range(80))
    long = Message(
        text="Short.",
        key="digest",
        title="The day",
        sections=(Section(title="What came", lines=lines),),
        table=(("Kind", "Number"), ("complaint", "3")),
        pictures=(Picture(name="day.png", contents=PNG, alt="The day in bars"),),
        call=(side.people[1],),
    )
    for _ in range(2):
        side.lose_next_answer()
        with contextlib.suppress(AdapterError):
            await side.chat.say(side.room, long)
    await side.chat.say(side.room, long)
    [board] = [one for one in side.channel.threads if one.name == "📣 Portavoz"]
    messages = [one for one in board.history() if one.attachments or (one.embeds and one.embeds[0].footer.text)]
    assert len({one.embeds[0].footer.text for one in messages if one.embeds}) == len(messages) - 1
    whole = seen(list(side.env.backend.messages[board.id].values()))
    assert all(f"Line {n} " in whole.text for n in range(80))
    assert "complaint  3" in whole.text
    luis = side.members["luis"].id
    called = [one.ping_user_ids for one in side.env.backend.messages[board.id].values() if one.ping_user_ids]
    assert called == [[luis]]
    assert [one.filename for message in messages for one in message.attachments] == ["day.png"]


async def test_in_a_text_channel_the_rest_of_a_digest_stands_in_a_thread_of_its_own(channel: DiscordSide) -> None:
    told = replace(pictured(compose(BUSY, "en", "https://bot.example/desk")), key="digest")
    for _ in range(2):
        channel.lose_next_answer()
        with contextlib.suppress(AdapterError):
            await channel.chat.say(channel.room, told)
        await channel.restart()
    await channel.chat.say(channel.room, told)
    [head] = [one for one in channel.env.backend.messages[channel.channel.id].values() if one.embeds]
    [thread] = channel.channel.threads
    assert (thread.id, thread.name) == (head.id, told.title)
    assert "42 comments came in" in seen([head]).text
    below = list(channel.env.backend.messages[thread.id].values())
    assert "5ea1" * 16 in seen(below).text
    assert [file["description"] for one in below for file in one.attachments] == [told.pictures[0].alt]


async def test_the_longest_card_holds_the_limits(side: DiscordSide) -> None:
    long = "*_`[x](https://a.example)`_* " * 700
    ticket = side.world.comment(long, author=long, draft=long, suspicious=(long,) * 20, max_length=None)
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    view = await side.see_card("luis", ticket)
    assert not view.links or set(view.links) == {"https://wall.example/c/1"}
    for message in side.snapshot(ticket).messages:
        lengths = [len(one.get("description", "")) for one in message.embeds]
        assert sum(lengths) < 5900
        assert max(lengths) <= 4096
    keys = [footer(one) for one in side.snapshot(ticket).messages]
    assert keys[0] == f"{ticket} · root"
    assert f"{ticket} · r1.5" in keys
    card = side.world.card_now(ticket)
    drafts = "".join(seen([one]).text for one in side.snapshot(ticket).messages[1:])
    assert drafts.count("https://a.example") == 700
    await side.chat.update(ref, replace(card, close_reason=long))


async def test_a_dead_token_and_a_room_that_is_gone_are_said(side: DiscordSide) -> None:
    ticket = side.world.comment()
    side.env.inject_error("POST", "/channels/*/threads", status=401, message="401: Unauthorized")
    with pytest.raises(AuthExpired):
        await side.chat.post(side.room, side.world.card_now(ticket))
    with pytest.raises(AuthExpired):
        await side.chat.post(replace(side.room, native_id="123456789012345678"), side.world.card_now(ticket))
    assert await side.chat.find_card(side.room, side.world.card_now(ticket)) is None
    ref = await side.chat.post(side.room, side.world.card_now(ticket))
    nobody = replace(side.people[0], identities=frozenset({("discord", "123456789012345678")}))
    with pytest.raises(Permanent) as caught:
        await side.chat.tell(nobody, ref, "Hello?")
    assert not isinstance(caught.value, AuthExpired), "one wrong id says nothing about the token"
    lights = await side.chat.check([side.room, Room(id="other", chat="discord", native_id="C1", locale="en")])
    assert [(light.code, light.state) for light in lights] == [
        ("account_ok", "ok"),
        ("discord_room_ok", "ok"),
        ("discord_room", "red"),
    ]
