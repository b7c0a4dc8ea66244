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
