"""Named points on a comment's way, for tests that end the process there. In the product they do nothing."""

from __future__ import annotations

from collections.abc import Callable

POINTS = (
    "intake.before_commit",
    "intake.after_commit",
    "submit.before_commit",
    "submit.after_commit",
    "publish.before_intent",
    "publish.after_intent",
    "publish.after_call",
    "publish.after_commit",
    "card.after_intent",
    "card.after_call",
    "card.after_commit",
)

_visitor: Callable[[str], None] | None = None


def visit_with(visitor: Callable[[str], None] | None) -> None:
    """Let a test see every point that is passed."""
    global _visitor  # noqa: PLW0603 (one switch for the whole process is the point)
    _visitor = visitor


def passed(point: str) -> None:
    """The process is at this point now."""
    if _visitor is not None:
        _visitor(point)
