"""How things stand: one light per adapter, and one for everything that may silently pile up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.core.types import Light
from bot.store.queries import active_switches
from bot.store.seals import unsealed
from bot.store.tables import accounts, outbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

LATE = timedelta(minutes=1)
VERY_LATE = timedelta(minutes=10)
MANY_UNSEALED = 10_000
SOON = timedelta(days=7)


def lights(conn: Connection, now: datetime) -> list[Light]:
    """Adapters, pause, orders that nobody carries out, tokens about to run out, log rows without a seal."""
    return [*_accounts(conn, now), *_switches(conn), _dead(conn), _late(conn, now), _seals(conn)]


def _accounts(conn: Connection, now: datetime) -> Iterator[Light]:
    for row in conn.execute(select(accounts).order_by(accounts.c.part, accounts.c.id)):
        name = f"{row.part} {row.id}"
        if row.state == "ok":
            yield _expiry(name, row, now)
        elif row.state == "auth":
            remedy = "Renew the token or its rights, then start again."
            yield Light(name=name, state="red", detail=row.detail, remedy=remedy)
        else:
            remedy = "It is tried again by itself; look at the log if it does not recover."
            yield Light(name=name, state="warn", detail=row.detail, remedy=remedy)


def _expiry(name: str, row: Row[Any], now: datetime) -> Light:
    if row.expires_at is None or row.expires_at > now + SOON:
        return Light(name=name, state="ok", detail=row.name)
    day = row.expires_at.date().isoformat()
    return Light(name=name, state="warn", detail=f"the token runs out on {day}", remedy="Renew the token before.")


def _switches(conn: Connection) -> Iterator[Light]:
    on = active_switches(conn)
    if "paused" in on:
        yield Light(name="paused", state="warn", detail=on["paused"], remedy="`resume` lets replies go out again.")
    if "crisis" in on:
        yield Light(name="crisis", state="warn", detail=on["crisis"], remedy="`crisis off` ends it.")


def _dead(conn: Connection) -> Light:
    dead = conn.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "dead")).scalar_one()
    if not dead:
        return Light(name="dead letters", state="ok", detail="0")
    newest = select(outbox.c.problem).where(outbox.c.state == "dead").order_by(outbox.c.id.desc()).limit(1)
    detail = f"{dead}; the newest: {conn.execute(newest).scalar_one() or 'no reason given'}"
    return Light(name="dead letters", state="red", detail=detail, remedy="Mend the cause, then try them again.")


def _late(conn: Connection, now: datetime) -> Light:
    """What a pause holds back is not late: the pause has a light of its own."""
    wanted = outbox.c.state == "ready"
    if "paused" in active_switches(conn):
        wanted &= outbox.c.type != "publish"
    oldest = conn.execute(select(func.min(outbox.c.due_at)).where(wanted)).scalar_one()
    late = max(now - oldest, timedelta(0)) if oldest is not None else timedelta(0)
    detail = f"{int(late.total_seconds())} s late"
    if late <= LATE:
        return Light(name="orders", state="ok", detail=detail)
    remedy = "See that the bot runs, and what the adapters' lights say."
    return Light(name="orders", state="red" if late > VERY_LATE else "warn", detail=detail, remedy=remedy)


def _seals(conn: Connection) -> Light:
    rows = unsealed(conn)
    if rows <= MANY_UNSEALED:
        return Light(name="log", state="ok", detail=f"{rows} rows not sealed yet")
    return Light(name="log", state="warn", detail=f"{rows} rows not sealed", remedy="See that the bot runs.")
