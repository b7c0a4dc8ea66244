"""The wall itself, as its pages, its JSON interface and the brand's side use it: asynchronous and awake to changes."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from handlers.networks.wall import rules, store
from handlers.networks.wall.database import Database
from handlers.networks.wall.rows import Change, Comment, NewComment, Reply


def hashed(token: str) -> str:
    """What is kept of a cookie or an edit token. They are random, so a bare hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Wall:
    """Everything that can be done on the wall; each method returns only once what it did is on the disk."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = Database(path)
        self._now = now
        self._listeners: set[asyncio.Event] = set()

    async def close(self) -> None:
        """Finish what is being written and close the file."""
        await self._database.close()

    # --- visitors ---------------------------------------------------------------------------------------

    async def add(
        self,
        *,
        author: str,
        text: str,
        parent: str | None = None,
        visitor: str | None = None,
        key: str | None = None,
    ) -> tuple[Comment, str | None]:
        """Write a visitor's comment; with it comes the edit token, or None when `key` brought it before.

        `visitor` is the raw value of the cookie. Raises Unacceptable, NotThere, TakenBack, KeyReused.
        """
        author, text = rules.visitor_name(author), rules.visitor_text(text)
        token = secrets.token_urlsafe(24)
        new = NewComment(
            author=author,
            text=text,
            parent=parent,
            visitor=hashed(visitor) if visitor is not None else None,
            edit_token=hashed(token),
            key=key,
            digest=hashed("\0".join([author, text, parent or ""])),
        )
        with self._awakening():
            comment, is_new = await self._database.write(partial(store.add_comment, new=new, at=self._now()))
        return comment, token if is_new else None

    async def edit(self, id: str, text: str, owner: frozenset[str]) -> Comment:
        """Its author changes a comment. `owner`: hashes of the tokens that the caller showed.

        Raises Unacceptable, NotThere, NotYours, TakenBack.
        """
        text = rules.visitor_text(text)
        with self._awakening():
            return await self._database.write(
                partial(store.edit_comment, id=id, text=text, owner=owner, at=self._now())
            )

    async def withdraw(self, id: str, owner: frozenset[str]) -> Comment:
        """Its author takes a comment back. Raises NotThere, NotYours."""
        with self._awakening():
            return await self._database.write(partial(store.withdraw_comment, id=id, owner=owner, at=self._now()))

    async def comments(self, after: str | None, limit: int) -> list[Comment]:
        """Comments, oldest first, after the one with the id `after`. Raises NotThere."""
        return await self._database.read(partial(store.comments_after, after=after, limit=limit))

    async def threads(self, before: str | None, limit: int) -> list[list[Comment]]:
        """Threads, newest first, before the one with the id `before`. Raises NotThere."""
        return await self._database.read(partial(store.threads_before, before=before, limit=limit))

    async def thread_of(self, id: str) -> list[Comment]:
        """The whole thread in which a comment or a live reply stands, oldest first. Raises NotThere."""
        return await self._database.read(partial(store.thread_of, id=id))

    async def comment(self, id: str) -> Comment:
        """One comment. Raises NotThere."""
        return await self._database.read(partial(store.comment, id=id))

    async def last_name(self, visitor: str) -> str | None:
        """The name that the visitor with this cookie used last."""
        return await self._database.read(partial(store.last_name, visitor=hashed(visitor)))

    async def count(self) -> int:
        """How many comments stand."""
        return await self._database.read(store.count)

    def owner(self, visitor: str) -> frozenset[str]:
        """What shows that a comment is this visitor's, as `edit` wants it."""
        return frozenset({hashed(visitor)})

    # --- about this wall --------------------------------------------------------------------------------

    async def fact(self, name: str) -> str | None:
        """Something that is known about this wall."""
        return await self._database.read(partial(store.fact, name=name))

    async def set_fact(self, name: str, value: str) -> None:
        """Know something from now on; listeners wake."""
        with self._awakening():
            await self._database.write(partial(store.set_fact, name=name, value=value))

    async def end_fact(self, name: str, value: str | None = None) -> None:
        """No longer know it; with `value` only if that is what is known."""
        await self._database.write(partial(store.end_fact, name=name, value=value))

    async def archive(self) -> None:
        """Everything that stands now leaves the page; nothing is lost."""
        await self._database.write(store.archive)

    # --- the brand --------------------------------------------------------------------------------------

    async def answer(
        self, comment: str, text: str, *, key: str | None, state: Literal["live", "pending"] = "live"
    ) -> Reply:
        """Write the brand's reply; the same key again is the same reply.

        Raises NotThere, TakenBack, KeyReused.
        """
        with self._awakening():
            return await self._database.write(
                partial(store.add_reply, target=comment, text=text, key=key, state=state, at=self._now())
            )

    async def reply_by_hand(self, comment: str, text: str) -> Reply:
        """A colleague answers on the wall itself, without the bot. Raises NotThere, TakenBack."""
        return await self.answer(comment, text, key=None)

    async def moderate(self, id: str, *, refused_because: str | None = None) -> Reply:
        """Let a pending reply go live, or refuse it. Raises NotThere."""
        with self._awakening():
            return await self._database.write(partial(store.moderate_reply, id=id, refused_because=refused_because))

    async def reply(self, id: str) -> Reply:
        """One reply, whatever its state. Raises NotThere."""
        return await self._database.read(partial(store.reply, id=id))

    async def reply_by_key(self, key: str) -> Reply | None:
        """The reply that was published with this key."""
        return await self._database.read(partial(store.reply_by_key, key=key))

    # --- changes ----------------------------------------------------------------------------------------

    async def epoch(self) -> str:
        """The name of this file, which changes when somebody puts another in its place."""
        return await self._database.read(store.epoch)

    async def changes(self, after: int, limit: int) -> list[Change]:
        """What happened after a number, in order."""
        return await self._database.read(partial(store.changes, after=after, limit=limit))

    @contextlib.contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever something may have changed."""
        event = asyncio.Event()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)

    @contextlib.contextmanager
    def _awakening(self) -> Iterator[None]:
        try:
            yield
        finally:  # also when the caller was cancelled: the write may have happened
            for listener in self._listeners:
                listener.set()
