"""How things stand: one light per adapter, and one for everything that may silently pile up."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.core.letters import LetterState
from bot.core.types import Light, ReplyState
from bot.store import backup_state
from bot.store.expiring import SOON
from bot.store.letters import count_by_state
from bot.store.outbox import MANY, TRICKLE
from bot.store.queries import active_switches
from bot.store.seals import unsealed
from bot.store.tables import accounts, events, outbox
from bot.store.tables import replies as replies_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, tzinfo

    from sqlalchemy import Connection

    _Waiting = dict[LetterState, tuple[int, datetime]]

LATE = timedelta(minutes=1)
VERY_LATE = timedelta(minutes=10)
MANY_UNSEALED = 10_000
TOO_LONG = timedelta(hours=1)
"""How long a reply may be of unknown fate before that is an alarm: somebody was to be answered."""
SKEW = timedelta(minutes=2)
NEWEST = 1000
"""How many of the newest log rows are asked for their time: there may be millions, and no index on it."""
_LAST = select(func.coalesce(func.max(events.c.seq), 0)).scalar_subquery()


def lights(conn: Connection, now: datetime, tz: tzinfo = UTC) -> list[Light]:
    """Adapters, pause, what waits for a person, orders that nobody carries out, rows without a seal, the clock.

    `tz` is where the days begin that are told.
    """
    replies = count_by_state(conn)
    waiting = [_unknown(replies, now), *_by_hand(replies), *_vanished(replies)]
    work = [_dead(conn), _late(conn, now), *_trickle(conn)]
    return [
        *_accounts(conn, now, tz),
        *_switches(conn),
        *waiting,
        *work,
        _seals(conn),
        *backup_state.lights(conn, now),
        clock(conn, now),
    ]


def _accounts(conn: Connection, now: datetime, tz: tzinfo) -> Iterator[Light]:
    for row in conn.execute(select(accounts).order_by(accounts.c.part, accounts.c.id)):
        # A part's id is that of its lane, `network:wall`; people know the account as `wall`.
        who = {"part": row.part, "account": row.id.removeprefix(f"{row.part}:")}
        if row.state == "ok":
            yield expiry(who, row.expires_at, now, tz) or Light(
                code="account_ok", state="ok", params={**who, "name": row.name}
            )
        elif row.state == "auth" and row.part == "room":
            yield Light(code="room_closed", state="red", params={**who, "reason": row.detail})
        elif row.state == "auth":
            yield Light(code="account_auth", state="red", params={**who, "reason": row.detail})
            yield from _held_up(conn, who)
        else:
            yield Light(code="account_failing", state="warn", params={**who, "reason": row.detail})


def _held_up(conn: Connection, who: dict[str, str]) -> Iterator[Light]:
    """The approved replies of a network that does not let us in."""
    if who["part"] != "network":
        return
    r = replies_table.c
    wanted = (r.account == who["account"], r.state == ReplyState.APPROVED)
    count = conn.execute(select(func.count()).select_from(replies_table).where(*wanted)).scalar_one()
    if count:
        yield Light(code="replies_wait", state="warn", params={**who, "count": count})


def expiry(who: Mapping[str, object], ends: datetime | None, now: datetime, tz: tzinfo) -> Light | None:
    """That a token ran out or soon will; None while there is time."""
    if ends is None or ends > now + SOON:
        return None
    day = ends.astimezone(tz).date().isoformat()
    if ends <= now:
        return Light(code="account_expired", state="warn", params={**who, "day": day})
    return Light(code="account_expiring", state="warn", params={**who, "day": day})


def _switches(conn: Connection) -> Iterator[Light]:
    on = active_switches(conn)
    if "paused" in on:
        yield Light(code="paused", state="warn", params={"reason": on["paused"]})
    if "crisis" in on:
        yield Light(code="crisis", state="warn", params={"reason": on["crisis"]})


def _dead(conn: Connection) -> Light:
    dead = conn.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "dead")).scalar_one()
    if not dead:
        return Light(code="dead_letters_none", state="ok")
    newest = select(outbox.c.problem).where(outbox.c.state == "dead").order_by(outbox.c.id.desc()).limit(1)
    params = {"count": dead, "reason": conn.execute(newest).scalar_one() or ""}
    return Light(code="dead_letters", state="red", params=params)


def _unknown(replies: _Waiting, now: datetime) -> Light:
    """A customer may wait for an answer that never came."""
    found = replies.get(LetterState.UNCERTAIN)
    if found is None:
        return Light(code="replies_known", state="ok")
    count, since = found
    waits = max(now - since, timedelta(0))
    params = {"count": count, "late": int(waits.total_seconds())}
    return Light(code="replies_unknown", state="red" if waits > TOO_LONG else "warn", params=params)


def _by_hand(replies: _Waiting) -> Iterator[Light]:
    refused = [replies[state][0] for state in (LetterState.HANDED_OFF, LetterState.REJECTED) if state in replies]
    if refused:
        yield Light(code="replies_by_hand", state="warn", params={"count": sum(refused)})


def _vanished(replies: _Waiting) -> Iterator[Light]:
    if LetterState.VANISHED in replies:
        yield Light(code="replies_vanished", state="warn", params={"count": replies[LetterState.VANISHED][0]})


def clock(conn: Connection, now: datetime) -> Light:
    """A clock that was set back would make the record's order doubtful."""
    newest = conn.execute(select(func.max(events.c.at)).where(events.c.seq > _LAST - NEWEST)).scalar_one()
    if newest is not None and newest > now + SKEW:
        return Light(code="clock_behind", state="red", params={"newest": newest.isoformat(timespec="seconds")})
    return Light(code="clock_ok", state="ok", params={"now": now.isoformat(timespec="seconds")})


def _late(conn: Connection, now: datetime) -> Light:
    """What a pause holds back is not late: the pause has a light of its own."""
    wanted = outbox.c.state == "ready"
    if "paused" in active_switches(conn):
        wanted &= outbox.c.type != "publish"
    # New cards come at the room's own pace, and have a light of their own.
    wanted &= ~TRICKLE
    oldest = conn.execute(select(func.min(outbox.c.due_at)).where(wanted)).scalar_one()
    late = max(now - oldest, timedelta(0)) if oldest is not None else timedelta(0)
    params: dict[str, object] = {"late": int(late.total_seconds())}
    if late <= LATE:
        return Light(code="orders_on_time", state="ok", params=params)
    return Light(code="orders_late", state="red" if late > VERY_LATE else "warn", params=params)


def _trickle(conn: Connection) -> Iterator[Light]:
    """The new cards that wait for rooms, where they are many."""
    waiting = conn.execute(select(func.count()).select_from(outbox).where(TRICKLE)).scalar_one()
    if waiting >= MANY:
        yield Light(code="cards_waiting", state="ok", params={"count": waiting})


def _seals(conn: Connection) -> Light:
    rows = unsealed(conn)
    if rows <= MANY_UNSEALED:
        return Light(code="seals_ok", state="ok", params={"rows": rows})
    return Light(code="seals_behind", state="warn", params={"rows": rows})
