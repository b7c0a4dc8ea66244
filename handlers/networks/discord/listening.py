"""Hearing what happens: the bell rings, then what came since the cursor is read from the channels, in order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import discord

from bot.core.messages import Event, ItemArrived, ItemRemoved
from bot.core.ports import Intake
from handlers.discord_calls import asked, connected, judged
from handlers.networks.discord.bell import Bell
from handlers.networks.discord.config import Config
from handlers.networks.discord.reading import Readings, native

BATCH = 100
MOST = 1000
"""Messages of a channel that are read in one round."""
_PLACES = 300
_ARCHIVED = 100
_CURSOR = re.compile(r"([0-9]{1,20});((?:[0-9]{1,20}:[0-9]{1,20},?)*)")


@dataclass(slots=True)
class Position:
    """How far we have read: `base` everywhere, further in some channels. All are snowflakes, which tell times."""

    base: int
    channels: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.base};{','.join(f'{channel}:{last}' for channel, last in self.channels.items())}"

    @classmethod
    def read(cls, cursor: str | None) -> Position | None:
        """The position in a cursor; None where it means nothing."""
        found = _CURSOR.fullmatch(cursor or "")
        if found is None:
            return None
        pairs = (one.split(":") for one in found[2].split(",") if one)
        return cls(int(found[1]), {int(channel): int(last) for channel, last in pairs})

    def of(self, channel: int) -> int:
        return self.channels.get(channel, self.base)

    def move(self, message: discord.Message) -> None:
        """Go on to a message. Of many channels the stillest is forgotten: what is older is older than the base."""
        self.channels.pop(message.channel.id, None)
        self.channels[message.channel.id] = message.id
        if len(self.channels) > _PLACES:
            still = next(iter(self.channels))
            self.base = max(self.base, self.channels.pop(still))


class Listener:
    """One listening, from a cursor on."""

    def __init__(self, client: Bell, readings: Readings, config: Config, intake: Intake) -> None:
        self._client = client
        self._readings = readings
        self._config = config
        self._intake = intake

    async def run(self, cursor: str | None) -> None:
        """Report what happens until cancelled. Raises AdapterError, and what the intake raises."""
        first = datetime.now(UTC) - timedelta(hours=self._config.first_hours)
        at = Position.read(cursor) or Position(discord.utils.time_snowflake(first))
        self._client.everywhere = True
        gateway = asyncio.create_task(connected(self._client), name=f"gateway {self._config.id}")
        try:
            while True:
                self._client.rings.clear()
                await self._catch_up(at)
                await self._look(at)
                await self._rest(gateway)
        finally:
            gateway.cancel()
            await asyncio.gather(gateway, return_exceptions=True)

    async def read_back(self, since: datetime) -> None:
        """Report what was written since a moment, once."""
        places = await self._places(archived=True)
        await self._read(Position(discord.utils.time_snowflake(since)), places)

    async def _rest(self, gateway: asyncio.Task[NoReturn]) -> None:
        """Wait for the bell, or for the next round. Raises what ended the connection."""
        bell = asyncio.create_task(self._client.rings.wait())
        try:
            done, _ = await asyncio.wait(
                {bell, gateway}, timeout=self._config.poll_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            bell.cancel()
        if gateway in done:
            gateway.result()
        if not done:
            self._client.everywhere = True

    async def _catch_up(self, at: Position) -> None:
        """What came since, in all channels or in those that rang."""
        client = self._client
        if client.everywhere:
            places = await self._places()
            client.rung |= {one for one in at.channels if one not in places} if self._config.direct_messages else set()
        else:
            places = list(client.rung)
        rung, client.rung, client.everywhere = client.rung, set(), False
        try:
            await self._read(at, dict.fromkeys([*places, *rung]))
        except BaseException:
            client.everywhere = True
            raise

    async def _places(self, *, archived: bool = False) -> list[int]:
        """The channels to read: those of the settings and their threads."""
        found: list[int] = []
        guilds: dict[int, discord.Guild] = {}
        async with judged():
            for number in map(int, self._config.channels):
                channel = await self._client.fetch_channel(number)
                if isinstance(channel, discord.TextChannel | discord.ForumChannel):
                    guilds[channel.guild.id] = channel.guild
                    if archived:
                        found += [one.id async for one in channel.archived_threads(limit=_ARCHIVED)]
                if not isinstance(channel, discord.ForumChannel):
                    found.append(number)
            for guild in guilds.values():
                found += [one.id for one in await guild.active_threads() if self._client.watches(one)]
        return found

    async def _read(self, at: Position, places: Iterable[int]) -> None:
        """Everything new in these channels, the oldest first, in batches."""
        new: list[discord.Message] = []
        for place in places:
            channel = self._client.get_channel(place) or await asked(self._client.fetch_channel(place))
            if not isinstance(channel, discord.abc.Messageable):
                continue
            async with judged():
                after = discord.Object(at.of(place))
                new += [one async for one in channel.history(limit=MOST, after=after, oldest_first=True)]
        new.sort(key=lambda one: one.id)
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            items = [await self._readings.item(one) for one in batch]
            for one in batch:
                at.move(one)
            events = [ItemArrived(item=item) for item in items if item is not None]
            await self._intake.emit(*events, cursor=str(at))
        if len(new) >= MOST:
            self._client.everywhere = True
            self._client.rings.set()

    async def _look(self, at: Position) -> None:
        """What was touched: another version, or not there any more."""
        touched = list(self._client.touched)
        events: list[Event] = []
        for channel, number in touched:
            if number > at.of(channel):
                continue  # not read yet
            place = self._client.get_channel(channel)
            if place is None or not self._client.watches(place) or not isinstance(place, discord.abc.Messageable):
                continue
            async with judged():
                try:
                    item = await self._readings.item(await place.fetch_message(number))
                except discord.NotFound:
                    events.append(ItemRemoved(account=self._config.id, native_id=native(channel, number)))
                    continue
            if item is not None:
                events.append(ItemArrived(item=item, fresh=True))
        for start in range(0, len(events), BATCH):
            await self._intake.emit(*events[start : start + BATCH], cursor=str(at))
        for key in touched:
            self._client.touched.pop(key, None)
