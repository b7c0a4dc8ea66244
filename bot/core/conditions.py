"""Conditions on tickets that routes and targets share: where a ticket came from, what it is, who wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.types import AuthorFlag, Kind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What has to hold of a ticket. A condition that is None always holds.

    `network` is a network's type (`mastodon`), `account` the id of one configured network, `min_severity` holds for
    that severity and everything above it, `flag` for comments of people who bear it.
    """

    network: str | None = None
    account: str | None = None
    kind: Kind | None = None
    min_severity: Severity | None = None
    flag: AuthorFlag | None = None

    def fits(self, *, account: str, network_type: str, kind: Kind, severity: Severity, flag: AuthorFlag | None) -> bool:
        """Whether every condition holds."""
        return (
            self.network in (None, network_type)
            and self.account in (None, account)
            and self.kind in (None, kind)
            and (self.min_severity is None or severity.rank >= self.min_severity.rank)
            and self.flag in (None, flag)
        )
