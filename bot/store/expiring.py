"""Tokens and profiles to check: what runs out soon, ran out, or does not let us in any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from bot.store.tables import accounts

if TYPE_CHECKING:
    from sqlalchemy import Connection

SOON = timedelta(days=7)
"""How long before its end people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """An adapter whose token somebody has to look after.

    `part` is `network` or `chat`, `id` as in the settings, `name` who speaks there. `state` is `auth` where the token
    is dead already (`detail` says what the other side said), else `ok` or `failing`.
    """

    part: str
    id: str
    type: str
    name: str
    state: str
    detail: str = ""
    expires_at: datetime | None = None


def to_check(conn: Connection, now: datetime, within: timedelta = SOON) -> list[Expiring]:
    """What runs out until `now + within` or is dead: the dead ones first, then by their time."""
    a = accounts.c
    wanted = select(accounts).where(
        a.part.in_(["network", "chat"]), or_(a.state == "auth", a.expires_at <= now + within)
    )
    found = [
        Expiring(
            part=row.part,
            id=row.id.removeprefix(f"{row.part}:"),
            type=row.type,
            name=row.name,
            state=row.state,
            detail=row.detail,
            expires_at=row.expires_at,
        )
        for row in conn.execute(wanted)
    ]
    return sorted(found, key=lambda one: (one.state != "auth", one.expires_at or now, one.part, one.id))
