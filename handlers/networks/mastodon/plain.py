"""A status in words: the text that people read, with its warning and its poll."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.core.fromhtml import one_line, plain


def without_address(text: str, names: Iterable[str]) -> str:
    """The text without the `@name` at its beginning that only says to whom it goes; a text of nothing else stays."""
    for name in names:
        found = re.match(rf"@{re.escape(name)}(@[\w.-]*\w)?(?=\s|$)\s*", text, re.IGNORECASE)
        if found and text[found.end() :]:
            return text[found.end() :]
    return text


def in_words(status: dict[str, Any], names: Iterable[str]) -> str:
    """All that a status says: content warning, text, poll."""
    parts = [
        f"CW: {warning}" if (warning := one_line(_text(status, "spoiler_text"))) else "",
        without_address(plain(_text(status, "content")), names),
        *_poll(status.get("poll")),
    ]
    return "\n\n".join(part for part in parts if part)


def _poll(poll: Any) -> list[str]:
    options = poll.get("options") if isinstance(poll, dict) else None
    titles = [one_line(_text(o, "title")) for o in options if isinstance(o, dict)] if isinstance(options, list) else []
    return [f"[poll: {' / '.join(titles)}]"] if titles else []


def _text(payload: dict[str, Any], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""
