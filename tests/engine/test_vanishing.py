"""What vanished from a network that sends no word of it is noticed, said once, and never mistaken."""

from datetime import timedelta

import pytest

from bot.core.errors import AuthExpired, Permanent, Transient
from bot.core.letters import LetterState
from bot.core.messages import Write
from bot.engine.vanishing import AGAIN, Plan, Vanishing
from bot.store.vanished import vanished
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publisher import approved
from tests.support.engine_world import WALL, World

PLAN = Plan(lifetime=timedelta(days=3), per_hour=12)
EVERY = timedelta(hours=1).total_seconds() / PLAN.per_hour


class Watching:
    """A worker and the watch over one world, with its clock."""

    def __init__(self, world: World, network: ModelNetwork) -> None:
        network.tells_gone = True
        self.world = world
        self.vanishing = Vanishing(world.engine, world.reader, PLAN)
        self.worker = world.worker()

    async def on(self, seconds: float) -> None:
        """So much time passes."""
        end = self.world.clock.now + timedelta(seconds=seconds)
        while self.world.clock.now < end:
            await self.vanishing.tick(PLAN)
            await self.world.work_on(self.worker, EVERY / 2)


@pytest.fixture
def watching(world: World, network: ModelNetwork) -> Watching:
    return Watching(world, network)


async def test_a_reply_that_vanished_is_told_on_the_card_in_the_thread_and_in_health(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    ticket = await approved(world, network)
    before = world.clock.now
    await world.work_on(watching.worker, 60)
    await watching.on(600)
    assert "ReplyVanished" not in await world.facts(ticket)
    network.posts[0].live = False
    await watching.on(3600)
    assert (await world.facts(ticket)).count("ReplyVanished") == 1
    card = await world.card(ticket)
    assert [entry.gone for entry in card.conversation if entry.ours] == [True]
    assert card.reply is not None
    assert card.reply.vanished_at is not None
    assert card.reply.problem == "vanished"
    said = [text for _, text in world.chat.said if "not on wall any more" in text]
    words = "Our reply of Nov 21, 2026 is not on wall any more. Nobody removed it from here, and it is not posted again"
    assert said == [f"{words} by itself."]
    [letter] = await world.reader.letters()
    assert (letter.state, letter.id, letter.place) == (LetterState.VANISHED, f"{ticket}.1", WALL)
    assert [light.params for light in await world.reader.health() if light.code == "replies_vanished"] == [{"count": 1}]
    [told] = await world.reader.ask(lambda conn: vanished(conn, before, world.clock.now))
    assert (told.what, told.reply, told.native_id, told.ticket) == ("reply", f"{ticket}.1", "p1", ticket)
    await watching.on(3600)
    assert (await world.facts(ticket)).count("ReplyVanished") == 1
    assert len(network.posts) == len(network.calls) == 1
    await world.wish(Write(by="luis", via="desk", ticket=ticket, text="Here is our answer once more, dear Carla."))
    assert await world.reader.letters() == []


async def test_a_comment_that_vanished_is_told_and_what_it_said_stays(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    await world.arrive(network.write("a"), network.write("b", thread_key="b", who="c2"))
    ticket = await world.ticket_of("a")
    network.remove("a")
    before = world.clock.now
    await watching.on(3600)
    assert (await world.facts(ticket)).count("ItemRemoved") == 1
    found = await world.reader.ask(lambda conn: vanished(conn, before, world.clock.now))
    assert [(one.what, one.native_id, one.ticket) for one in found] == [("comment", "a", ticket)]
    assert (await world.card(ticket)).conversation[0].text == "The soup was cold"


async def test_an_edit_that_nobody_told_of_is_noticed_on_the_way(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    await world.arrive(network.write("a"))
    network.edit("a", "The soup was cold, and green")
    await watching.on(3600)
    assert (await world.card(await world.ticket_of("a"))).line.text == "The soup was cold, and green"


async def test_it_is_said_only_after_two_looks_with_minutes_between(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    ticket = await approved(world, network)
    await world.work_on(watching.worker, 60)
    network.posts[0].live = False
    while "p1" not in network.read:
        await watching.on(EVERY)
    await world.work_on(watching.worker, AGAIN.total_seconds() - 2 * EVERY)
    assert "ReplyVanished" not in await world.facts(ticket)
    network.posts[0].live = True
    await watching.on(3600)
    assert "ReplyVanished" not in await world.facts(ticket)
    assert [order.type for order in await world.orders() if order.payload.get("missing_since")] == []


async def test_a_network_that_cannot_be_asked_takes_nothing_away(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    troubles = [Transient("503"), Transient("429", 20.0), AuthExpired("401"), Permanent("403"), ValueError()]
    ticket = await approved(world, network)
    await world.work_on(watching.worker, 60)
    network.reading.extend(troubles * 9)
    await watching.on(3600)
    assert network.read == ["a"]  # when it was published
    # Also amid a doubt.
    network.reading.clear()
    network.posts[0].live = False
    while not any(order.payload.get("missing_since") for order in await world.orders("look")):
        await watching.on(EVERY)
    network.reading.extend(troubles * 9)
    await watching.on(3600)
    network.reading.clear()
    # And where everything is "not found" while the account itself is not let in.
    network.account_trouble = Permanent("404")
    await watching.on(3600)
    assert "ReplyVanished" not in await world.facts(ticket)
    assert await world.lights("watch") == []
    assert await world.reader.letters() == []
    network.account_trouble = None
    await watching.on(3600)
    assert "ReplyVanished" in await world.facts(ticket)


async def test_looks_are_spread_and_never_more_than_the_plan_allows(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    await world.arrive(*(network.write(f"c{n}", f"comment {n}", thread_key=f"t{n}", who=f"w{n}") for n in range(50)))
    await world.work_on(watching.worker, 60)
    await watching.on(3600)
    assert PLAN.per_hour - 2 <= len(network.read) <= PLAN.per_hour
    assert len(set(network.read)) == len(network.read)
    world.clock.move(3 * 86400)
    network.read.clear()
    await watching.on(3600)
    assert network.read == []


async def test_a_network_that_cannot_be_read_is_left_alone(
    world: World, network: ModelNetwork, watching: Watching
) -> None:
    ticket = await approved(world, network)
    network.tells_gone = False
    await world.work_on(watching.worker, 60)
    network.read.clear()
    network.posts[0].live = False
    await watching.on(3600)
    assert network.read == []
    assert "ReplyVanished" not in await world.facts(ticket)
