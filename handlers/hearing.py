"""What every chat hears with: the engine while it listens, errands nobody waits for, what was heard before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot import logs
from bot.core.errors import AdapterError
from bot.core.ports import Intake, Reader

log = logs.get(__name__)
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Engine:
    """What `listen` hands over."""

    intake: Intake
    read: Reader


class NotListening(Exception):
    """The bot is starting or stopping: what came, or was wished, has to come again."""


class Named(Protocol):
    """How a chat is known in the log."""

    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...


@dataclass(kw_only=True)
class Hearing:
    """What a chat's house is built on. `known` is None until the chat listens."""

    config: Named
    known: Engine | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _heard: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def engine(self) -> Engine:
        """What to carry wishes to. Raises NotListening, so that the service delivers again."""
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

    def forget(self, what: str) -> None:
        """It could not be dealt with, and comes again."""
        self._heard.pop(what, None)

    def later(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that nobody has to wait for: the service is answered first."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, object]) -> None:
        not_said, failed = f"{self.config.type}.not_said", f"{self.config.type}.failed"
        try:
            await work
        except AdapterError as error:
            log.warning(not_said, chat=self.config.id, reason=str(error))
        except Exception:
            log.exception(failed, chat=self.config.id)

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until what was put off is done, for so long at most; what is not done then is broken off."""
        try:
            if self._tasks:
                await asyncio.wait(set(self._tasks), timeout=seconds)
        finally:
            left = set(self._tasks)
            for task in left:
                task.cancel()
        if left:
            # Not awaited one by one: that could not tell their end from our own cancellation.
            await asyncio.wait(left)
