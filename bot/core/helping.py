"""What a ticket's log says about the model's help: whether it is awaited, why it is missing, what it thinks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Fact
from bot.core.types import Kind, Severity
from bot.core.views import Assist, LogLine, Opinion

_OVER = frozenset(
    {
        Fact.REPLY_PROPOSED,
        Fact.REPLY_REVISED,
        Fact.REPLY_APPROVED,
        Fact.REPLY_WITHDRAWN,
        Fact.REPLY_PUBLISHED,
        Fact.TICKET_CLOSED,
    }
)
"""After these nobody waits for a draft, and nobody asks any more why there was none."""
_NEWS = frozenset({Fact.ITEM_ARRIVED, Fact.ITEM_EDITED})
_CORRECTED = frozenset({Fact.KIND_SET, Fact.SEVERITY_SET})


def assist(log: Sequence[LogLine]) -> Assist | None:
    """What has become of the last ask; None where nothing was asked, or where it is over. `log` is oldest first."""
    for line in reversed(log):
        if line.type in _OVER:
            return None
        if line.type == Fact.DRAFT_ASKED:
            return Assist(state="asked")
        if line.type == Fact.DRAFT_DROPPED:
            return Assist(state="dropped")
        if line.type == Fact.DRAFT_MISSED:
            seconds = line.data.get("seconds")
            because = str(line.data.get("because", ""))
            return Assist(state="missed", because=because, seconds=seconds if isinstance(seconds, int) else 0)
    return None


def opinion(log: Sequence[LogLine]) -> Opinion | None:
    """What the model takes the newest comment for, where it differs from the rules and no person has decided since."""
    for line in reversed(log):
        if line.type in _NEWS or (line.type in _CORRECTED and line.actor is not None):
            return None
        if line.type == Fact.SECOND_OPINION:
            return Opinion(kind=Kind(str(line.data["kind"])), severity=Severity(str(line.data["severity"])))
    return None
