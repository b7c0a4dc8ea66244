"""A month of a shop, replayed: the digests of a busy, a quiet and a clock-change day, in both languages, to look at.

`python -m tests.month FOLDER` writes for each of them what Slack is sent (JSON) and the picture, and prints the words.
The comments are invented with a seed and taken in by the real engine, whose clock is moved along with them.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.digest import Agenda, Digests, Objective, Schedule, Scheduled, Span
from bot.core.messages import Approve, PressArrived
from bot.core.ports import Can
from bot.core.types import Author, Item, Kind, Message, Room, version_of
from bot.engine.digesting import Heralds
from bot.reports.digest import compose, pictured
from bot.triage import RuleClassifier
from handlers.chats.slack.files import content
from handlers.chats.slack.sections import chunks
from handlers.models.offline import OfflineDrafter
from prompts import Prompts
from tests.bench.comments import comment
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, RecordingChat, World

MADRID = ZoneInfo("Europe/Madrid")
FIRST, DAYS = date(2027, 3, 1), 31
DIGEST = Schedule(at=time(2, 30), tz=MADRID)
"""At a time that one of the days does not have."""
BUSY, QUIET, CHANGE = date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 28)
ROOMS = (Room(id="equipo", chat="desk", locale="es"), Room(id="team", chat="desk", locale="en"))
RECALL = "La tapa de la cafetera se rompe al segundo día, la mía ya está en la basura ({n})."


class Listener(RecordingChat):
    """Keeps every message by its key."""

    says_once = True
    can = frozenset({Can.FILES})

    def __init__(self) -> None:
        super().__init__()
        self.digests: dict[str, Message] = {}

    async def say(self, where: object, message: Message) -> None:
        if message.code == "digest":
            assert message.key not in self.digests, message.key
            self.digests[message.key] = message


class Planned:
    """A calendar with one thing on each day."""

    async def on(self, day: date, tz: object) -> Agenda:
        at = datetime.combine(day, time(11), MADRID)
        return Agenda(entries=(Scheduled(title="Publicar la receta de la semana", at=at),))


def many(day: date, dice: random.Random) -> int:
    """How many comments come on a day."""
    return {BUSY: 60, QUIET: 0}.get(day, 8 + dice.randrange(8) + 8 * (day.weekday() == 4))


async def replay(folder: Path) -> Listener:
    """The month, with everything said in both rooms."""
    clock, chat = Clock(), Listener()
    network = ModelNetwork(clock)
    world = World(
        folder / "month.db", {WALL: network}, clock=clock, chat=chat, rooms=ROOMS, drafter=OfflineDrafter(Prompts())
    )
    digests = Digests(
        compose=compose,
        pictured=pictured,
        schedules=dict.fromkeys((room.id for room in ROOMS), DIGEST),
        objectives=(Objective(share=80, minutes=60, kind=Kind.COMPLAINT), Objective(share=90)),
        calendar=Planned(),
        desk="http://127.0.0.1:8600/desk",
    )
    world.parts = dataclasses.replace(world.parts, classifier=RuleClassifier(), digests=digests, tz=MADRID)
    world.engine.parts = world.reader._parts = world.parts
    clock.now = Span(first=FIRST - timedelta(days=42), days=1, tz=MADRID).since
    await world.open()
    dice, heralds = random.Random(8), Heralds(world.engine, world.reader)
    for number in range(42 + DAYS):
        await _live(world, network, heralds, FIRST + timedelta(days=number - 42), dice)
    await world.close()
    return chat


async def _live(world: World, network: ModelNetwork, heralds: Heralds, day: date, dice: random.Random) -> None:
    """One day: its digest when it is due, what people write, and most of the answers, up to two hours later."""
    begins = Span(first=day, days=1, tz=MADRID).since
    steps: list[tuple[datetime, str]] = [(DIGEST.moment(day), "")]
    for number in range(many(day, dice)):
        at = begins + timedelta(hours=dice.triangular(0, 21.8, 12))
        steps.append((at, f"{day}-{number}"))
        if dice.random() < 0.9:
            steps.append((at + timedelta(minutes=dice.expovariate(1 / 40)), f"+{day}-{number}"))
    worker = world.worker()
    for at, native in sorted(steps):
        world.clock.now = at
        if native.startswith("+"):
            await _answer(world, native[1:])
        elif native:
            network.comments[native] = _item(native, day, at, dice)
            await world.arrive(network.comments[native])
        else:
            await _press(world, day, at)
        await heralds.tick(at)
        await world.work_on(worker, 30)


def _item(native: str, day: date, at: datetime, dice: random.Random) -> Item:
    said = comment(dice)
    recall = day == BUSY and dice.random() < 0.6
    text = RECALL.format(n=native[-2:]) if recall else said.text
    author = Author(id=f"u{dice.randrange(60)}", name=said.author, reach=int(dice.paretovariate(0.6) * 50))
    return Item(
        account=WALL,
        native_id=native,
        version=version_of(text),
        author=author,
        text=text,
        created_at=at,
        thread_key=native,
        url=f"https://wall.example/c/{native}",
    )


async def _answer(world: World, native: str) -> None:
    """Somebody approves the draft, where there is one that may go out."""
    await world.wish(Approve(by="luis", via="desk", ticket=await world.ticket_of(native)))


async def _press(world: World, day: date, at: datetime) -> None:
    if day.weekday() == 5:
        news = PressArrived(
            account=WALL,
            native_id=f"p{day}",
            title="Consumo revisa las cafeteras de cápsulas",
            url=f"https://diario.example/{day}",
            source="diario.example",
            published_at=at.astimezone(UTC),
        )
        await world.emit(news)


def main() -> None:
    """Write what the three days look like."""
    parser = argparse.ArgumentParser(prog="python -m tests.month")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    chat = asyncio.run(replay(folder))
    for name, day in (("busy", BUSY), ("quiet", QUIET), ("clock-change", CHANGE)):
        for room in ROOMS:
            message = chat.digests[f"digest:{room.id}:{day + timedelta(days=1)}"]
            stem = folder / f"{name}-{room.locale}"
            sent = {"channel": content(message), "thread": list(chunks(message.details))}
            stem.with_suffix(".json").write_text(json.dumps(sent, ensure_ascii=False, indent=1), encoding="utf-8")
            for picture in message.pictures:
                stem.with_suffix(".png").write_bytes(picture.contents)
            print(f"{message.text}\n")
    rooms = {room.id: sum(f":{room.id}:" in key for key in chat.digests) for room in ROOMS}
    print(f"Digests in {42 + DAYS} days: {rooms}")


if __name__ == "__main__":
    main()
