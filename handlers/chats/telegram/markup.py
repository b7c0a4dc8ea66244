"""Pieces of messages in Telegram's HTML: whatever comes from outside is words, and nothing in it comes alive.

Telegram makes links of addresses, mentions of `@name` and commands of `/word` wherever they stand, except in code:
so that is how foreign words are shown. What a message measures is counted after the markup (UTF-16 units).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from bot.core.foreign import in_code, safe_url, visible
from bot.core.splitting import fold, split, utf16

MESSAGE, CAPTION, ALERT, TOPIC = 4096, 1024, 200, 128
"""The longest of each (core.telegram.org/bots/api)."""
Button = tuple[str, str]
"""What it says, and what comes back when it is pressed (1 to 64 bytes)."""
Rows = tuple[tuple[Button, ...], ...]
# A dot inside a word may make an address of it, one inside a number (12.300) only where three of them do.
_LIVE = re.compile(r"[@#$/+]\w|\w\.[^\W\d]|\d\.\d+\.\d+\.\d|\w@|://|\d{5}")
_TAGS = re.compile(r"<[^>]*>")


def escaped(text: str) -> str:
    """As HTML; what cannot be seen is written out."""
    return html.escape(visible(text), quote=False)


def words(text: str) -> str:
    """A sentence; in letters of one width where something in it would come alive."""
    return f"<code>{escaped(text)}</code>" if _LIVE.search(text) else escaped(text)


def block(text: str) -> str:
    """Somebody's words, as they are; one tap copies them."""
    return f"<pre>{escaped(text)}</pre>"


def bold(text: str) -> str:
    """A heading."""
    return f"<code>{escaped(text)}</code>" if _LIVE.search(text) else f"<b>{escaped(text)}</b>"


def link(url: str | None, said: str) -> str:
    """Words that lead somewhere; the bare words where the address is none for a link."""
    address = safe_url(url)
    return f'<a href="{html.escape(address)}">{escaped(said)}</a>' if address and len(address) < 2000 else words(said)


def call(user: str, name: str) -> str:
    """Calls somebody's attention."""
    return f'<a href="tg://user?id={int(user)}">{escaped(name)}</a>' if user.isdigit() else words(name)


def measure(text: str) -> int:
    """How long a message is."""
    return utf16(html.unescape(_TAGS.sub("", text)))


def short(text: str, limit: int) -> str:
    """On one line, with an ellipsis where something is left out."""
    line = " ".join(visible(text).split())
    return line if utf16(line) <= limit else fold(line, limit - 1)[0].rstrip() + "…"


def pages(lines: Sequence[str], limit: int = MESSAGE) -> list[str]:
    """Lines of HTML as messages; no line is longer than one."""
    made: list[str] = []
    for line in lines:
        joined = f"{made[-1]}\n{line}" if made else line
        if made and measure(joined) <= limit:
            made[-1] = joined
        else:
            made.append(line)
    return made


def sentences(text: str) -> list[str]:
    """Words of any length as messages."""
    return [words(piece) for piece in split(visible(text), MESSAGE - 96) if piece.strip()]


def spoken(text: str) -> list[str]:
    """Lines of an answer: what stands between backticks is for typing, and one tap copies it."""
    if utf16(text) > MESSAGE - 96:
        return sentences(text)
    return ["".join(f"<code>{escaped(piece)}</code>" if code else words(piece) for piece, code in in_code(text))]
