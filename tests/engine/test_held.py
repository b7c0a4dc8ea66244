"""A comment that the network's moderators hold back: shown as such until they let it through, which edits nothing."""

from __future__ import annotations

from bot.core.messages import ItemReleased
from bot.core.types import ReplyState
from tests.support.engine_world import WALL, World, comment


async def test_a_held_comment_says_so_until_it_is_let_through_and_an_approval_stands(world: World) -> None:
    item = comment("a", "The soup was cold.", held=True)
    await world.arrive(item)
    ticket = await world.ticket_of("a")
    assert [entry.held for entry in (await world.card(ticket)).conversation] == [True]
    await world.approve(ticket)
    for _ in range(2):
        await world.emit(ItemReleased(account=WALL, native_id="a"))
    [entry] = (await world.card(ticket)).conversation
    assert (entry.held, entry.edited) == (False, False)
    assert await world.state(ticket) is ReplyState.APPROVED
    assert (await world.facts(ticket)).count("ItemReleased") == 1


async def test_what_nobody_knows_can_be_let_through(world: World) -> None:
    await world.emit(ItemReleased(account=WALL, native_id="never"), cursor="7")
    await world.arrive(comment("b", "hello"))
    assert not (await world.card(await world.ticket_of("b"))).conversation[0].held
