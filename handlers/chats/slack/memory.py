"""What stands where in Slack: threads by ticket, tickets by message. Kept in the chat's own drawer, over restarts.

`reaction_added` tells a channel and a message's `ts` and nothing else, so every message of ours is looked up here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.core.shown import Shown, unpack
from handlers.drawer import Drawer


@dataclass(slots=True)
class Thread:
    """A ticket's thread in a room. `messages`: (ts, digest) by key; `posting`: the key of one whose fate is open.

    `kept` is how it stands in the drawer.
    """

    room: str
    ticket: str
    channel: str
    ts: str
    locale: str = "en"
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)
    posting: str = ""
    kept: str = field(default="", compare=False, repr=False)

    @property
    def native(self) -> str:
        """As the engine keeps it."""
        return f"{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Place:
    """What a message of ours is about. `kind` as in `card`; `thread` is the ts of the thread's first message.

    Until the moment `since` (seconds since 1970, by our clock) it showed `before`.
    """

    room: str
    kind: str
    thread: str
    shown: Shown
    since: float = 0.0
    before: Shown | None = None

    def at(self, moment: float) -> Shown:
        """What was shown at that moment: what was done then may come to our ears much later."""
        return self.before if self.before is not None and moment <= self.since else self.shown


class Memory(Drawer):
    """The drawer, by what stands in it."""

    async def thread(self, room: str, ticket: str) -> Thread | None:
        """The thread of a ticket in a room, if it has one."""
        found = await self._get(f"thread:{room}:{ticket}")
        if not found:
            return None
        raw = json.loads(found)
        return Thread(
            room=room,
            ticket=ticket,
            channel=raw["c"],
            ts=raw["ts"],
            locale=raw["l"],
            messages={key: (ts, digest) for key, (ts, digest) in raw["m"].items()},
            posting=raw["p"],
            kept=found,
        )

    async def keep_thread(self, thread: Thread) -> None:
        """Write it down where it changed."""
        raw = {"c": thread.channel, "ts": thread.ts, "l": thread.locale, "m": thread.messages, "p": thread.posting}
        if (packed := json.dumps(raw, separators=(",", ":"))) == thread.kept:
            return
        await self._put(f"room:{thread.ticket}", thread.room)
        await self._put(f"thread:{thread.room}:{thread.ticket}", packed)  # last: what stands there stands wholly
        thread.kept = packed

    async def forget_thread(self, room: str, ticket: str, native: str) -> None:
        """This one does not stand there any more. What its messages showed is still known."""
        known = await self.thread(room, ticket)
        if known is not None and known.native == native:
            await self._put(f"thread:{room}:{ticket}", "")
        await self.set_mark(f"gone:{room}:{ticket}", native)

    async def place(self, channel: str, ts: str) -> Place | None:
        """What a message is about; None when it is none of ours."""
        found = await self._get(f"at:{channel}:{ts}")
        if found is None:
            return None
        room, kind, thread, packed, *more = json.loads(found)
        since, before = more or (0.0, "")  # a release before this one wrote down neither
        shown = unpack(packed)
        return Place(room, kind, thread, shown, since, unpack(before)) if shown is not None else None

    async def keep_place(self, channel: str, ts: str, place: Place) -> None:
        """Write down what a message shows since a moment; what it showed until then is remembered beside it."""
        known = await self.place(channel, ts)
        if known is not None and known.shown == place.shown and known.kind == place.kind:
            return
        before = known.shown.pack() if known is not None else ""
        raw = [place.room, place.kind, place.thread, place.shown.pack(), place.since, before]
        await self._write(f"at:{channel}:{ts}", json.dumps(raw, separators=(",", ":")))

    async def shown(self, ticket: str) -> Shown | None:
        """What this chat shows of a ticket; of one whose thread was taken away, what it showed last.

        Else a yes that is typed elsewhere would be one to words that nobody has seen here.
        """
        room = await self._get(f"room:{ticket}") or ""
        known = await self.thread(room, ticket)
        gone = await self.mark(f"gone:{room}:{ticket}") or ""
        for native in ([known.native] if known is not None else []) + [gone]:
            channel, _, ts = native.partition(":")
            if (place := await self.place(channel, ts)) is not None:
                return place.shown
        return None
