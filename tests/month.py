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
from collections.abc import Sequence
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
DAY = timedelta(days=1)
DIGEST = Schedule(at=time(2, 30), tz=MADRID)
"""At a time that one of the days does not have."""
BUSY, QUIET, CHANGE = date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 28)
BEFORE, AFTER = 67, 5
"""Days that are replayed around the busy one, after which a quiet one comes."""
ANSWERED = (1.0, 0.85)
"""How much of what came is answered: before, and from two days before the busy one on."""
ROOMS = (Room(id="equipo", chat="desk", locale="es"), Room(id="team", chat="desk", locale="en"))
Comment = tuple[Item, datetime | None]
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


def many(day: date, busy: date, dice: random.Random) -> int:
    """How many comments come on a day."""
    return {busy: 60, busy + DAY: 0}.get(day, 8 + dice.randrange(8) + 8 * (day.weekday() == 4))


async def replay(file: Path, *, busy: date = BUSY, after: int = AFTER, written: str = "") -> Listener:
    """The month, with everything said in both rooms; with `written` (`es`, `en`), people write in that language."""
    clock, chat = Clock(), Listener()
    network = ModelNetwork(clock)
    world = World(file, {WALL: network}, clock=clock, chat=chat, rooms=ROOMS, drafter=OfflineDrafter(Prompts()))
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
    days = [busy + number * DAY for number in range(-BEFORE, after + 1)]
    clock.now = Span(first=days[0], days=1, tz=MADRID).since
    await world.open()
    dice, heralds = random.Random(8), Heralds(world.engine, world.reader)
    for day in days:
        await _live(world, heralds, day, _comments(day, busy, dice, written))
    await world.close()
    return chat


async def _live(world: World, heralds: Heralds, day: date, comments: Sequence[Comment]) -> None:
    """One day: its digest when it is due, what people write, and most of the answers, up to two hours later."""
    steps: list[tuple[datetime, str, Item | None]] = [(DIGEST.moment(day), "", None)]
    for item, answered in comments:
        steps.append((item.created_at, item.native_id, item))
        if answered is not None:
            steps.append((answered, item.native_id, None))
    worker, network = world.worker(), world.parts.networks[WALL]
    assert isinstance(network, ModelNetwork)
    for at, native, written in sorted(steps, key=lambda step: step[:2]):
        world.clock.now = at
        if written is not None:
            network.comments[native] = written
            await world.arrive(written)
        elif native:
            await _answer(world, native)
        else:
            await _press(world, day, at)
        await heralds.tick(at)
        await world.work_on(worker, 30)


def _comments(day: date, busy: date, dice: random.Random, written: str) -> list[Comment]:
    """What people write on a day, and when each of them is answered."""
    begins = Span(first=day, days=1, tz=MADRID).since
    count = many(day, busy, dice)
    hours = [dice.triangular(0, 21.8, 12) for _ in range(count)]
    found = []
    for number, hour in enumerate(hours):
        said = comment(dice)
        while written and said.language != written:
            said = comment(dice)
        recall = day == busy and dice.random() < 0.6
        native = f"{day}-{number}"
        text = RECALL.format(n=native[-2:]) if recall else said.text
        item = Item(
            account=WALL,
            native_id=native,
            version=version_of(text),
            author=Author(id=f"u{dice.randrange(60)}", name=said.author, reach=int(dice.paretovariate(0.6) * 50)),
            text=text,
            created_at=begins + timedelta(hours=hour),
            thread_key=native,
            url=f"https://wall.example/c/{native}",
        )
        quick = dice.random() < ANSWERED[busy - day < 3 * DAY]
        found.append((item, item.created_at + timedelta(minutes=dice.expovariate(1 / 40)) if quick else None))
    return found


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
    chat = asyncio.run(replay(folder / "month.db"))
    for name, day in (("busy", BUSY), ("quiet", QUIET), ("clock-change", CHANGE)):
        for room in ROOMS:
            message = chat.digests[f"digest:{room.id}:{day + DAY}"]
            stem = folder / f"{name}-{room.locale}"
            sent = {"channel": content(message), "thread": list(chunks(message.details))}
            stem.with_suffix(".json").write_text(json.dumps(sent, ensure_ascii=False, indent=1), encoding="utf-8")
            for picture in message.pictures:
                stem.with_suffix(".png").write_bytes(picture.contents)
            print(f"{message.text}\n")
    rooms = {room.id: sum(f":{room.id}:" in key for key in chat.digests) for room in ROOMS}
    print(f"Digests in {BEFORE + AFTER + 1} days: {rooms}")


if __name__ == "__main__":
    main()
