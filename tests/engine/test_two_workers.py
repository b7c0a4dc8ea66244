"""Two workers on one outbox: one that stood still for too long must not call any more, and the other finishes."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.types import Item, ReplyState
from bot.store import outbox
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import World

LONG = outbox.LEASE.total_seconds() + 1


def once(act: Callable[[], Awaitable[object]], real: Callable[[Item], Awaitable[list[Item]]]) -> object:
    """Let something else happen after the first reading of what stands around a target."""
    done = False

    async def conversation(item: Item) -> list[Item]:
        nonlocal done
        found = await real(item)
        if not done:
            done = True
            await act()
        return found

    return conversation


@pytest.mark.parametrize("answer_lost", [False, True])
async def test_a_worker_that_stood_still_finds_the_order_taken_and_says_nothing(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch, answer_lost: bool
) -> None:
    network.kind = "lookup"
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.approve(ticket)
    slow, quick = world.worker(), world.worker()
    if answer_lost:
        # Nothing stands there, so the slow one is about to send again when it falls asleep.
        # The other one does that meanwhile, and its answer is lost again: only the lease tells the two apart.
        network.say("a", "lost", "posted_lost")
        await world.work_on(slow, 11)
        assert await world.state(ticket) is ReplyState.PUBLISHING

    async def sleep() -> None:
        world.clock.move(LONG)
        await world.work_on(quick, 3600, until=lambda: bool(network.under("a")))

    monkeypatch.setattr(network, "conversation", once(sleep, network.conversation))
    await world.work_on(slow)
    assert len(network.under("a")) == 1
    assert await world.state(ticket) is ReplyState.PUBLISHED
    assert len(network.calls) == (2 if answer_lost else 1)
