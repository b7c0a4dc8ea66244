"""After a reply went out, was refused or given up: what the network, or a person who looked, says about it later."""

from typing import Any

import pytest

from bot.core.messages import Done, ItemArrived, ItemRemoved, ReplyConfirmed, ReplyRefused, Settle, Write
from bot.core.types import ReplyState, TicketStatus
from bot.engine import intake
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publisher import S, approved, voided
from tests.support.engine_world import WALL, World

OURS = "We are sorry, Carla: the next soup is on us, whenever you come by again and tell us who you are."


async def states(world: World, ticket: str) -> list[ReplyState]:
    return [reply.state for reply in (await world.card(ticket)).replies]


async def heard_again(world: World, network: ModelNetwork, ticket: str) -> None:
    """The customer goes on, and the new draft is approved: its undo window runs."""
    await world.arrive(network.write("a2", "And my coat is gone", thread_key="a", parent="a"))
    assert await world.ticket_of("a2") == ticket
    await world.approve(ticket)


# --- it vanishes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [True, False])
async def test_a_published_reply_that_the_network_removes_is_told_once(
    world: World, network: ModelNetwork, together: bool
) -> None:
    ticket = await approved(world, network)
    await world.work_on(world.worker(), 60)
    gone = ItemRemoved(account=WALL, native_id=network.posts[0].id, reason="reported")
    for some in ([gone, gone],) if together else ([gone], [gone]):
        await world.emit(*some)
    assert (await world.facts(ticket)).count("ReplyVanished") == 1
    assert len(await world.announced("reply_vanished")) == 1
    assert await states(world, ticket) == [S.PUBLISHED]
    await world.work_on(world.worker(), 60)
    assert any("not on wall any more" in text for _, text in world.chat.said)
    assert len(network.calls) == 1


