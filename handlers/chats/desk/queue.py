"""What of the queue a page shows: a view, perhaps narrowed to a severity or an account, as its address says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.core.inbox import Narrow, Seen
from bot.core.types import Severity, TicketStatus

LIMIT = 60
"""Lines of a list; more are found by narrowing or searching."""
_OPEN = (TicketStatus.OPEN, TicketStatus.WAITING)
VIEWS: Mapping[str, tuple[TicketStatus, ...]] = {
    "open": _OPEN,
    "mine": _OPEN,
    "unread": _OPEN,
    "waiting": (TicketStatus.WAITING,),
    "overdue": _OPEN,
    "snoozed": (TicketStatus.SNOOZED,),
    "closed": (TicketStatus.CLOSED,),
}
"""Which tickets each of `words.VIEWS` is about."""
_ACCOUNT = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody chose to see. Whatever an address says that is no choice is not one."""

    view: str = "open"
    severity: str = ""
    account: str = ""

    @property
    def statuses(self) -> tuple[TicketStatus, ...]:
        """Tickets that stand so."""
        return VIEWS[self.view]

    @property
    def severity_value(self) -> Severity | None:
        """The severity that was chosen."""
        return Severity(self.severity) if self.severity else None

    @property
    def narrowed(self) -> bool:
        """Whether something of the view is left out."""
        return bool(self.severity or self.account)

    def narrow(self, seen: Seen) -> Narrow:
        """The same for the Reader; `seen` is what the person has read."""
        return Narrow(
            account=self.account or None,
            severity=self.severity_value,
            overdue=self.view == "overdue",
            seen=seen if self.view == "unread" else None,
        )

    @property
    def query(self) -> str:
        """What an address ends with to show the same: empty for the whole inbox."""
        chosen = {"view": "" if self.view == "open" else self.view, "severity": self.severity, "account": self.account}
        given = {name: value for name, value in chosen.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def only(self, view: str) -> Choice:
        """Another view, whole."""
        return Choice(view=view)

    def toggled(self, **chosen: str) -> Choice:
        """The same with this severity or account, or without it where it was chosen already."""
        return replace(self, **{name: "" if getattr(self, name) == value else value for name, value in chosen.items()})


def choice_of(query: Mapping[str, str]) -> Choice:
    """The choice in an address."""
    view, severity, account = (query.get(name, "") for name in ("view", "severity", "account"))
    return Choice(
        view=view if view in VIEWS else "open",
        severity=severity if severity in set(Severity) else "",
        account=account if _ACCOUNT.fullmatch(account) else "",
    )
