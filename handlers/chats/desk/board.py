"""What was said at the desk: to everybody (the last 50), to one person (until they look), and answers to a form.

All of it survives a restart, because it is kept; none of it is a record, those are the core's.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from bot.core.messages import Announce
from bot.core.ports import Keep
from bot.core.types import Message
from bot.locale import explain
from bot.locale.sentences import ANNOUNCED

_SAID = "desk:said"
_KEPT = 50
_FLASH_LIFETIME = timedelta(hours=1)
_TOLD_LIFETIME = timedelta(days=14)


def digest_page(params: Mapping[str, object]) -> str:
    """Where the digest of these `params` stands; a single day's needs no `days`."""
    days = f"?days={params['days']}" if params.get("days", 1) != 1 else ""
    return f"/desk/digest/{params['day']}{days}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something that was said: in a ticket's thread, or in the room when `ticket` is None.

    `text` is what the room's language has for it; `code` and `params` say it in every other one.
    """

    at: datetime
    text: str
    ticket: str | None = None
    key: str = ""
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def page(self) -> str | None:
        """The page that a digest stands on."""
        return digest_page(self.params) if self.code == "digest" else None

    def words(self, locale: str, tz: tzinfo = UTC) -> str:
        """The same in a reader's language, times as the team has them; `text` where no sentence is known for it."""
        if self.code not in ANNOUNCED:
            return self.text
        return explain(locale, Announce(code=self.code, ticket=self.ticket, params=dict(self.params)), tz=tz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an answer, with the ticket that it leads to. Pages that saw a `key` do not show it again."""

    text: str
    ticket: str | None = None
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person gets to read after a form or a command.

    `kind`: done, refused or info. `verb` and `unsaved` bring back what was typed into a form that was refused, so
    that nobody loses a text; `reason` is why it was. `go` is the ticket to show next, `words` a search to show next,
    `page` another page.
    """

    kind: str
    text: str
    lines: tuple[Line, ...] = ()
    verb: str = ""
    unsaved: str = ""
    go: str | None = None
    words: str | None = None
    page: str | None = None
    reason: str = ""


class Board:
    """Keeps what was said until it has been seen."""

    def __init__(self, keep: Keep, clock: Callable[[], datetime]) -> None:
        self._keep = keep
        self._clock = clock
        self._turn = asyncio.Lock()

    async def say(self, message: Message, *, ticket: str | None) -> Saying | None:
        """Add to what was said to everybody, in a ticket's thread or in the room; None when its key was said before."""
        key = message.key
        # What people outside wrote stands in the record, where the law's erasure finds it; a long message has a page.
        text = message.text if not message.sections else message.title
        async with self._turn:
            said = await self.said()
            if key and any(saying.key == key for saying in said):
                return None
            saying = Saying(
                at=self._clock(),
                text=text,
                ticket=ticket or message.ticket,
                key=key,
                code=message.code,
                params=dict(message.params),
            )
            rows = [asdict(old) | {"at": old.at.isoformat()} for old in [*said, saying][-_KEPT:]]
            await self._keep.put(_SAID, json.dumps(rows, default=str))
            return saying

    async def said(self) -> list[Saying]:
        """The last things said, oldest first."""
        rows = json.loads(await self._keep.get(_SAID) or "[]")
        return [Saying(**(row | {"at": datetime.fromisoformat(row["at"])})) for row in rows]

    async def tell(self, person: str, text: str, *, ticket: str) -> Line:
        """Keep something for one person until their next page view."""
        line = Line(text=text, ticket=ticket, key=secrets.token_hex(6))
        async with self._turn:
            waiting = json.loads(await self._keep.get(_told(person)) or "[]")
            waiting = [*waiting, asdict(line)][-_KEPT:]
            await self._keep.put(_told(person), json.dumps(waiting), lifetime=_TOLD_LIFETIME)
        return line

    async def told(self, person: str) -> list[Line]:
        """What waits for this person; it is handed out once."""
        if await self._keep.get(_told(person)) is None:  # looking is cheaper than taking, and mostly all there is
            return []
        async with self._turn:
            return [Line(**row) for row in json.loads(await self._keep.take(_told(person)) or "[]")]

    async def leave(self, mark: str, answer: Answer) -> None:
        """Leave an answer for the next page of a session (`mark`)."""
        await self._keep.put(_flash(mark), json.dumps(asdict(answer)), lifetime=_FLASH_LIFETIME)

    async def pick_up(self, mark: str) -> Answer | None:
        """The answer that was left, once."""
        if await self._keep.get(_flash(mark)) is None:
            return None
        stored = await self._keep.take(_flash(mark))
        if stored is None:
            return None
        row = json.loads(stored)
        return Answer(**(row | {"lines": tuple(Line(**line) for line in row["lines"])}))


def _told(person: str) -> str:
    return f"desk:told:{person}"


def _flash(mark: str) -> str:
    return f"desk:flash:{mark}"
