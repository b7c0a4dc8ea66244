"""The network contract as WordPress can keep it: moderators who turn a reply down give no reason."""

from __future__ import annotations

from bot.core.messages import ReplyRefused
from bot.core.types import Item, Pending
from handlers.networks.wordpress.listening import TURNED_DOWN
from tests.contract.network_side import Side, answer, listening
from tests.contract.network_suite import NetworkContract


class WordPressContract(NetworkContract):
    adapter = "wordpress"

    async def test_a_moderated_reply_may_be_refused(self, side: Side, target: Item) -> None:
        for state, text in (("spam", "We are sorry."), ("trash", "We are very sorry.")):
            await side.trouble("publish", "pending")
            async with listening(side.network) as intake:
                pending = await side.network.publish(answer(target, text, state))
                assert isinstance(pending, Pending)
                await side.moderate(pending.native_id or "", refused_because=state)
                await intake.until(lambda had: any(isinstance(event, ReplyRefused) for event in had.events))
            refused = next(event for event in intake.events if isinstance(event, ReplyRefused))
            assert (refused.native_id, refused.reason) == (pending.native_id, TURNED_DOWN)
            assert await side.replies(target.native_id) == []
            assert not any(item.ours for item in intake.items)
