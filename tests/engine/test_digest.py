"""The daily digest: once for each room and day, whatever restarts, clocks, processes and chats do."""

import asyncio
import dataclasses
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.core.digest import Agenda, Digest, Digests, Schedule, Span
from bot.core.drafting import Allowance, Because, NoOffer
from bot.core.errors import OutcomeUnknown, Transient
from bot.core.messages import Done, Retry
from bot.core.ports import Can
from bot.core.queries import Digest as Query
from bot.core.types import CardRef, Message, Picture, Room
from bot.engine import spending
from bot.engine.digesting import Heralds
from bot.reports.digest import compose
from bot.store import erase
from bot.store import tables as t
from tests.support.engine_model import COST, StubModel, with_model
from tests.support.engine_world import DESK, T0, RecordingChat, World, comment

MADRID = ZoneInfo("Europe/Madrid")
EIGHT = Schedule(at=time(8, 30), tz=MADRID)


def in_words(told: Digest, locale: str, desk: str) -> Message:
    """Without the picture, whose drawing would take most of the time."""
    return compose(dataclasses.replace(told, volume=None), locale, desk)


@dataclass
class Listener(RecordingChat):
    """Keeps whole messages; what is in `lost` is raised after a message was taken."""

    says_once: ClassVar[bool] = False
    messages: list[Message] = field(default_factory=list)
    lost: list[BaseException] = field(default_factory=list)

    async def say(self, where: Room | CardRef, message: Message) -> None:
        await self._call()
        self.messages.append(message)
        if self.lost:
            raise self.lost.pop(0)

    @property
    def told(self) -> list[Message]:
        return [message for message in self.messages if message.code == "digest"]


@dataclass
class Certain(Listener):
    """Says a message of the same key once."""

    says_once: ClassVar[bool] = True

    async def say(self, where: Room | CardRef, message: Message) -> None:
        if message.key not in {known.key for known in self.messages}:
            await super().say(where, message)


def equip(world: World, chat: Listener, **more: Any) -> Listener:
    """Let the room have a digest, in this chat."""
    values: dict[str, Any] = {"compose": in_words, "schedules": {DESK.id: EIGHT}}
    digests = Digests(**(values | more))
    world.parts = dataclasses.replace(world.parts, digests=digests, chats={"desk": chat}, tz=MADRID)
    world.engine.parts = world.reader._parts = world.parts
    world.chat = chat
    return chat


def at(world: World, day: int, hour: int, minute: int = 0) -> None:
    world.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=MADRID).astimezone(UTC)


async def morning(world: World, heralds: Heralds | None = None) -> None:
    """What the clock and a worker do at this moment."""
    await (heralds or Heralds(world.engine, world.reader)).tick(world.clock())
    worker = world.worker()
    while await world.round(worker):
        pass


async def test_a_digest_comes_once_a_day_though_the_bot_is_started_again_and_again(world: World) -> None:
    chat = equip(world, Certain())
    await world.arrive(comment("a"), comment("b", who="c2", thread_key="u"))
    at(world, 22, 8, 29)
    await morning(world)
    assert chat.told == []
    for minute in (30, 31, 45):
        at(world, 22, 8, minute)
        await morning(world)
    [told] = chat.told
    assert told.key == "digest:team:2026-11-22"
    assert told.title == "Digest of Saturday, November 21, 2026"
    assert told.sections[0].lines[0].text == "2 comments came in."
    at(world, 23, 8, 30)
    await morning(world)
    assert [one.params["day"] for one in chat.told] == ["2026-11-21", "2026-11-22"]
    assert "quiet day" in chat.told[1].text
    [first, second] = await world.rows(select(t.digests).order_by(t.digests.c.day))
    assert (first.day, first.said_at is not None, second.days) == ("2026-11-22", True, 1)
    assert await world.orders("digest") == []


async def test_of_two_processes_at_the_same_moment_one_orders_it(world: World) -> None:
    chat = equip(world, Certain())
    await world.arrive(comment("a"))
    at(world, 22, 9)
    await asyncio.gather(*(Heralds(world.engine, world.reader).tick(world.clock()) for _ in range(4)))
    assert len(await world.orders("digest")) == 1
    await morning(world)
    assert len(chat.told) == 1


async def test_after_a_time_down_it_comes_late_and_says_so_and_not_at_all_after_six_hours(world: World) -> None:
    chat = equip(world, Certain())
    await world.arrive(comment("a"))
    at(world, 22, 14, 29)
    await morning(world)
    assert "This comes late: it was due at 8:30\u202fAM.".replace("\u202f", " ") in chat.told[0].text
    at(world, 23, 14, 31)
    await morning(world)
    assert len(chat.told) == 1
    at(world, 24, 8, 40)
    await morning(world)
    assert "late" not in chat.told[1].text


