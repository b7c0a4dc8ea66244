"""What every part of the Slack adapter works with, and how it speaks to one person alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from bot import logs
from bot.core.errors import AdapterError, Transient
from bot.core.ports import Intake, Reader
from handlers.chats.slack import blocks as b
from handlers.chats.slack.config import Config
from handlers.chats.slack.members import Members
from handlers.chats.slack.memory import Memory
from handlers.chats.slack.threads import Threads
from handlers.chats.slack.wire import Wire

log = logs.get(__name__)
_PATIENCE = 30.0
_AGAIN = 3
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Engine:
    """What `listen` hands over."""

    intake: Intake
    read: Reader


class NotListening(Exception):
    """The bot is starting or stopping: what came has to come again."""


@dataclass(kw_only=True)
class House:
    """One workspace. `engine` is None until the bot listens; `me` is what auth.test said."""

    config: Config
    wire: Wire
    memory: Memory
    threads: Threads
    members: Members
    clock: Callable[[], datetime]
    tz: tzinfo
    me: dict[str, str] = field(default_factory=dict)
    known: Engine | None = None
    dead: asyncio.Event = field(default_factory=asyncio.Event)
    why_dead: str = ""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _heard: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def engine(self) -> Engine:
        """What to carry wishes to. Raises NotListening, so that Slack delivers again."""
        if self.known is None:
            raise NotListening
        return self.known

    def first_time(self, what: str) -> bool:
        """Whether this is heard for the first time: a refusal is explained once, however often it is delivered."""
        if what in self._heard:
            return False
        self._heard[what] = None
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return True

    def end(self, why: str) -> None:
        """The app was removed or its token revoked: `listen` says so to everybody."""
        self.why_dead = why
        self.dead.set()

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that nobody has to wait for: Slack is answered first."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except AdapterError as error:
            log.warning("slack.not_said", chat=self.config.id, reason=str(error))
        except Exception:
            log.exception("slack.failed", chat=self.config.id)

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until what was put off is done, for so long at most."""
        while self._tasks and seconds > 0:
            await asyncio.wait(set(self._tasks), timeout=seconds)
            break
        for task in set(self._tasks):
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def tell(
        self, user: str, channel: str, thread: str | None, text: str, buttons: list[b.Block] | None = None
    ) -> None:
        """Say something to one person alone. Raises what `Wire.call` raises."""
        content = {"text": b.fallback(text), "blocks": [*b.words(text)[:40], *b.actions(buttons or [])]}
        for attempt in range(_AGAIN):
            try:
                await self.wire.whisper(channel, user, thread, **content)
            except Transient as error:
                if attempt + 1 == _AGAIN or (error.retry_after or 0) > _PATIENCE:
                    raise
                await asyncio.sleep(error.retry_after if error.retry_after is not None else 1.0)
            else:
                return
