"""What hangs on a comment, in words: for chats, for the command line, and for lists where it stands for the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.attachments import has_any, host
from bot.core.foreign import visible
from bot.locale.catalogue import ntext, text
from bot.locale.explaining import label
from bot.locale.folding import folded
from bot.locale.showing import EMOJI

if TYPE_CHECKING:
    from bot.core.types import Attachment
    from bot.core.views import ConversationEntry, TicketLine

_NAMED = 300
"""Characters of a description; all of it stands on the desk, where the link is."""


def attachment(locale: str, one: Attachment) -> str:
    """An attachment in one line, harmless to look at: its kind, what its author calls it, where it leads."""
    called = visible(one.alt or one.name)
    short = called if len(called) <= _NAMED else f"{called[: _NAMED - 1]}…"
    kind = f"{EMOJI[one.kind]} {label(locale, one.kind)}"
    words = [text(locale, "{what} (sensitive)", what=kind) if one.sensitive else kind, *([short] if short else [])]
    return f"{': '.join(words)} · {host(one.url)}"


def more_attachments(locale: str, n: int) -> str:
    """What there was beyond those that are kept."""
    return ntext(locale, "and {n} more that is not kept", "and {n} more that are not kept", n)


def in_short(locale: str, shown: ConversationEntry | TicketLine) -> str:
    """A comment's text; where it has none, the first of what hangs on it; before the newest of many, how many."""
    many = getattr(shown, "folded", 0)
    if many:
        return f"{folded(locale, many)} · {' '.join(shown.text[:_NAMED].split())}"
    if shown.text.strip() or not has_any(shown):
        return shown.text
    first = [attachment(locale, one) for one in shown.attachments[:1]]
    return first[0] if first else more_attachments(locale, shown.more_attachments)