async def test_a_clock_that_is_set_back_brings_no_second_one(world: World) -> None:
    chat = equip(world, Certain())
    await world.arrive(comment("a"))
    for day, hour in ((22, 9), (23, 9), (22, 8), (22, 9), (23, 8), (23, 10)):
        at(world, day, hour)
        await morning(world)
    assert [told.key for told in chat.told] == ["digest:team:2026-11-22", "digest:team:2026-11-23"]


async def test_a_bot_that_knows_nothing_of_that_day_tells_nothing(world: World) -> None:
    chat = equip(world, Certain())
    world.clock.now = T0 - timedelta(hours=3)
    await morning(world)
    assert (chat.told, await world.rows(select(t.digests))) == ([], [])
    assert await world.reader.digest(Query(day=date(2026, 11, 19)), locale="en") is None
    assert await world.reader.digest(Query(day=date(2026, 12, 24)), locale="en") is None
    today = await world.reader.digest(Query(days_ago=0), locale="es")
    assert today is not None
    assert today.title == "Resumen del sábado, 21 de noviembre de 2026"


async def test_where_the_chat_cannot_tell_it_is_not_sent_again_and_people_are_told(world: World) -> None:
    chat = equip(world, Listener(lost=[OutcomeUnknown("no answer")]))
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await morning(world)
    await world.work_on(world.worker(), 3600)
    assert len(chat.told) == 1
    [letter] = await world.reader.letters()
    assert (letter.code, letter.reason) == ("dead_digest", "digest_lost")
    # Whoever has looked may wish it once more.
    assert isinstance(await world.wish(Retry(by="ana", via="desk", about=letter.id)), Done)
    await world.work_on(world.worker(), 60)
    assert len(chat.told) == 2
    assert await world.reader.letters() == []


async def test_a_process_that_dies_while_it_speaks_makes_no_second_one(world: World) -> None:
    chat = equip(world, Listener(lost=[asyncio.CancelledError()]))
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await Heralds(world.engine, world.reader).tick(world.clock())
    with pytest.raises(asyncio.CancelledError):
        await world.round(world.worker())
    world.clock.move(120)
    await world.work_on(world.worker(), 60)
    assert len(chat.told) == 1
    assert [letter.reason for letter in await world.reader.letters()] == ["digest_lost"]


async def test_where_the_chat_can_tell_it_is_asked_again(world: World) -> None:
    chat = equip(world, Certain(lost=[OutcomeUnknown("no answer")], trouble=[Transient("busy", retry_after=5)]))
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await morning(world)
    await world.work_on(world.worker(), 3600)
    assert (len(chat.told), await world.reader.letters(), await world.orders("digest")) == (1, [], [])


async def test_what_was_surely_refused_is_tried_again_until_it_is_too_late(world: World) -> None:
    chat = equip(world, Listener(trouble=[Transient("busy", retry_after=5)] * 2))
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await Heralds(world.engine, world.reader).tick(world.clock())
    await world.work_on(world.worker(), 600)
    assert len(chat.told) == 1
    at(world, 23, 8, 30)
    chat.trouble = [Transient("away", retry_after=3600)] * 20
    await Heralds(world.engine, world.reader).tick(world.clock())
    await world.work_on(world.worker(), 12 * 3600)
    assert len(chat.told) == 1
    assert [letter.reason for letter in await world.reader.letters()] == ["digest_too_late"]


EQUIPO, SHOP = Room(id="equipo", chat="desk", locale="es"), Room(id="shop", chat="desk")


async def test_rooms_of_the_same_hour_are_told_what_was_read_once_and_put_into_words_once(world: World) -> None:
    made: list[tuple[Digest, str]] = []

    def counted(told: Digest, locale: str, desk: str) -> Message:
        made.append((told, locale))
        return in_words(told, locale, desk)

    rooms = (DESK, EQUIPO, SHOP)
    chat = equip(world, Certain(), compose=counted, schedules={room.id: EIGHT for room in rooms})
    world.engine.parts = world.reader._parts = world.parts = dataclasses.replace(world.parts, rooms=rooms)
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await morning(world)
    assert sorted(told.key for told in chat.told) == [
        f"digest:{room}:2026-11-22" for room in ("equipo", "shop", "team")
    ]
    assert sorted(locale for _, locale in made) == ["en", "es"]
    assert made[0][0].arrived is made[1][0].arrived


async def test_what_came_a_second_ago_is_told_and_what_time_alone_changes_soon(world: World) -> None:
    equip(world, Certain())
    await world.arrive(comment("a"))
    at(world, 21, 18)
    today = Query(days_ago=0)
    first = await world.reader.digest(today, locale="en")
    await world.arrive(comment("b", who="c2", thread_key="u"))
    world.clock.move(1)
    second = await world.reader.digest(today, locale="en")
    assert first is not None
    assert second is not None
    assert [one.sections[0].lines[0].text for one in (first, second)] == ["One comment came in.", "2 comments came in."]
    span = Span(first=date(2026, 11, 21), days=1, tz=MADRID)
    told = await world.reader.digest_of(span)
    assert await world.reader.digest_of(span) is told
    world.clock.move(10)
    later = await world.reader.digest_of(span)
    assert (later.now - told.now, later.arrived) == (timedelta(seconds=10), told.arrived)


