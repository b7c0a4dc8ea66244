"""What is said: sentences and parts with their links, tables in letters, pictures; nothing twice under one key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from telegram import InputMediaPhoto

from bot.core.errors import Permanent, Transient
from bot.core.types import Message, Passage, Picture, Section
from bot.locale import text
from handlers.botapi import Announce
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.memory import Memory
from handlers.chats.telegram.threads import Threads
from handlers.columns import columns

_LINE = 700
_TABLE = 3000
_ALBUM = 10
_BEGUN = "?"
"""The mark of what is being sent; where it is found, the answer was lost."""


def pages(message: Message, called: Sequence[str] = ()) -> list[str]:
    """The sentence or, of a long message, its parts; and the table below. Never longer than a message each."""
    calls = [" ".join(called)] if called else []
    if message.sections:
        title = [k.bold(k.short(message.title, 200))] if message.title else []
        lines = [*calls, *title, *_parts(message.sections)]
    else:
        lines = [*calls, *k.sentences(message.text)]
    return k.pages([*lines, *_table(message.table)])


def more(message: Message) -> list[str]:
    """What belongs below a long message."""
    return k.pages(_parts(message.details))


def _parts(sections: Sequence[Section]) -> list[str]:
    made = []
    for section in sections:
        made.append(f"\n{k.bold(k.short(section.title, 200))}" if section.title else "")
        made += [f"• {_line(line)}" if section.title else _line(line) for line in section.lines]
    return made


def _line(line: Passage) -> str:
    return k.link(line.url, k.short(line.text, _LINE) or "–")


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    shown = columns(rows, _TABLE)
    return [k.block(shown)] if shown else []


class Speaker:
    """Says things in groups and topics."""

    def __init__(self, threads: Threads, memory: Memory) -> None:
        self._threads = threads
        self._memory = memory

    async def say(self, where: tuple[int, int, int], message: Message, called: Sequence[str], locale: str) -> None:
        """Every page, picture and album once for each key. Raises what `Wire.call` raises.

        `where` are the group, its topic and the card that is answered, 0 for none; CardGone where that was deleted.

        One whose answer was lost is not sent again, for nobody can look whether it stands there. That it may be
        missing is said at the end, which is sent once as well.
        """
        chat, topic, answering = where
        steps = _Steps(self._threads, self._memory, message.key, chat, topic, below_card=bool(answering))
        first = 0
        for number, page in enumerate(pages(message, called)):
            sent = await steps.page(str(number), answering, page)
            first = first or sent
        below = first or answering
        for number, page in enumerate(more(message)):
            await steps.page(f"more{number}", below, page)
        for number, at in enumerate(range(0, len(message.pictures), _ALBUM)):
            await steps.pictures(f"shown{number}", below, message.pictures[at : at + _ALBUM])
        if steps.doubtful:
            await steps.page("doubt", answering, doubt(message, called, locale))


class _Steps:
    """What one message is sent in: each step is remembered by itself, so that one alone can be in doubt."""

    def __init__(self, threads: Threads, memory: Memory, key: str, chat: int, topic: int, *, below_card: bool) -> None:
        self._threads, self._memory, self._key = threads, memory, key
        self._chat, self._topic, self._below_card = chat, topic, below_card
        self.doubtful = False

    async def page(self, name: str, answering: int, html: str) -> int:
        """A page; its id, 0 where nobody knows."""

        async def send(announce: Announce) -> int:
            more: dict[str, Any] = {"announce": announce, "nowhere_else": self._below_card}
            sent = await self._threads.send(self._chat, self._topic, answering, html, **more)
            return sent.message_id

        return await self._once(name, send)

    async def pictures(self, name: str, answering: int, pictures: Sequence[Picture]) -> None:
        """One by itself, several as an album of ten at most."""
        captioned = [(one, k.short(one.alt, k.CAPTION)) for one in pictures]

        async def send(announce: Announce) -> int:
            there = partial(
                self._threads.there,
                chat=self._chat,
                topic=self._topic,
                answering=answering,
                nowhere_else=self._below_card,
            )
            if len(captioned) == 1:
                [(one, caption)] = captioned
                photo: dict[str, Any] = {"photo": one.contents, "filename": one.name, "caption": caption}
                return int((await there("send_photo", announce=announce, **photo)).message_id)
            album = [InputMediaPhoto(one.contents, caption=said, filename=one.name) for one, said in captioned]
            return int((await there("send_media_group", announce=announce, media=album))[0].message_id)

        await self._once(name, send)

    async def _once(self, name: str, send: Callable[[Announce], Awaitable[int]]) -> int:
        mark = f"said:{self._key}:{name}"
        before = await self._memory.mark(mark) if self._key else None
        if before == _BEGUN:
            self.doubtful = True
            return 0
        if before:
            return int(before)

        async def announce() -> None:
            if self._key:
                await self._memory.set_mark(mark, _BEGUN)

        try:
            sent = await send(announce)
        except (Transient, Permanent):  # surely not done
            if self._key:
                await self._memory.set_mark(mark, "")
            raise
        if self._key:
            await self._memory.set_mark(mark, str(sent))
        return sent


def doubt(message: Message, called: Sequence[str], locale: str) -> str:
    """What stands at the end where an answer was lost: that something may be missing, and how to see it all."""
    day, days = message.params.get("day"), message.params.get("days", 1)
    lost = text(locale, "Telegram did not answer, so a part of what was said here may be missing.")
    if message.code == "digest" and day and days == 1:
        how = text(locale, "`digest {day}` tells all of it.", day=day)
    elif message.code == "digest" and day:
        how = text(locale, "`digest {day}` and the days after it tell all of it.", day=day)
    elif message.ticket:
        how = text(locale, "`show {ticket}` tells how it stands.", ticket=message.ticket)
    else:
        how = text(locale, "`health` and `failures` tell how things stand.")
    return "\n".join([*([" ".join(called)] if called else []), f"❔ {k.words(lost)}", *k.spoken(how)])
