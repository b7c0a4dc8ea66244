"""An event loop in a thread of its own: for servers of ours beside tests that are no coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs from the start. What lives in its loop may be read from outside, and is changed by `do`."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T], within: float = 30.0) -> T:
        """Run something there; its result, within so many seconds."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something and do not wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """End the loop, and what was left in it."""
        self.do(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end_all(self) -> None:
        """Requests that were left without an answer on purpose, questions that nobody waits for any more."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
