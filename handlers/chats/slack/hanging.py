"""What hangs on a comment, in Slack: each thing with its link, and the first pictures that Slack itself can fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.attachments import is_public_https
from bot.core.types import AttachmentKind
from bot.locale import attachment, more_attachments
from handlers.chats.slack import blocks as b

if TYPE_CHECKING:
    from bot.core.views import ConversationEntry, TicketLine

PICTURES = 3
"""Pictures shown in a message; the links of all of them stand above."""


def links(shown: ConversationEntry | TicketLine, locale: str) -> list[b.Block]:
    """A line for each; no block where nothing hangs on the comment."""
    rows: list[tuple[str, str | None]] = [(attachment(locale, one), one.url) for one in shown.attachments]
    if shown.more_attachments:
        rows.append((more_attachments(locale, shown.more_attachments), None))
    return b.listed(rows)


def attachments(shown: ConversationEntry | TicketLine, locale: str) -> list[b.Block]:
    """The same with pictures below; the messages that have them must not depend on Slack's finding them."""
    images = [one for one in shown.attachments if one.kind is AttachmentKind.IMAGE and not one.sensitive]
    pictures = [one for one in images if is_public_https(one.url)][:PICTURES]
    return [*links(shown, locale), *(b.image(one.url, one.alt or one.name) for one in pictures)]
