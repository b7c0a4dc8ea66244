"""What stands where in Telegram: messages by ticket, tickets by message. Kept in the chat's own drawer, over restarts.

A bot cannot read a group's history, so whatever is not written down here is not known again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.shown import Shown, unpack
from handlers.drawer import Drawer

_A_DAY = timedelta(hours=24)


@dataclass(slots=True)
class Thread:
    """A ticket's messages in a room: (id, digest) by key. `topic` is 0 in a group without topics.

    `kept` is how it stands in the drawer.
    """

    room: str
    ticket: str
    chat: int
    topic: int = 0
    locale: str = "en"
    messages: dict[str, tuple[int, str]] = field(default_factory=dict)
    kept: str = field(default="", compare=False, repr=False)

    def native(self, root: str) -> str:
        """As the engine keeps it: group, topic, card."""
        return f"{self.chat}:{self.topic}:{self.messages[root][0]}"

    def packed(self) -> str:
        """As the drawer keeps it."""
        raw = {"c": self.chat, "t": self.topic, "l": self.locale, "m": self.messages}
        return json.dumps(raw, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Place:
    """What a message of ours is about. It showed `before` until the second `since` (Telegram's clock) was over."""

    room: str
    kind: str
    shown: Shown
    since: int = 0
    before: Shown | None = None

    def at(self, second: int) -> Shown:
        """What was shown at that second; in the second of the change itself nobody has read anything new yet."""
        return self.before if self.before is not None and second <= self.since else self.shown


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is asked for: the answer to this message of ours is the verb's text."""

    user: int
    verb: str
    shown: Shown


class Memory(Drawer):
    """The drawer, by what stands in it."""

    async def thread(self, room: str, ticket: str) -> Thread | None:
        """What stands of a ticket in a room, if anything."""
        return await self._thread("thread", room, ticket)

    async def gone(self, room: str, ticket: str) -> Thread | None:
        """What stood of it before it was forgotten."""
        found = await self._thread("gone", room, ticket)
        if found is not None:
            found.kept = ""  # not as what stands there
        return found

    async def forget(self, thread: Thread) -> None:
        """Its card is not there any more, or its group is closed to us; when that opens again it is as it was."""
        await self._put(f"gone:{thread.room}:{thread.ticket}", thread.packed())
        await self._put(f"thread:{thread.room}:{thread.ticket}", "")

    async def _thread(self, kept: str, room: str, ticket: str) -> Thread | None:
        found = await self._get(f"{kept}:{room}:{ticket}")
        if not found:
            return None
        raw = json.loads(found)
        messages = {key: (int(at), str(digest)) for key, (at, digest) in raw["m"].items()}
        return Thread(
            room=room, ticket=ticket, chat=raw["c"], topic=raw["t"], locale=raw["l"], messages=messages, kept=found
        )

    async def keep_thread(self, thread: Thread) -> None:
        """Write it down where it changed."""
        if (packed := thread.packed()) == thread.kept:
            return
        await self._put(f"room:{thread.ticket}", thread.room)
        await self.keep_group(thread.chat, thread.room)
        if thread.topic:
            await self._put(f"topic:{thread.chat}:{thread.topic}", thread.ticket)
        await self._put(f"thread:{thread.room}:{thread.ticket}", packed)  # last: what stands there stands wholly
        thread.kept = packed

    async def thread_of(self, ticket: str) -> Thread | None:
        """What stands of a ticket in the room that showed it last."""
        room = await self._get(f"room:{ticket}")
        return await self.thread(room, ticket) if room is not None else None

    async def topic(self, chat: int, topic: int) -> str | None:
        """The ticket whose topic this is."""
        return await self._get(f"topic:{chat}:{topic}")

    async def vouched_in(self, user: int) -> int | None:
        """The group that vouched for somebody last."""
        found = await self._get(f"vouched:{user}")
        return int(found) if found is not None else None

    async def keep_vouched(self, user: int, chat: int) -> None:
        """This group vouches for them: alone with us they are who they are there."""
        await self._put(f"vouched:{user}", str(chat))

    async def is_room(self, chat: int) -> bool:
        """Whether cards stand in this group."""
        return await self.room_of(chat) is not None

    async def room_of(self, chat: int) -> str | None:
        """The room whose cards stand in this group."""
        return await self._get(f"group:{chat}")

    async def keep_group(self, chat: int, room: str) -> None:
        """Cards stand in this group."""
        await self._put(f"group:{chat}", room)

    async def place(self, chat: int, message: int) -> Place | None:
        """What a message is about; None when it is none of ours."""
        found = await self._get(f"at:{chat}:{message}")
        if found is None:
            return None
        room, kind, packed, since, before = json.loads(found)
        shown = unpack(packed)
        return Place(room, kind, shown, since, unpack(before)) if shown is not None else None

    async def keep_place(self, chat: int, message: int, place: Place) -> None:
        """Write down what a message shows since a second; what it showed until then is remembered beside it."""
        known = await self.place(chat, message)
        if known is not None and known.shown == place.shown and known.kind == place.kind:
            return
        before = known.shown.pack() if known is not None else ""
        raw = [place.room, place.kind, place.shown.pack(), place.since, before]
        await self._write(f"at:{chat}:{message}", json.dumps(raw, separators=(",", ":")))

    async def shown(self, ticket: str, root: str, second: int | None = None) -> Shown | None:
        """What this chat shows of a ticket, or showed at that second; of a card that was taken away, the last of it."""
        room = await self._get(f"room:{ticket}") or ""
        thread = await self.thread(room, ticket) or await self.gone(room, ticket)
        if thread is None or root not in thread.messages:
            return None
        place = await self.place(thread.chat, thread.messages[root][0])
        if place is None:
            return None
        return place.shown if second is None else place.at(second)

    async def ask(self, chat: int, message: int, question: Question) -> None:
        """Remember for a day what was asked."""
        raw = json.dumps([question.user, question.verb, question.shown.pack()], separators=(",", ":"))
        await self._keep.put(f"ask:{chat}:{message}", raw, lifetime=_A_DAY)

    async def asked(self, chat: int, message: int) -> Question | None:
        """What was asked there."""
        found = await self._keep.get(f"ask:{chat}:{message}")
        if found is None:
            return None
        user, verb, packed = json.loads(found)
        shown = unpack(packed)
        return Question(user, verb, shown) if shown is not None else None

    async def offset(self) -> int:
        """The update to go on with; 0 where that is not known, or known from too long ago.

        Ids are chosen anew after a week without updates, so that an old one would skip what is new.
        """
        found = await self._keep.get("offset")
        return int(found) if found is not None else 0

    async def keep_offset(self, offset: int) -> None:
        """Remember it for a day, which is how long updates are kept for us."""
        await self._keep.put("offset", str(offset), lifetime=_A_DAY)
