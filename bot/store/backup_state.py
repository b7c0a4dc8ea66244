"""How the backups that the bot makes by itself are doing: one value in the drawer, and the light that it makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.types import Light
from bot.store import keep

if TYPE_CHECKING:
    from sqlalchemy import Connection

_OWNER, _KEY = "engine:backups", "state"
GRACE = timedelta(hours=1)
"""How late a backup may be before it counts as missing: large databases take their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """`since` is when the bot began to look after backups, `made_at` when the newest good one was made.

    `problem` is why the last attempt failed, None when it did not.
    """

    since: datetime
    due: datetime
    made_at: datetime | None = None
    problem: str | None = None

    @property
    def last(self) -> datetime:
        """What the next one is counted from."""
        return self.made_at or self.since


def get(conn: Connection, now: datetime) -> BackupState | None:
    """What is known; None where the bot makes none."""
    found = keep.get(conn, _OWNER, _KEY, now)
    if found is None:
        return None
    value = json.loads(found)
    return BackupState(
        since=datetime.fromisoformat(value["since"]),
        due=datetime.fromisoformat(value["due"]),
        made_at=datetime.fromisoformat(value["made_at"]) if value["made_at"] else None,
        problem=value["problem"],
    )


def put(conn: Connection, state: BackupState, now: datetime) -> None:
    """Write it down."""
    value = {
        "since": state.since.isoformat(),
        "due": state.due.isoformat(),
        "made_at": state.made_at.isoformat() if state.made_at else None,
        "problem": state.problem,
    }
    keep.put(conn, _OWNER, _KEY, json.dumps(value), now)


def forget(conn: Connection, now: datetime) -> None:
    """From now on the bot makes none."""
    keep.take(conn, _OWNER, _KEY, now)


def lights(conn: Connection, now: datetime) -> list[Light]:
    """One light, or none where the bot makes no backups."""
    state = get(conn, now)
    if state is None:
        return []
    late = now > state.due + GRACE
    made = _minute(state.made_at) if state.made_at else "-"
    if state.problem is not None:
        params: dict[str, object] = {"made": made, "reason": state.problem}
        return [Light(code="backup_failed", state="red" if late else "warn", params=params)]
    if late:
        return [Light(code="backup_overdue", state="red", params={"made": made, "due": _minute(state.due)})]
    if state.made_at is None:
        return [Light(code="backup_first", state="ok", params={"due": _minute(state.due)})]
    return [Light(code="backup_ok", state="ok", params={"made": made})]


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
