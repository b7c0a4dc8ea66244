"""What happens by itself: snoozes end, answered tickets close, the log is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.messages import Close, Snooze, Write
from bot.core.types import TicketStatus
from bot.engine import clock as clocks
from bot.engine.clock import Clock as EngineClock
from bot.store import seals
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import World, comment


def engine_clock(world: World) -> EngineClock:
    return EngineClock(world.engine, world.reader)


async def test_a_snooze_ends_by_itself_and_not_before(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    await world.wish(Snooze(by="ada", via="desk", ticket=ticket, span=timedelta(hours=2)))
    ticking = engine_clock(world)
    world.clock.move(7199)
    await ticking.tick()
    assert (await world.card(ticket)).line.status is TicketStatus.SNOOZED
    world.clock.move(1)
    await ticking.tick()
    await ticking.tick()
    assert (await world.card(ticket)).line.status is TicketStatus.OPEN
    assert (await world.facts(ticket)).count("TicketWoken") == 1


async def test_the_log_is_sealed_once_a_minute(world: World) -> None:
    ticking = engine_clock(world)
    await world.arrive(comment("a"))
    await ticking.tick()
    await world.arrive(comment("b", thread_key="b"))
    world.clock.move(59)
    await ticking.tick()
    assert await world.reader.ask(seals.unsealed) == 3
    world.clock.move(1)
    await ticking.tick()
    assert await world.reader.ask(seals.unsealed) == 0
    assert len(await world.rows(select(t.seals))) == 2
    world.clock.move(60)
    await ticking.tick()
    assert len(await world.rows(select(t.seals))) == 2


async def test_what_goes_wrong_with_the_tickets_keeps_the_log_from_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(conn: object, now: object) -> list[str]:
        raise ValueError("a ticket that nothing can be done with")

    await world.arrive(comment("a"))
    monkeypatch.setattr(clocks, "_over", poisoned)
    with pytest.raises(ValueError, match="nothing can be done"):
        await engine_clock(world).tick()
    assert await world.reader.ask(seals.unsealed) == 0


async def test_an_answered_ticket_closes_after_three_quiet_days(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"), network.write("b", thread_key="b"))
    ticket, other = await world.ticket_of("a"), await world.ticket_of("b")
    await world.approve(ticket)
    await world.work_on(world.worker(), 60)
    ticking = engine_clock(world)
    world.clock.move(3 * 86_400 - 120)
    await ticking.tick()
    assert (await world.card(ticket)).line.status is TicketStatus.WAITING
    world.clock.move(240)
    await ticking.tick()
    card = await world.card(ticket)
    assert (card.line.status, card.close_reason) == (TicketStatus.CLOSED, "answered")
    assert (await world.card(other)).line.status is TicketStatus.OPEN


async def test_a_ticket_with_a_reply_still_to_be_decided_does_not_close_by_itself(
    world: World, network: ModelNetwork
) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.approve(ticket)
    await world.work_on(world.worker(), 60)
    await world.wish(Write(by="ada", via="desk", ticket=ticket, text="One more thing, Carla."))
    world.clock.move(5 * 86_400)
    await engine_clock(world).tick()
    assert (await world.card(ticket)).line.status is not TicketStatus.CLOSED
    await world.wish(Close(by="ada", via="desk", ticket=ticket))
    assert (await world.card(ticket)).line.status is TicketStatus.CLOSED


async def test_tickets_that_wait_for_people_keep_no_other_from_closing(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "SOME", 2)
    tickets = []
    for name in "abcd":
        await world.arrive(network.write(name, thread_key=name))
        tickets.append(await world.ticket_of(name))
        await world.approve(tickets[-1])
    await world.work_on(world.worker(), 60)
    for ticket in tickets[:3]:
        await world.wish(Write(by="ada", via="desk", ticket=ticket, text="One more thing, Carla."))
    status = [(await world.card(ticket)).line.status for ticket in tickets]
    assert status == [TicketStatus.WAITING] * 4
    world.clock.move(4 * 86_400)
    await engine_clock(world).tick()
    status = [(await world.card(ticket)).line.status for ticket in tickets]
    assert status == [TicketStatus.WAITING] * 3 + [TicketStatus.CLOSED]
