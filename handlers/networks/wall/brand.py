"""The door that a brand's client uses, as a network would offer it: answers, or refusals with a status.

It stands between the adapter and the wall so that a wall can misbehave (see `faults.py`) the way remote services do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from handlers.networks.wall.faults import Fault, Faults, Operation
from handlers.networks.wall.rows import Change, Comment, KeyReused, NoRoom, NotThere, Reply, TakenBack
from handlers.networks.wall.rules import Unacceptable, brand_text
from handlers.networks.wall.service import Wall

T = TypeVar("T")

# Statuses are those of HTTP, which is what a client of a remote service would see.
GONE, CONFLICT, REFUSED, NO_ROOM = 410, 409, 422, 507


class Declined(Exception):
    """The wall answered, but not with what was asked for.

    `retry_after` is in seconds; `by_hand` says that a person may still do it on the page.
    """

    def __init__(self, status: int, reason: str, *, retry_after: float | None = None, by_hand: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
        self.by_hand = by_hand


class Door:
    """What a brand may do: read, and answer. Every method raises Declined."""

    def __init__(self, wall: Wall, faults: Faults | None, max_length: int) -> None:
        self._wall = wall
        self._faults = faults
        self._max_length = max_length

    async def check(self) -> str:
        """The name of the file that the wall stands in, as a proof that it is there."""
        return await self._pass("check", self._wall.epoch)

    async def publish(self, comment: str, text: str, key: str | None) -> Reply:
        """Answer a comment; the same key again is the same reply."""
        fault = self._strike("publish")
        state: Literal["live", "pending"] = "pending" if fault and fault.trouble == "pending" else "live"

        async def answer() -> Reply:
            try:
                accepted = brand_text(text, self._max_length)
                return await self._wall.answer(comment, accepted, key=key, state=state)
            except Unacceptable as error:
                raise Declined(REFUSED, error.detail) from error
            except KeyReused as error:
                raise Declined(CONFLICT, "This key was used for another reply.") from error

        return await self._suffer(fault, answer)

    async def reply_by_key(self, key: str) -> Reply | None:
        """The reply that was published with this key."""
        return await self._pass("find", lambda: self._wall.reply_by_key(key))

    async def replies_to(self, comment: str) -> tuple[Reply, ...]:
        """What the brand answered to a comment."""

        async def replies() -> tuple[Reply, ...]:
            return (await self._wall.comment(comment)).replies

        return await self._pass("find", replies)

    async def comment(self, id: str) -> Comment:
        """One comment as it stands now; 410 where its author took it back."""

        async def standing() -> Comment:
            found = await self._wall.comment(id)
            if found.withdrawn_at is not None:
                raise TakenBack(id)
            return found

        return await self._pass("current", standing)

    async def reply(self, id: str) -> tuple[Reply, Comment]:
        """One reply of the brand's, whatever its state, and the comment that it answers."""

        async def both() -> tuple[Reply, Comment]:
            found = await self._wall.reply(id)
            return found, await self._wall.comment(found.comment)

        return await self._pass("current", both)

    async def thread(self, id: str) -> list[Comment]:
        """The thread in which a comment or a reply stands, oldest first."""
        return await self._pass("conversation", lambda: self._wall.thread_of(id))

    async def changes(self, after: int, limit: int) -> list[Change]:
        """What happened after a number, in order."""
        return await self._pass("listen", lambda: self._wall.changes(after, limit))

    async def _pass(self, operation: Operation, call: Callable[[], Awaitable[T]]) -> T:
        return await self._suffer(self._strike(operation), call)

    def _strike(self, operation: Operation) -> Fault | None:
        return self._faults.take(operation) if self._faults else None

    async def _suffer(self, fault: Fault | None, call: Callable[[], Awaitable[T]]) -> T:
        """Make the call, with what the fault does before and after it."""
        if fault is not None:
            _before(fault)
        try:
            answer = await call()
        except (NotThere, TakenBack) as error:
            raise Declined(GONE, "The comment is not on the wall any more.") from error
        except NoRoom as error:
            raise Declined(NO_ROOM, "The wall's disk is full.", retry_after=NoRoom.SECONDS) from error
        if fault is not None:
            await _after(fault)
        return answer


def _before(fault: Fault) -> None:
    match fault.trouble:
        case "rate_limited":
            raise Declined(429, "Too many requests.", retry_after=fault.seconds)
        case "dead_token":
            raise Declined(401, "The token is not valid any more.")
        case "rejected":
            raise Declined(REFUSED, "The wall does not take replies here at the moment.", by_hand=True)
        case "error_before":
            raise Declined(503, "The wall is being repaired.")
        case "late" | "error_after" | "pending":
            return


async def _after(fault: Fault) -> None:
    if fault.trouble == "late":
        await asyncio.sleep(fault.seconds)
    if fault.trouble == "error_after":
        raise Declined(502, "The answer was lost on the way.")
