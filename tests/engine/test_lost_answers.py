"""When the network's answer is lost: what is looked for, what is sent again, and what a person must settle."""

from typing import Any

import pytest

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from tests.engine.model_network import Answer, ModelNetwork
from tests.engine.test_publisher import S, Twist, _by_hand, _crisis, _edit, _remove, approved, many
from tests.support.engine_world import World


@pytest.mark.parametrize("kind", ["upsert", "client_id", "key_window", "content_dedupe", "lookup"])
@pytest.mark.parametrize("twist", [_edit, _by_hand, _remove, _crisis], ids=["edit", "by hand", "remove", "crisis"])
async def test_nothing_is_sent_again_once_the_yes_does_not_hold(
    world: World, network: ModelNetwork, kind: Any, twist: Twist
) -> None:
    network.kind = kind
    ticket = await approved(world, network)
    network.say("a", "lost")
    worker = world.worker()
    await world.work_on(worker, 10.2)
    assert (len(network.calls), await world.state(ticket)) == (1, S.PUBLISHING)
    await twist(world, network, ticket)
    await world.work_on(worker, 30 * 3600)
    assert len(network.calls) == 1
    assert [post.by for post in network.under("a")] in ([], ["colleague"])
    assert await world.state(ticket) is S.UNCERTAIN
    assert await world.orders() == []


@pytest.mark.parametrize("where", ["reading", "finding"])
@pytest.mark.parametrize(
    "problem",
    [
        Transient("503"),
        Transient("429", 30),
        AuthExpired("401"),
        Permanent("403"),
        OutcomeUnknown("?"),
        TimeoutError(),
        OSError("reset"),
        ValueError("a bug"),
    ],
    ids=lambda problem: type(problem).__name__,
)
async def test_trouble_while_reading_or_looking_only_delays(
    world: World, network: ModelNetwork, where: str, problem: Exception
) -> None:
    network.kind = "lookup"
    ticket = await approved(world, network)
    network.say("a", "posted_lost" if where == "finding" else "posted")
    (network.reading if where == "reading" else network.finding).append(problem)
    await world.work_on(world.worker(), 3600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)


async def test_a_colleagues_reply_is_never_overwritten_where_there_is_room_for_one(
    world: World, network: ModelNetwork
) -> None:
    network.kind = "upsert"
    ticket = await approved(world, network)
    network.say("a", "lost")
    worker = world.worker()
    await world.work_on(worker, 10.2)
    network.by_hand("a", "We called you, all is well now.")
    await world.work_on(worker, 7200)
    assert [(post.by, post.text) for post in network.under("a")] == [("colleague", "We called you, all is well now.")]
    assert await world.state(ticket) is S.UNCERTAIN


@pytest.mark.parametrize("kind", ["upsert", "client_id", "key_window", "content_dedupe", "lookup"])
@pytest.mark.parametrize("answers", [(one, two) for one in ("posted_lost", "lost") for two in ("busy", "unknown")])
async def test_a_second_call_that_does_not_work_proves_nothing_about_the_first(
    world: World, network: ModelNetwork, logged: list[Any], kind: Any, answers: tuple[Answer, ...]
) -> None:
    network.kind, network.lag = kind, 3.0
    ticket = await approved(world, network)
    network.say("a", *answers)
    await world.work_on(world.worker(), 600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)
    assert [line for line in logged if line["event"] == "order.failed"] == []


@pytest.mark.parametrize("kind", ["upsert", "client_id", "key_window", "content_dedupe"])
async def test_a_refusal_is_not_believed_while_the_first_call_may_not_be_readable_yet(
    world: World, network: ModelNetwork, kind: Any
) -> None:
    network.kind, network.lag = kind, 2.0
    ticket = await approved(world, network)
    network.say("a", "posted_lost", "rejected", "rejected")
    await world.work_on(world.worker(), 600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)


async def test_a_refusal_is_believed_once_nothing_was_to_be_found_for_a_while(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    network.say("a", "lost", *many("rejected", 9))
    await world.work_on(world.worker(), 600)
    assert (network.under("a"), await world.state(ticket)) == ([], S.REJECTED)


async def test_words_that_stand_there_already_but_cannot_be_found_are_a_persons_business(
    world: World, network: ModelNetwork
) -> None:
    network.kind, network.lag = "content_dedupe", 1e9
    ticket = await approved(world, network)
    network.say("a", "posted_lost")
    await world.work_on(world.worker(), 600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.UNCERTAIN)
