"""What the clocks of tickets say by themselves: each thing once, to whom it concerns, and a wave of them together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from bot.core.messages import Close, Reopen, SetKind, Snooze, Wait
from bot.core.oncall import Rotation
from bot.core.routing import Route
from bot.core.rules import Rules
from bot.core.types import Kind, Message, Room
from bot.core.worktime import Calendar, read_day
from bot.engine import ringing
from bot.engine.clock import Clock as EngineClock
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import DESK, T0, WALL, Clock, World, comment

MINUTE, HOUR = 60.0, 3600.0


async def tick(world: World, minutes: float = 0) -> list[str]:
    """Let time pass, and answer with the codes of what is newly to be said."""
    before = len(await world.orders("say"))
    world.clock.move(minutes * MINUTE)
    await EngineClock(world.engine, world.reader).tick()
    return [row.payload["code"] for row in (await world.orders("say"))[before:]]


async def clocks_said(world: World) -> list[dict[str, Any]]:
    return [row.payload for row in await world.orders("say") if row.payload["code"].startswith("clock")]


async def test_the_thread_is_reminded_at_half_and_the_one_on_call_is_called_at_the_end(world: World) -> None:
    world.parts = replace(world.parts, rotation=Rotation(people=("luis", "ana"), start=date(2026, 11, 16)))
    world.engine.parts = world.parts
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    assert await tick(world, 30) == [], "what rings is said when its minute is over"
    assert await tick(world, 1) == ["clock_reminded"]
    assert await tick(world, 29.9) == []
    assert await tick(world, 1) == ["clock_overdue"]
    assert await tick(world, 999) == []
    reminded, overdue = [row for row in await world.orders("say") if row.payload["code"].startswith("clock_")]
    assert (reminded.ticket, overdue.ticket) == (ticket, ticket)
    assert "call" not in reminded.payload, "nobody is on it yet"
    assert (overdue.payload["call"], overdue.payload["on_call"]) == (["luis"], True)
    assert overdue.payload["params"]["who"] == "Luis"
    assert (await world.facts(ticket)).count("ClockRang") == 2


async def test_the_chat_learns_whom_to_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Message] = []

    async def say(_where: object, message: Message) -> None:
        heard.append(message)

    monkeypatch.setattr(world.chat, "say", say)
    await world.arrive(comment("a"), comment("b", "danger", thread_key="b", who="b"))
    await tick(world, 61)
    await world.work_on(world.worker(), 5)
    called = {message.code: ([one.id for one in message.call], message.on_call) for message in heard}
    assert called == {"clock_overdue": (["ana"], True), "critical_item": (["ana"], True)}
    assert all("Ana" in message.text for message in heard if message.code == "clock_overdue")


async def test_a_restart_or_another_process_says_nothing_twice(world: World) -> None:
    await world.arrive(comment("a"))
    one, other = (EngineClock(world.engine, world.reader) for _ in range(2))
    due = await world.reader.ask(lambda conn: ringing.rings(conn, T0 + timedelta(minutes=40)))
    world.clock.move(40 * MINUTE)
    await one.tick()
    await other.tick()
    # The other one had looked before the first one wrote.
    await world.engine.work(lambda work: ringing.ring_out(work, world.parts, due))
    assert len(await world.announced("clock_reminded")) == 1


async def test_a_bot_that_was_down_says_the_end_once_when_it_is_back(world: World) -> None:
    await world.arrive(comment("a"))
    assert await tick(world, 3 * 24 * 60) == ["clock_overdue"]
    assert await tick(world, -2 * 24 * 60) == [], "a clock that jumps back repeats nothing"
    assert await tick(world, 5 * 24 * 60) == []


async def test_two_hundred_tickets_overdue_in_one_minute_are_one_message_in_each_room(tmp_path: Path) -> None:
    other = Room(id="shop", chat="desk")
    routes = [Route(room="shop", kind=Kind.QUESTION), Route(room=DESK.id)]
    clock = Clock()
    networks = {WALL: ModelNetwork(clock)}
    world = await World(tmp_path / "db", networks, rooms=(DESK, other), routes=routes, clock=clock).open()
    try:
        for batch in range(4):
            world.clock.move(12)
            some = range(batch * 50, batch * 50 + 50)
            await world.arrive(*(comment(f"a{n}", thread_key=f"t{n}", who=f"c{n}") for n in some))
        await world.arrive(*(comment(f"q{n}", "Really?", thread_key=f"q{n}", who=f"q{n}") for n in range(3)))
        await tick(world, 61.5)
        said = await clocks_said(world)
        assert [one["code"] for one in said] == ["clocks_rang"]
        params = said[0]["params"]
        assert (params["overdue"], params["reminded"], params["closing"]) == (200, 0, 0)
        assert (said[0]["room"], said[0]["call"]) == (DESK.id, ["ana"])
        assert len(params["tickets"].split(", ")) == ringing.NAMED
        await tick(world, 60)
        said = (await clocks_said(world))[1:]
        assert [(one["room"], one["code"]) for one in said] == [("shop", "clock_reminded")] * 3, (
            "few are told one by one"
        )
    finally:
        await world.close()


async def test_the_cards_of_a_wave_keep_no_new_comment_waiting(world: World) -> None:
    await world.arrive(*(comment(f"a{n}", thread_key=f"t{n}", who=f"c{n}") for n in range(ringing.HANDFUL + 1)))
    await world.work_on(world.worker(), 5)
    await tick(world, 61)
    await world.arrive(comment("new", "Really?", thread_key="new", who="new"))
    first = min(await world.orders("card"), key=lambda row: (row.priority, row.due_at, row.id))
    assert first.ticket == await world.ticket_of("new")
    assert len(await world.orders("card")) == ringing.HANDFUL + 2


async def test_what_waits_or_is_closed_does_not_ring_and_goes_on_where_it_stopped(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    world.clock.move(20 * MINUTE)
    await world.wish(Wait(by="ada", via="desk", ticket=ticket))
    assert await tick(world, 600) == []
    await world.wish(Reopen(by="ada", via="desk", ticket=ticket))
    assert (await world.card(ticket)).line.due_at == world.clock.now + timedelta(minutes=40)
    assert await tick(world, 11.1) == ["clock_reminded"]
    await world.wish(Snooze(by="ada", via="desk", ticket=ticket, span=timedelta(hours=1)))
    line = (await world.card(ticket)).line
    assert (line.due_at, line.left and round(line.left / timedelta(minutes=1))) == (None, 29)
    assert await tick(world, 61) == [], "it wakes by itself"
    assert await tick(world, 31) == ["clock_overdue"]
    assert (await world.card(ticket)).line.called
    await world.wish(Close(by="ada", via="desk", ticket=ticket))
    assert await tick(world, 999) == []


async def test_an_answer_on_its_way_is_waited_for(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.wish(SetKind(by="ada", via="desk", ticket=ticket, kind=Kind.QUESTION))
    r = t.replies
    await world.engine.work(
        lambda work: work.conn.execute(update(r).where(r.c.ticket == ticket).values(state="pending", posted_id="x"))
    )
    assert await tick(world, 121) == []
    await world.engine.work(
        lambda work: work.conn.execute(update(r).where(r.c.ticket == ticket).values(state="proposed"))
    )
    assert await tick(world, 6) == ["clock_reminded"]


async def test_a_closing_window_is_said_in_time_though_the_ticket_is_put_away(world: World) -> None:
    await world.arrive(comment("a", reply_by=T0 + timedelta(days=2)))
    ticket = await world.ticket_of("a")
    await world.wish(Snooze(by="ada", via="desk", ticket=ticket, span=timedelta(days=5)))
    assert await tick(world, 41 * 60) == []
    assert await tick(world, 62) == ["clock_window"]
    said = (await world.announced("clock_window"))[0]
    assert said["params"]["until"] == (T0 + timedelta(days=2)).isoformat()
    assert said["on_call"]


async def test_the_networks_own_window_counts_where_a_comment_names_none(world: World, network: ModelNetwork) -> None:
    network.reply_window = timedelta(days=7)
    own = T0 + timedelta(days=2)
    late = T0 - timedelta(days=3)
    await world.arrive(
        network.write("a"),
        comment("b", thread_key="b", reply_by=own),
        comment("c", thread_key="c", created_at=late),
    )
    kept = await world.rows(select(t.items.c.native_id, t.items.c.reply_by).order_by(t.items.c.id))
    assert [tuple(row) for row in kept] == [
        ("a", T0 + timedelta(days=7)),
        ("b", own),
        ("c", late + timedelta(days=7)),
    ]
    rows = await world.rows(select(t.tickets.c.reply_by).order_by(t.tickets.c.item))
    assert [row.reply_by for row in rows] == [row.reply_by for row in kept]


async def test_first_answers_are_recorded_in_working_time_and_judged_by_sql(tmp_path: Path) -> None:
    office = Calendar(week=(*[read_day("09:00-17:00")] * 5, (), ()), tz=ZoneInfo("Europe/Madrid"))
    clock = Clock()
    network = ModelNetwork(clock)
    clock.now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # Friday, half an hour before the weekend
    world = await World(tmp_path / "db", {WALL: network}, rules=Rules(calendar=office), clock=clock).open()
    try:
        await world.arrive(network.write("a"), network.write("b", thread_key="b"))
        quick, slow = await world.ticket_of("a"), await world.ticket_of("b")
        assert await tick(world, 24 * 60) == ["clock_reminded"] * 2, "half of the hour is over by Friday night"
        assert await tick(world, 40 * 60) == [], "nobody works"
        clock.now = datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
        await world.approve(quick)
        await world.work_on(world.worker(), 20)
        clock.now = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
        await world.approve(slow)
        await world.work_on(world.worker(), 20)
        k = t.tickets.c
        wanted = select(k.id, k.first_target, k.first_spent, k.answered_at, k.opened_at).order_by(k.first_spent)
        first, second = await world.rows(wanted)
        assert (first.id, first.first_target, round(first.first_spent, -2)) == (quick, 3600, 3000)
        assert (second.id, round(second.first_spent, -2)) == (slow, 6600)
        assert second.answered_at - second.opened_at > timedelta(days=2), "the wall clock says something else"
        kept = select(func.count()).where(k.first_spent <= k.first_target)
        assert (await world.rows(kept))[0][0] == 1
    finally:
        await world.close()


@pytest.mark.slow
async def test_four_months_pass_without_a_step_lost_or_said_twice(tmp_path: Path) -> None:
    """Over the end of summer time, holidays and a leap day; the bot is down now and then, and its clock jumps."""
    madrid = ZoneInfo("Europe/Madrid")
    holidays = {date(2027, 12, 8), date(2027, 12, 25), date(2028, 1, 1), date(2028, 1, 6)}
    office = Calendar(
        week=(*[read_day("09:00-14:00 16:00-19:00")] * 5, (), ()), tz=madrid, holiday=holidays.__contains__
    )
    clock = Clock()
    clock.now = datetime(2027, 10, 20, 7, tzinfo=UTC)
    world = await World(tmp_path / "db", {WALL: ModelNetwork(clock)}, rules=Rules(calendar=office), clock=clock).open()
    try:
        began, number = clock.now, 0
        while clock.now < began + timedelta(days=135):
            if number < 120:
                await world.arrive(comment(f"a{number}", thread_key=f"t{number}", who=f"c{number}"))
            number += 1
            down = number % 17 == 0
            for _ in range(1 if down else 9):
                clock.move((27 * HOUR) if down else 3 * HOUR)
                await EngineClock(world.engine, world.reader).tick()
            if number % 23 == 0:
                clock.move(-2 * HOUR)
                await EngineClock(world.engine, world.reader).tick()
        e, k = t.events.c, t.tickets.c
        rang = Counter(
            (row.ticket, row.data["step"])
            for row in await world.rows(select(e.ticket, e.data).where(e.type == "ClockRang"))
        )
        assert set(rang.values()) == {1}, "something was said twice"
        assert sum(step == "overdue" for _, step in rang) == 120, "something was never said"
        for row in await world.rows(select(k.id, k.opened_at, k.due_at)):
            assert office.between(row.opened_at, row.due_at) == timedelta(hours=1)
            local = row.due_at.astimezone(madrid)
            assert local.weekday() < 5
            assert local.date() not in holidays
    finally:
        await world.close()
