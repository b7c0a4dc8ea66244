"""What comes between: a press while the thread is brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core import messages as m
from bot.core.errors import Transient
from handlers.chats.discord.threads import Threads
from tests.contract.discord_side import DiscordSide, seen


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
    ticket = side.world.comment()
    side.world.propose(ticket, "In my own words.")
    side.world.clock.forward(minutes=1)
    side.world.comment_again(ticket, "And the second one is broken, too.")
    await side.chat.post(side.room, side.world.card_now(ticket))
    said = await side.room_texts()
    assert any("the second one" in text for text in said)
    assert "In my own words." in said[-1]


async def test_no_piece_of_a_long_draft_takes_a_yes_before_the_last_one_stands(
    side: DiscordSide, monkeypatch: pytest.MonkeyPatch
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
    piece = next(one for one in side._everything() if "(1/" in seen([one]).text)
    await side.react(side.members["luis"], "approve", piece)
    assert side.world.decided(ticket) == []
    await side.chat.update(ref, side.world.card_now(ticket))
    await side.react(side.members["ana"], "approve", piece)
    assert [one.person for one in side.world.decided(ticket)] == ["ana"]
