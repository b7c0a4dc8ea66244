"""Foreign JSON, read carefully: whatever the other side sends, a value of the wanted kind or nothing comes out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.core.fromhtml import one_line

Json = dict[str, Any]


class Unreadable(ValueError):
    """Not what the lexicons document."""


def at(payload: Any, *path: str) -> Json:
    """The object that stands there; an empty one where there is none."""
    for key in path:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload if isinstance(payload, dict) else {}


def objects(payload: Any, key: str) -> list[Json]:
    """The objects of a list; none where there is no list."""
    found = payload.get(key) if isinstance(payload, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words(payload: Json, key: str) -> str:
    """A string in one line; empty where there is none."""
    value = payload.get(key)
    return one_line(value) if isinstance(value, str) else ""


def raw(payload: Json, key: str) -> str:
    """A string as it is; empty where there is none."""
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def moment(payload: Json, key: str) -> datetime | None:
    """A time, in UTC; None where there is none that can be read."""
    try:
        found = datetime.fromisoformat(raw(payload, key))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