async def test_what_was_erased_is_not_told_by_what_was_read_before(world: World) -> None:
    equip(world, Certain())
    await world.arrive(comment("a"))
    world.clock.move(1)
    today = Query(days_ago=0)
    before = await world.reader.digest(today, locale="en")
    await world.engine.work(
        lambda work: erase.erase_author(work.conn, account=None, who="c1", now=work.now, actor="ana")
    )
    after = await world.reader.digest(today, locale="en")
    assert before is not None
    assert after is not None
    assert ("soup" in before.text, "soup" in after.text) == (True, False)


class WithFiles(Certain):
    can: ClassVar[frozenset[str]] = frozenset({Can.FILES})


@pytest.mark.parametrize(("kind", "pictures"), [(Certain, 0), (WithFiles, 1)])
async def test_a_picture_is_drawn_for_a_chat_that_takes_files(
    world: World, kind: type[Listener], pictures: int
) -> None:
    def drawn(message: Message) -> Message:
        return dataclasses.replace(message, pictures=(Picture(name="a.png", contents=b"", alt=""),))

    chat = equip(world, kind(), pictured=drawn)
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await morning(world)
    assert [len(told.pictures) for told in chat.told] == [pictures]


class Planned:
    """A calendar with trouble."""

    async def on(self, day: date, tz: Any) -> Agenda:
        return Agenda(trouble="unreachable")


async def test_a_calendar_that_cannot_be_had_is_said_in_one_line(world: World) -> None:
    chat = equip(world, Certain(), calendar=Planned())
    await world.arrive(comment("a"))
    at(world, 22, 8, 30)
    await morning(world)
    assert "Scheduled today: The calendar could not be fetched." in chat.told[0].text.splitlines()
    # Of a day long gone neither the calendar nor what waits now is told.
    at(world, 25, 12)
    old = await world.reader.digest(Query(day=date(2026, 11, 21)), locale="en")
    assert old is not None
    assert {"Scheduled today", "Waiting longest"}.isdisjoint(section.title for section in old.sections)


SOUP = "The soup of the canteen was cold again, number {n}"


@pytest.mark.parametrize(
    ("summary", "shown"),
    [
        ("Most people say that the soup was cold: 4 of them.", True),
        ("Twelve people say that the soup was cold.", False),
        ("The soup was cold 400 times.", False),
        ("Read more at https://soup.example", False),
        (NoOffer(Because.DOWN, made=COST), False),
    ],
)
async def test_a_model_may_phrase_the_themes_but_make_up_no_numbers(
    world: World, summary: str | NoOffer, shown: bool
) -> None:
    chat = equip(world, Certain())
    model = StubModel(summary=summary)
    with_model(world, model)
    await world.arrive(*(comment(f"n{n}", text=SOUP.format(n=n), who=f"w{n}", thread_key=f"k{n}") for n in range(4)))
    at(world, 22, 8, 30)
    await Heralds(world.engine, world.reader).tick(world.clock())
    while not chat.told:
        await world.round(world.worker())
    [section] = [one for one in chat.told[0].sections if one.title == "What they say"]
    assert (section.lines[0].text == summary) == shown
    assert ("soup" in section.lines[0].text, len(model.summarised)) == (True, 1)
    spent = await world.reader.ask(lambda conn: spending.spent(conn, world.clock(), MADRID))
    assert spent.money >= COST.cost


async def test_without_a_model_or_a_budget_nobody_is_asked(world: World) -> None:
    chat = equip(world, Certain())
    model = StubModel(allowance=Allowance(tokens=1), says=NoOffer(Because.DOWN, made=COST))
    await world.arrive(*(comment(f"n{n}", text=SOUP.format(n=n), who=f"w{n}", thread_key=f"k{n}") for n in range(4)))
    at(world, 22, 8, 30)
    with_model(world, model)
    await world.engine.work(lambda work: spending.spend(work.conn, COST, work.now, MADRID))
    await Heralds(world.engine, world.reader).tick(world.clock())
    while not chat.told:
        await world.round(world.worker())
    assert model.summarised == []


@pytest.mark.slow
async def test_four_months_bring_one_a_day_over_two_changes_of_the_clock(world: World) -> None:
    chat = equip(world, Certain(), schedules={DESK.id: Schedule(at=time(2, 30), tz=MADRID)})
    world.clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    await world.arrive(comment("a"))
    heralds = Heralds(world.engine, world.reader)
    for step in range(4 * 30 * 8):
        world.clock.now = datetime(2027, 1, 1, 12, tzinfo=UTC) + step * timedelta(hours=3)
        await heralds.tick(world.clock())
        if await world.orders("digest"):
            await morning(world, heralds)
    days = [date.fromisoformat(str(told.params["day"])) for told in chat.told]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert len(days) == 120
