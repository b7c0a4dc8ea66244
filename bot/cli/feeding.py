"""Where replayed comments go: a wall takes them as if a visitor wrote them, other accounts get them as facts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.core.messages import Event, ItemArrived
from bot.core.types import Author, Item, version_of
from bot.engine.engine import Engine
from bot.engine.parts import utc_now
from bot.engine.wake import wake
from bot.locale import text
from bot.wiring import NotTaken, takes_comments, write_comment

if TYPE_CHECKING:
    from bot.cli.rows import Row
    from bot.engine.parts import Parts
    from bot.settings import Settings
    from bot.store.engine import Database

BATCH = 100


class Feeder:
    """Takes rows in, one after the other. What was taken under an `id` before is not taken again."""

    def __init__(
        self, settings: Settings, database: Database, parts: Parts, *, account: str | None, locale: str
    ) -> None:
        self._settings = settings
        self._parts = parts
        self._engine = Engine(database, parts)
        self._locale = locale
        self._default = account
        self._on_wall: dict[tuple[str, str], str] = {}
        self._threads: dict[tuple[str, str], str] = {}
        self._seen: set[tuple[str, str]] = set()
        self._waiting: dict[str, list[Event]] = {}

    async def take(self, row: Row) -> bool:
        """Take a row in; False when it was there already. Raises NotTaken."""
        account = self._account(row)
        if row.id is not None and (account, row.id) in self._seen:
            return False
        network = self._parts.networks[account]
        if takes_comments(network):
            fresh = await self._write(account, row)
        else:
            fresh = True
            await self._report(account, row)
        if row.id is not None:
            self._seen.add((account, row.id))
        return fresh

    async def flush(self) -> None:
        """Commit what was collected, and wake the bot."""
        for account, events in self._waiting.items():
            await self._engine.emit(account, tuple(events), None)
        self._waiting.clear()
        wake(self._settings.data)

    async def close(self) -> None:
        """Commit the rest."""
        try:
            await self.flush()
        finally:
            await self._engine.writer.close()

    def _account(self, row: Row) -> str:
        """The account that a row belongs to: by its id, or by a type of which there is one."""
        wanted = row.network or self._default
        entries = self._settings.networks
        if wanted is None:
            walls = [entry.id for entry in entries if entry.type == "wall"]
            if walls:
                return walls[0]
            known = ", ".join(entry.id for entry in entries)
            raise NotTaken(
                text(self._locale, "it names no network, and there is no wall. There are: {known}.", known=known)
            )
        if any(entry.id == wanted for entry in entries):
            return wanted
        alike = [entry.id for entry in entries if entry.type == wanted]
        if len(alike) == 1:
            return alike[0]
        known = ", ".join(entry.id for entry in entries)
        raise NotTaken(
            text(self._locale, "there is no network {name}. There are: {known}.", name=wanted[:80], known=known)
        )

    async def _write(self, account: str, row: Row) -> bool:
        parent = self._on_wall.get((account, row.parent)) if row.parent else None
        if row.parent and parent is None:
            raise NotTaken(
                text(self._locale, "the comment {id} that it answers did not come before it.", id=row.parent)
            )
        key = f"replay:{row.id}" if row.id is not None else None
        number, fresh = await write_comment(
            self._parts.networks[account], author=row.author, text=_on_wall(row), parent=parent, key=key
        )
        if row.id is not None:
            self._on_wall[account, row.id] = number
        return fresh

    async def _report(self, account: str, row: Row) -> None:
        """As its adapter would have seen it. The name is a typed one: it merges nobody's tickets."""
        native_id = row.id or _made_up(row)
        thread = self._threads.get((account, row.parent), row.parent) if row.parent else native_id
        self._threads[account, native_id] = thread
        item = Item(
            account=account,
            native_id=native_id,
            version=version_of(row.text, row.attachments),
            author=Author(id=None, name=row.author, reach=row.reach),
            text=row.text,
            created_at=row.created_at or utc_now(),
            thread_key=thread,
            parent=row.parent,
            url=row.url,
            attachments=row.attachments,
            more_attachments=row.more_attachments,
        )
        waiting = self._waiting.setdefault(account, [])
        waiting.append(ItemArrived(item=item))
        if len(waiting) >= BATCH:
            await self.flush()


def _on_wall(row: Row) -> str:
    """What a visitor would write: a wall takes words only, so addresses stand below them."""
    return "\n".join(part for part in (row.text, *(one.url for one in row.attachments)) if part)


def _made_up(row: Row) -> str:
    """An id for a row without one: the same words of the same person at the same time are the same comment."""
    parts = [row.author, row.text, row.created_at.isoformat() if row.created_at else f"line {row.line}"]
    parts += [one.url for one in row.attachments]
    return "replay-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
