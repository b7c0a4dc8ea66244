"""What is offered in Telegram: which verbs have buttons, which ask for words, which emoji mean what."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.types import Kind, Severity

FIRST = ("claim", "reply", "close", "snooze")
MORE = (
    "edit",
    "redraft",
    "refuse",
    "undo",
    "settle",
    "wait",
    "escalate",
    "assign",
    "reopen",
    "kind",
    "severity",
    "note",
    "author",
)
"""What the button for more unfolds on a card."""
ASKS = frozenset({"edit", "reply", "note"})
"""Verbs that want words: a question that is answered asks for them."""
CHOICES: Mapping[str, tuple[str | Kind | Severity, ...]] = {
    "kind": tuple(Kind),
    "severity": tuple(Severity),
    "settle": ("posted", "absent"),
}
"""Verbs that want a choice: buttons take the place of the others."""
REACTIONS: Mapping[str, str] = {
    "👌": "approve",
    "✍": "edit",
    "🤔": "redraft",
    "👀": "claim",
    "⚡": "escalate",
    "🙈": "close",
    "😴": "snooze",
    "🙊": "undo",
}
"""Telegram lets people react with a choice of its own only; 👍 is left to people's talk."""
