"""Cards stand once in each room that wants them, and follow what happens."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.errors import AuthExpired, CardGone, OutcomeUnknown, Permanent, PlaceGone, Transient
from bot.core.messages import AddNote, Close, Escalate
from bot.core.routing import Route
from bot.core.types import Kind, Room, TicketStatus
from bot.engine import points
from bot.store import outbox
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publishing_matrix import Crash
from tests.support.engine_world import DESK, WALL, Clock, World, comment

ROOMS = (DESK, Room(id="kitchen", chat="desk"), Room(id="cocina", chat="desk", locale="es"))


@pytest.fixture
async def house(tmp_path: Path, network: ModelNetwork, clock: Clock) -> AsyncIterator[Callable[..., World]]:
    made: list[World] = []

    def build(*routes: Route) -> World:
        made.append(World(tmp_path / "portavoz.db", {WALL: network}, clock=clock, rooms=ROOMS, routes=routes))
        return made[0]

    yield build
    await made[0].close()


async def test_a_card_is_posted_once_and_then_follows_in_place(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    worker = world.worker()
    await world.work_on(worker, 1)
    for number in range(3):
        await world.wish(AddNote(by="ada", via="desk", ticket=ticket, text=f"note {number}"))
        await world.work_on(worker, 1)
    await world.wish(Close(by="ada", via="desk", ticket=ticket))
    await world.work_on(worker, 1)
    assert (len(world.chat.posted), len(world.chat.updated)) == (1, 4)
    assert [card.line.status for card in world.chat.shown(ticket)] == [TicketStatus.CLOSED]


async def test_news_that_come_together_are_shown_together(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    for number in range(5):
        await world.wish(AddNote(by="ada", via="desk", ticket=ticket, text=f"note {number}"))
    await world.work_on(world.worker(), 1)
    assert (len(world.chat.posted), world.chat.updated) == (1, [])
    assert len(world.chat.shown(ticket)[0].notes) == 5


@pytest.mark.parametrize("point", ["card.after_intent", "card.after_call", "card.after_commit"])
async def test_a_crash_on_the_way_leaves_one_card(world: World, network: ModelNetwork, point: str) -> None:
    await world.arrive(network.write("a"), network.write("b", thread_key="b"))
    crashed: list[str] = []

    def visit(name: str) -> None:
        if name == point and not crashed:
            crashed.append(name)
            raise Crash

    points.visit_with(visit)
    with pytest.raises(Crash):
        await world.round(world.worker())
    await world.engine.writer.run(outbox.release_all)
    await world.work_on(world.worker())
    assert crashed
    assert sorted(ticket for _, ticket in world.chat.posted) == sorted(await world.tickets())
    assert await world.orders() == []
    refs = {row.ref for row in await world.rows(select(t.cards.c.ref))}
    assert refs == set(world.chat.cards)


async def test_a_lost_answer_is_settled_by_looking_for_the_card(world: World, network: ModelNetwork) -> None:
    world.chat.after = [OutcomeUnknown("the connection broke")]
    await world.arrive(network.write("a"))
    await world.work_on(world.worker())
    assert (len(world.chat.posted), len(world.chat.asked), len(world.chat.updated)) == (1, 1, 1)


@pytest.mark.parametrize(
    "problem", [Transient("503"), Transient("429", 9), AuthExpired("401"), TimeoutError(), OSError(), ValueError("bug")]
)
async def test_a_chat_in_trouble_gets_the_card_later(world: World, network: ModelNetwork, problem: Exception) -> None:
    world.chat.trouble = [problem]
    await world.arrive(network.write("a"))
    worker = world.worker()
    await world.round(worker)
    assert world.chat.cards == {}
    await world.work_on(worker, 600)
    assert len(world.chat.posted) == 1
    assert await world.orders("card") == []


async def test_a_chat_that_refuses_a_card_for_good_is_a_dead_letter(world: World, network: ModelNetwork) -> None:
    world.chat.trouble = [Permanent("the channel is archived")]
    await world.arrive(network.write("a"))
    await world.work_on(world.worker(), 600)
    assert [(o.state, o.problem) for o in await world.orders("card")] == [("dead", "the channel is archived")]


async def test_a_room_that_is_gone_is_told_of_once_however_much_waited_for_it(
    house: Callable[..., World], network: ModelNetwork
) -> None:
    world = await house().open()
    await world.arrive(*(network.write(name, thread_key=name) for name in "abc"))
    world.parts = replace(world.parts, rooms=world.parts.rooms[1:])
    world.engine.parts = world.parts
    await world.work_on(world.worker(), 600)
    dead = [o for o in await world.orders("card") if o.state == "dead"]
    assert {(o.lane, o.problem) for o in dead} == {("room:team", "no_such_room")}
    assert len(dead) == 3
    assert sorted(room for room, _ in world.chat.said) == ["cocina", "kitchen"]


async def test_without_routes_every_room_shows_every_card(house: Callable[..., World], network: ModelNetwork) -> None:
    world = await house().open()
    await world.arrive(network.write("a"))
    await world.work_on(world.worker())
    assert sorted(room for room, _ in world.chat.posted) == ["cocina", "kitchen", "team"]


async def test_with_routes_one_room_shows_it_and_what_nobody_wants_goes_to_the_first(
    house: Callable[..., World], network: ModelNetwork
) -> None:
    world = await house(Route(room="kitchen", kind=Kind.QUESTION)).open()
    await world.arrive(network.write("a", "Is there soup?"), network.write("b", thread_key="b"))
    await world.work_on(world.worker())
    question, other = await world.ticket_of("a"), await world.ticket_of("b")
    assert sorted(world.chat.posted) == sorted([("kitchen", question), ("team", other)])


async def test_words_are_said_in_the_language_of_each_room(house: Callable[..., World], network: ModelNetwork) -> None:
    world = await house().open()
    await world.arrive(comment("a", "There is danger"))
    await world.work_on(world.worker())
    said = dict(world.chat.said)
    assert set(said) == {"team", "kitchen", "cocina"}
    assert said["team"] == said["kitchen"] != said["cocina"]


# --- it is taken away -------------------------------------------------------------------------------------------------

GONE = (CardGone("message_not_found"), PlaceGone("channel_not_found"))


@pytest.mark.parametrize("error", GONE, ids=["card", "place"])
async def test_a_card_that_was_taken_away_comes_anew_and_its_room_goes_on(
    world: World, network: ModelNetwork, error: Exception
) -> None:
    await world.arrive(network.write("a"))
    ticket, worker = await world.ticket_of("a"), world.worker()
    await world.work_on(worker, 2)
    world.chat.take_away(error)
    await world.wish(AddNote(by="ada", via="desk", ticket=ticket, text="Look at this."))
    await world.arrive(network.write("b", thread_key="b"))
    await world.work_on(worker, 4)
    other = await world.ticket_of("b")
    assert sorted(one for _, one in world.chat.posted) == sorted([ticket, ticket, other])
    assert len(world.chat.shown(ticket)) == 1
    await world.wish(AddNote(by="ada", via="desk", ticket=ticket, text="And at this."))
    await world.work_on(worker, 2)
    assert world.chat.updated.count(ticket) == 1
    assert await world.rows(select(t.outbox.c.problem).where(t.outbox.c.problem.is_not(None))) == []


async def test_a_card_posted_anew_whose_answer_was_lost_is_found(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket, worker = await world.ticket_of("a"), world.worker()
    await world.work_on(worker, 2)
    world.chat.take_away(PlaceGone("channel_not_found"))
    world.chat.after.append(OutcomeUnknown("lost"))
    await world.wish(AddNote(by="ada", via="desk", ticket=ticket, text="Look at this."))
    await world.work_on(worker, 2)
    world.clock.move(3600)
    await world.work_on(worker, 4)
    assert len(world.chat.posted) == 2
    assert len(world.chat.shown(ticket)) == 1


async def test_the_card_of_a_closed_ticket_is_let_go(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket, worker = await world.ticket_of("a"), world.worker()
    await world.work_on(worker, 2)
    world.chat.take_away(CardGone("message_not_found"))
    await world.wish(Close(by="ada", via="desk", ticket=ticket, reason="done"))
    await world.work_on(worker, 4)
    assert len(world.chat.posted) == 1
    assert await world.rows(select(t.outbox.c.id).where(t.outbox.c.type == "card")) == []


async def test_words_for_a_card_that_was_taken_away_are_said_in_the_room(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket, worker = await world.ticket_of("a"), world.worker()
    await world.work_on(worker, 2)
    world.chat.take_away(PlaceGone("is_archived"))
    await world.wish(Escalate(by="ada", via="desk", ticket=ticket))
    await world.work_on(worker, 4)
    assert [room for room, _ in world.chat.said] == [DESK.id]
