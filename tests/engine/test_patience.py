"""How long things are tried: a lane that does not work is waited for, an order that does not work is given up."""

from typing import Any

import pytest

from bot.core.errors import AuthExpired, Transient
from bot.core.types import ReplyState
from bot.engine.lanes import TRIES
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publisher import approved, many
from tests.support.engine_world import World

OFTEN = 3 * TRIES


@pytest.mark.parametrize("problem", [Transient("503"), Transient("429", 600), AuthExpired("401")], ids=repr)
async def test_a_card_that_waits_for_its_room_is_never_given_up(
    world: World, network: ModelNetwork, problem: Exception
) -> None:
    world.chat.trouble = [problem] * OFTEN
    await world.arrive(network.write("a"), network.write("b", "There is danger", thread_key="b"))
    worker = world.worker()
    await world.work_on(worker, 24 * 3600)
    assert world.chat.trouble == []
    assert sorted(ticket for _, ticket in world.chat.posted) == sorted(await world.tickets())
    assert any("critical" in text.lower() for _, text in world.chat.said)
    assert await world.orders() == []


@pytest.mark.parametrize("answer", ["busy", "dead"])
async def test_a_reply_that_waits_for_its_account_is_never_given_up(
    world: World, network: ModelNetwork, answer: Any
) -> None:
    ticket = await approved(world, network)
    network.say("a", *many(answer, OFTEN))
    await world.work_on(world.worker(), 20 * 3600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, ReplyState.PUBLISHED)


@pytest.mark.parametrize("own", [OSError("reset"), ValueError("a bug"), TimeoutError()], ids=repr)
async def test_waiting_for_the_room_does_not_count_against_the_card(
    world: World, network: ModelNetwork, own: Exception
) -> None:
    world.chat.trouble = [*[Transient("503")] * OFTEN, *[own] * (TRIES - 1)]
    await world.arrive(network.write("a"))
    await world.work_on(world.worker(), 24 * 3600)
    assert world.chat.trouble == []
    assert (len(world.chat.posted), await world.orders()) == (1, [])


async def test_a_card_that_fails_by_itself_is_given_up_however_its_room_does(
    world: World, network: ModelNetwork
) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    world.chat.trouble = [Transient("503") if number % 2 else ValueError("a bug") for number in range(9 * TRIES)]
    worker = world.worker()
    await world.work_on(worker, 24 * 3600)
    assert [order.state for order in await world.orders("card")] == ["dead"]
    assert len(world.chat.trouble) == 9 * TRIES - (2 * TRIES - 1)
    assert world.chat.shown(ticket) == []


async def test_a_length_that_the_network_cannot_tell_keeps_no_comment_out(
    world: World, network: ModelNetwork, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(network, "measure", broken)
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    assert await world.state(ticket) is ReplyState.PROPOSED
    assert [line["length"] for line in logged if line["event"] == "measure.failed"] == [len(await world.draft(ticket))]
    await world.approve(ticket)
    await world.work_on(world.worker())
    assert len(network.under("a")) == 1
