"""Erasure outside the contents: orders still to be said, adapters' drawers, mutings that name the person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.letters import MUTE
from bot.store.log import chunks
from bot.store.tables import contents, items, keep, outbox, switches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.store.authors import Found


def handles_of(conn: Connection, found: Found, who: str) -> frozenset[str]:
    """By what somebody may be muted, as the patterns are kept: `@` and any of their names, handles and ids."""
    names = {who, *(match.native_id or "" for match in found.matches)}
    names.update(name for match in found.matches for name in match.names)
    for part in chunks(found.items):
        extras = select(contents.c.extra).join(items, items.c.content == contents.c.id).where(items.c.id.in_(part))
        names.update(str(extra.get("handle") or "") for extra in conn.execute(extras).scalars())
    return frozenset("@" + " ".join(name.removeprefix("@").split()).casefold() for name in names if name)


def forget_elsewhere(conn: Connection, *, tickets: Collection[str], handles: frozenset[str], now: datetime) -> None:
    """Forget what is kept about these tickets, and who is muted under these names (`@rosa`)."""
    for part in chunks(sorted(tickets)):
        # What was to be said about them may quote links and words; the log keeps that it happened.
        conn.execute(
            outbox.delete().where(outbox.c.type != "publish", outbox.c.type != "card", outbox.c.ticket.in_(part))
        )
    gone = frozenset(tickets)
    _prune(conn, lambda found: found.get("ticket") in gone)
    _forget_mutes(conn, handles, now)


def forget_name(conn: Connection, name: str) -> None:
    """Forget what was or is to be said with a colleague's name in it."""

    def names(found: dict[str, Any]) -> bool:
        params = found.get("params")
        return isinstance(params, dict) and name in params.values()

    for row in conn.execute(select(outbox.c.id, outbox.c.payload).where(outbox.c.type == "say")).all():
        if names(row.payload):
            conn.execute(outbox.delete().where(outbox.c.id == row.id))
    _prune(conn, names)


def _prune(conn: Connection, gone: Callable[[dict[str, Any]], bool]) -> None:
    """Take the JSON objects for which `gone` holds out of all drawers; what is no JSON is an adapter's token."""
    for row in conn.execute(select(keep.c.owner, keep.c.key, keep.c.value)).all():
        try:
            value = json.loads(row.value)
        except ValueError:
            continue
        left = _without(value, gone)
        if left != value:
            here = (keep.c.owner == row.owner) & (keep.c.key == row.key)
            conn.execute(keep.update().where(here).values(value=json.dumps(left)))


def _without(value: Any, gone: Callable[[dict[str, Any]], bool]) -> Any:
    """The same without such objects in its lists."""
    if isinstance(value, list):
        return [_without(one, gone) for one in value if not (isinstance(one, dict) and gone(one))]
    if isinstance(value, dict):
        return {name: _without(one, gone) for name, one in value.items()}
    return value


def _forget_mutes(conn: Connection, handles: frozenset[str], now: datetime) -> None:
    """A muting stays on record as one, under a number instead of the name."""
    known = conn.execute(select(switches.c.name, switches.c.value).where(switches.c.name.startswith(MUTE))).all()
    count = sum(row.value == "" for row in known)
    for row in known:
        if row.value in handles:
            count += 1
            blank = {"name": f"{MUTE}erased:{count}", "value": "", "on": False, "at": now}
            conn.execute(switches.update().where(switches.c.name == row.name).values(blank))
