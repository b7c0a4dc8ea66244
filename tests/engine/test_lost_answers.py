"""When the network's answer is lost: what is looked for, what is sent again, and what a person must settle."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core import publishing
from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.engine.publisher import ASK
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


# --- how long one goes on by oneself ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("upsert", "slow"),
        ("client_id", "unknown"),
        ("key_window", "bug"),
        ("content_dedupe", "lost"),
        ("lookup", "lost"),
    ],
)
async def test_after_many_lost_answers_in_a_row_a_person_is_asked_once(
    world: World, network: ModelNetwork, kind: Any, answer: Answer
) -> None:
    network.kind = kind
    ticket = await approved(world, network)
    network.say("a", *many(answer, 99))
    worker = world.worker()
    await world.work_on(worker, 1200, until=lambda: len(network.calls) == ASK - 1)
    assert await world.state(ticket) is S.PUBLISHING
    await world.work_on(worker, 24 * 3600)
    assert (len(network.calls), await world.state(ticket)) == (ASK, S.UNCERTAIN)
    assert (await world.facts(ticket)).count("ReplyUncertain") == 1
    assert sum("lost" in text for _, text in world.chat.said) == 1
    assert await world.orders() == []


async def test_whoever_answers_just_in_time_leaves_people_alone(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    network.say("a", *many("lost", ASK - 1))
    await world.work_on(world.worker(), 3600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)
    assert "ReplyUncertain" not in await world.facts(ticket)


@pytest.mark.parametrize("before", ["busy", "dead"])
async def test_calls_that_surely_posted_nothing_do_not_count_as_lost(
    world: World, network: ModelNetwork, before: Answer
) -> None:
    ticket = await approved(world, network)
    network.say("a", *many(before, 2 * ASK), *many("lost", ASK - 1))
    await world.work_on(world.worker(), 3 * 3600)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)
    assert "ReplyUncertain" not in await world.facts(ticket)


# --- what the network remembers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["lost", "posted_lost", "pending_lost"])
async def test_where_moderation_hides_replies_nothing_is_sent_again_because_it_was_not_found(
    world: World, network: ModelNetwork, answer: Answer
) -> None:
    network.kind, network.moderates = "lookup", True
    ticket = await approved(world, network)
    network.say("a", answer)
    await world.work_on(world.worker(), 24 * 3600)
    found = answer == "posted_lost"
    assert (len(network.calls), await world.state(ticket)) == (1, S.PUBLISHED if found else S.UNCERTAIN)
    assert network.looked == (1 if found else publishing.LOOKS + 1)


@pytest.mark.parametrize(("down", "calls"), [(3000, 2), (3600, 1)])
async def test_equal_words_are_sent_again_only_while_the_network_remembers_them(
    world: World, network: ModelNetwork, down: float, calls: int
) -> None:
    network.kind, network.window = "content_dedupe", timedelta(hours=1)
    ticket = await approved(world, network)
    network.say("a", "lost")
    await world.work_on(world.worker(), 10.2)
    world.clock.move(down)
    await world.work_on(world.worker(), 24 * 3600)
    assert (len(network.calls), await world.state(ticket)) == (calls, S.PUBLISHED if calls == 2 else S.UNCERTAIN)