async def test_each_vanished_reply_of_a_ticket_is_told(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    worker = world.worker()
    await world.work_on(worker, 60)
    await heard_again(world, network, ticket)
    await world.work_on(worker, 60)
    assert len(network.posts) == 2
    for post in network.posts:
        await world.emit(ItemRemoved(account=WALL, native_id=post.id))
    assert (await world.facts(ticket)).count("ReplyVanished") == 2


async def test_somebody_elses_reply_that_vanishes_is_no_reply_of_ours(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    network.say("a", "rejected")
    await world.work_on(world.worker(), 60)
    before = await world.facts(ticket)
    await world.emit(ItemRemoved(account=WALL, native_id="p1"))
    assert await world.facts(ticket) == before


# --- it stands there after all ----------------------------------------------------------------------------------------


async def given_up(world: World, network: ModelNetwork) -> str:
    """A reply that was held for moderation, and that a person settled as absent."""
    ticket = await approved(world, network)
    network.say("a", "pending")
    await world.work_on(world.worker(), 60)
    assert await states(world, ticket) == [S.PENDING]
    assert isinstance(await world.wish(Settle(by="luis", via="desk", ticket=ticket, posted=False)), Done)
    assert await states(world, ticket) == [S.WITHDRAWN]
    return ticket


def word(how: str, network: ModelNetwork) -> ReplyConfirmed | ItemArrived:
    """The network says, in one way or another, that the first reply is public."""
    post = network.posts[0]
    post.live = True
    if how == "confirmed":
        return ReplyConfirmed(account=WALL, native_id=post.id, url="https://example.org/live")
    return ItemArrived(item=network.seen(post))


@pytest.mark.parametrize("how", ["confirmed", "seen"])
@pytest.mark.parametrize("again", ["confirmed", "seen"])
@pytest.mark.parametrize("newer", ["proposed", "approved"])
async def test_a_reply_given_up_that_shows_after_all_withdraws_the_newer_one_once(
    world: World, network: ModelNetwork, how: str, again: str, newer: str
) -> None:
    ticket = await given_up(world, network)
    await world.wish(Write(by="ada", via="desk", ticket=ticket, text=OURS))
    if newer == "approved":
        await world.approve(ticket)
    await world.emit(word(how, network))
    for _ in range(2):
        await world.emit(word(again, network), word(again, network))
    assert (await states(world, ticket))[-1] is S.WITHDRAWN
    assert (await world.facts(ticket)).count("AnsweredElsewhere") == 1
    assert len(await world.announced("answered_elsewhere")) == 1
    assert (await world.card(ticket)).line.status is TicketStatus.WAITING
    await world.work_on(world.worker())
    assert len(network.calls) == 1


async def test_a_reply_given_up_that_shows_at_the_last_moment_stops_the_newer_one(
    world: World, network: ModelNetwork
) -> None:
    ticket = await given_up(world, network)
    await world.wish(Write(by="ada", via="desk", ticket=ticket, text=OURS))
    await world.approve(ticket)
    network.posts[0].live = True
    await world.work_on(world.worker())
    assert (len(network.calls), (await states(world, ticket))[-1]) == (1, S.WITHDRAWN)


async def test_a_reply_that_was_refused_and_let_in_after_all_counts_as_an_answer(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    network.say("a", "pending")
    await world.work_on(world.worker(), 60)
    await world.emit(ReplyRefused(account=WALL, native_id=network.posts[0].id, reason="rude"))
    assert await states(world, ticket) == [S.REJECTED]
    await world.emit(word("confirmed", network))
    await world.emit(word("confirmed", network))
    assert (await world.facts(ticket)).count("AnsweredElsewhere") == 1
    assert (await world.card(ticket)).line.status is TicketStatus.WAITING


# --- a person looked --------------------------------------------------------------------------------------------------


async def test_settling_an_older_reply_as_posted_voids_the_yes_to_the_newer_one(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    network.say("a", "handed")
    worker = world.worker()
    await world.work_on(worker, 60)
    await heard_again(world, network, ticket)
    assert await states(world, ticket) == [S.HANDED_OFF, S.APPROVED]
    outcome = await world.wish(Settle(by="pia", via="desk", ticket=ticket, posted=True, url="https://example.org/x"))
    assert isinstance(outcome, Done)
    await world.work_on(worker)
    assert await states(world, ticket) == [S.PUBLISHED, S.PROPOSED]
    assert await voided(world, ticket) == ["changed"]
    assert len(network.calls) == 1
    await world.approve(ticket)
    await world.work_on(worker)
    assert [post.target for post in network.posts] == ["a2"]


async def test_settling_an_older_reply_as_absent_leaves_the_newer_one_alone(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    network.say("a", "handed")
    worker = world.worker()
    await world.work_on(worker, 60)
    await heard_again(world, network, ticket)
    assert isinstance(await world.wish(Settle(by="pia", via="desk", ticket=ticket, posted=False)), Done)
    await world.work_on(worker)
    assert await states(world, ticket) == [S.WITHDRAWN, S.PUBLISHED]


# --- is it what we just posted? ---------------------------------------------------------------------------------------


@pytest.fixture
def compared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "COMPARED", request.param)


@pytest.mark.parametrize(
    ("compared", "change", "ours"),
    [
        (10_000, lambda text: text.replace("again", "https://t.example/1"), True),
        (10, lambda text: text.replace("again", "https://t.example/1"), False),
        (10, lambda text: f"  {text} ".replace(" ", "  "), True),
        (10_000, lambda text: "We called you, all is well now.", False),
    ],
    ids=["short, nearly equal", "long, nearly equal", "long, equal", "short, different"],
    indirect=["compared"],
)
@pytest.mark.usefixtures("compared")
async def test_nearly_equal_words_are_ours_only_where_comparing_them_is_cheap(
    world: World, network: ModelNetwork, change: Any, ours: bool
) -> None:
    network.kind = "none"
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.wish(Write(by="ada", via="desk", ticket=ticket, text=OURS))
    await world.approve(ticket)
    network.say("a", "posted_lost")
    await world.work_on(world.worker())
    assert await world.state(ticket) is S.UNCERTAIN
    network.posts[0].text = change(OURS)
    await world.arrive(network.seen(network.posts[0]))
    assert await world.state(ticket) is (S.PUBLISHED if ours else S.UNCERTAIN)
    assert ("AnsweredElsewhere" in await world.facts(ticket)) is not ours
