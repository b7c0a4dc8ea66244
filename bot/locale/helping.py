"""What a card says about the model's help: that it is awaited, why it is missing, what it thinks of the comment."""

from __future__ import annotations

from bot.core.types import ReplyState
from bot.core.views import Card, RevisionView
from bot.locale import sentences as s
from bot.locale.catalogue import text
from bot.locale.explaining import label

_OPEN = frozenset({None, ReplyState.DRAFTING, ReplyState.PROPOSED, ReplyState.WITHDRAWN, ReplyState.REJECTED})


def helped(locale: str, card: Card) -> str:
    """What has become of asking the model, as one line; empty where there is nothing to say (any more)."""
    assist, reply = card.assist, card.reply
    if assist is None or card.line.reply_state not in _OPEN:
        return ""
    newest = reply.latest if reply is not None and reply.state is ReplyState.PROPOSED else None
    if assist.state == "asked":
        return text(locale, s.HELP["asked" if newest is not None else "asked_first"])
    if assist.state == "dropped":
        return text(locale, s.HELP["dropped"])
    why = s.NO_HELP.get(assist.because, s.NO_HELP["failed"])
    said = text(locale, why, **({"seconds": assist.seconds} if "{seconds}" in why else {}))
    return f"{said} {text(locale, s.HELP[_instead(newest)])}"


def _instead(newest: RevisionView | None) -> str:
    """What stands there in its place."""
    if newest is None:
        return "nothing"
    return "kept" if newest.author is not None or newest.source.startswith("model:") else "built_in"


def opinion(locale: str, card: Card) -> str:
    """What the model takes the comment for, where it is of another opinion than the rules; else empty."""
    found = card.opinion
    if found is None:
        return ""
    kind, severity = label(locale, found.kind), label(locale, found.severity)
    return text(locale, s.HELP["opinion"], kind=kind, severity=severity)


def noted(locale: str, revision: RevisionView) -> str:
    """What people should know about how a wording was made; empty where there is nothing."""
    needs = revision.made is not None and revision.made.note == "needs_human"
    return text(locale, s.HELP["needs_human"]) if needs else ""
