"""Which rooms show a ticket.

Without routes every room shows everything. With routes the first one whose conditions all hold names the rooms,
and what no route wants goes to the first room of the configuration, so that no comment is ever shown nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.conditions import Conditions
from bot.core.types import AuthorFlag, Kind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Conditions):
    """Shows tickets that fit, and are in `language` where one is wanted, in `room` and in the rooms of `also`.

    A ticket whose language is not certain is in none.
    """

    room: str
    language: str | None = None
    also: tuple[str, ...] = ()


def rooms_for(
    routes: Sequence[Route],
    rooms: Sequence[str],
    *,
    account: str,
    network_type: str,
    kind: Kind,
    severity: Severity,
    language: str | None,
    flag: AuthorFlag | None = None,
) -> tuple[str, ...]:
    """The ids of the rooms that show a ticket, in the order of the configuration.

    Args:
        routes: in the order in which they are tried; one that names a room not in `rooms` is passed over.
        rooms: ids of the rooms there are.
        account: id of the configured network that the comment came from.
        network_type: its type.
        kind: what triage, or a person, says the comment is.
        severity: how much is at stake.
        language: the comment's language; None when it is not certain.
        flag: what the team says of who wrote it.

    Returns:
        Every room without routes, those of one route with them, none when there are no rooms.
    """
    if not routes:
        return tuple(rooms)
    for route in routes:
        if route.room not in rooms or route.language not in (None, language):
            continue
        if route.fits(account=account, network_type=network_type, kind=kind, severity=severity, flag=flag):
            return (route.room, *(room for room in rooms if room in route.also and room != route.room))
    return tuple(rooms[:1])
