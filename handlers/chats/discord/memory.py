"""What stands where in Discord: threads by ticket, tickets by message. Kept in the chat's own drawer, over restarts.

A reaction tells a channel and a message's id and nothing else, so every message of ours is looked up here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.core.shown import Shown, unpack
from handlers.drawer import Drawer


@dataclass(slots=True)
class Thread:
    """A ticket's thread in a room.

    `head` is where its card stands: the thread itself in a forum, elsewhere the channel. `messages`: (id, digest) by
    key; `posting`: the key of one whose fate is open; `tags`: what the post is marked with; `kept`: how it
    stands in the drawer.
    """

    room: str
    ticket: str
    channel: int
    id: int
    head: int
    locale: str = "en"
    messages: dict[str, tuple[int, str]] = field(default_factory=dict)
    posting: str = ""
    tags: tuple[int, ...] = ()
    kept: str = field(default="", compare=False, repr=False)

    @property
    def native(self) -> str:
        """As the engine keeps it."""
        return f"{self.channel}:{self.id}"


@dataclass(frozen=True, slots=True)
class Place:
    """What a message of ours is about. `kind` as in `card`; `thread` is the id of the ticket's thread."""

    room: str
    kind: str
    thread: int
    shown: Shown


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
            id=raw["id"],
            head=raw["h"],
            locale=raw["l"],
            messages={key: (at, digest) for key, (at, digest) in raw["m"].items()},
            posting=raw["p"],
            tags=tuple(raw["g"]),
            kept=found,
        )

    async def keep_thread(self, thread: Thread) -> None:
        """Write it down where it changed."""
        raw = {
            "c": thread.channel,
            "id": thread.id,
            "h": thread.head,
            "l": thread.locale,
            "m": thread.messages,
            "p": thread.posting,
            "g": thread.tags,
        }
        if (packed := json.dumps(raw, separators=(",", ":"))) == thread.kept:
            return
        await self._put(f"room:{thread.ticket}", thread.room)
        await self._put(f"thread:{thread.room}:{thread.ticket}", packed)  # last: what stands there stands wholly
        thread.kept = packed

    async def forget(self, room: str, ticket: str, native: str) -> None:
        """This thread of a ticket is not there any more; whatever took its place stays."""
        known = await self.thread(room, ticket)
        if known is not None and known.native == native:
            await self._put(f"thread:{room}:{ticket}", "")
        await self.set_mark(f"gone:{room}:{ticket}", native)

    async def gone(self, room: str, ticket: str) -> str:
        """The thread that was forgotten last."""
        return await self.mark(f"gone:{room}:{ticket}") or ""

    async def place(self, message: int) -> Place | None:
        """What a message is about, or the thread that has its id; None when it is none of ours."""
        found = await self._get(f"at:{message}")
        if found is None:
            return None
        room, kind, thread, packed = json.loads(found)
        shown = unpack(packed)
        return Place(room, kind, thread, shown) if shown is not None else None

    async def keep_place(self, message: int, place: Place) -> None:
        """Write it down, unless it stands there already."""
        raw = json.dumps([place.room, place.kind, place.thread, place.shown.pack()], separators=(",", ":"))
        await self._put(f"at:{message}", raw)

    async def shown(self, ticket: str) -> Shown | None:
        """What this chat shows of a ticket; of one whose thread was taken away, what it showed last."""
        room = await self._get(f"room:{ticket}") or ""
        known, gone = await self.thread(room, ticket), await self.gone(room, ticket)
        numbers = [*([known.id] if known is not None else []), *([int(gone.partition(":")[2])] if gone else [])]
        for number in numbers:
            if (place := await self.place(number)) is not None:
                return place.shown
        return None
