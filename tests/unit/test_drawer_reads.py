"""What a chat asks its drawer for while nothing is at hand: processes that share the database ask it each time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.contract.chat_world import Clock, Drawer
from tests.contract.discord_side import DiscordSide
from tests.contract.slack_side import SlackSide
from tests.contract.telegram_side import TelegramSide

if TYPE_CHECKING:
    from collections.abc import Callable

COMMENTS = 10


class Counted(Drawer):
    """Counts what it is asked for."""

    shared = True

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.calls: Counter[str] = Counter()

    async def get(self, key: str) -> str | None:
        self.calls["get"] += 1
        return await super().get(key)

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        self.calls["put"] += 1
        await super().put(key, value, lifetime=lifetime)


@pytest.mark.parametrize("make", [SlackSide, DiscordSide, TelegramSide])
async def test_a_long_thread_that_stands_is_asked_for_once_a_message(
    make: Callable[[], SlackSide | DiscordSide | TelegramSide],
) -> None:
    side = make()
    side.keep = keep = Counted(side.world.clock)
    await side.start()
    try:
        ticket = side.world.comment()
        ref = await side.chat.post(side.room, side.world.card_now(ticket))
        for number in range(COMMENTS):
            side.world.comment_again(ticket, f"And one more thing, the {number}th.")
        await side.chat.update(ref, side.world.card_now(ticket))
        messages = sum(key.startswith("at:") for key in keep.rows)
        keep.calls.clear()
        await side.chat.update(ref, side.world.card_now(ticket))
        assert keep.calls["put"] == 0
        assert messages <= keep.calls["get"] <= messages + 4
    finally:
        await side.stop()
