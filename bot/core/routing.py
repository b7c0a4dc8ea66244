"""Which rooms show a ticket.

Without routes every room shows everything. With routes the first one whose conditions all hold names the rooms,
and what no route wants goes to the first room of the configuration, so that no comment is ever shown nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.types import AuthorFlag, Kind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Shows matching tickets in `room`, and in the rooms of `also`. A condition that is None always holds.

    `network` is a network's type (`mastodon`), `account` the id of one configured network,
    `min_severity` holds for that severity and everything above it.
    """

    room: str
    network: str | None = None
    account: str | None = None
    kind: Kind | None = None
    min_severity: Severity | None = None
    language: str | None = None
    also: tuple[str, ...] = ()
    flag: AuthorFlag | None = None

    def wants(
        self,
        *,
        account: str,
        network_type: str,
        kind: Kind,
        severity: Severity,
        language: str | None,
        flag: AuthorFlag | None = None,
    ) -> bool:
        """Whether every condition of this route holds. An unknown language matches no language condition."""
        return (
            self.network in (None, network_type)
            and self.account in (None, account)
            and self.kind in (None, kind)
            and (self.min_severity is None or severity.rank >= self.min_severity.rank)
            and self.language in (None, language)
            and self.flag in (None, flag)
        )


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
        if route.room in rooms and route.wants(
            account=account,
            network_type=network_type,
            kind=kind,
            severity=severity,
            language=language,
            flag=flag,
        ):
            return (route.room, *(room for room in rooms if room in route.also and room != route.room))
    return tuple(rooms[:1])
