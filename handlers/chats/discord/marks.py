"""Discord's markdown and embeds in pieces that Discord takes, whatever they are given.

Limits (discord.com/developers/docs/resources/message): 4,096 characters in an embed's description, 6,000 in all embeds
of a message, 80 on a button, 100 in an option. Lengths are counted as UTF-16 units, which are never fewer than
characters. Foreign text stands in embeds, where nobody is called and nothing is looked up, every sign of markdown
escaped: a backslash before punctuation makes it a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.core.foreign import in_code, safe_url, visible
from bot.core.splitting import fold, split, utf16
from handlers.columns import columns

Part = dict[str, Any]
"""An embed or a component, as Discord's API has it."""

DESCRIPTION = 3900
FIRST, SECOND = 2700, 2900
"""Characters of a card's two embeds: 6,000 with their footers."""
BUTTON = 80
OPTION = 100
TITLE = 45
URL = 700
LISTED = 130
_SIGNS = re.compile(r"[\\*_~`|>#\[\]()<@]")
_ADDRESS = re.compile(r":(?=/)")
_BULLET = re.compile(r"(?m)^(\s*)([-+])")
_NUMBER = re.compile(r"(?m)^(\s*\d+)\.")
_DOUBLED = frozenset("\\*_~`|>#[]()<@:-+.")
_NOTHING = "–"


def escape(text: str) -> str:
    """Text in which nothing is markdown, a mention, an emoji's name or a link."""
    text = _ADDRESS.sub(r"\:", _SIGNS.sub(r"\\\g<0>", text))
    return _NUMBER.sub(r"\1\.", _BULLET.sub(r"\1\\\2", text))


def size(text: str) -> int:
    """How long a text becomes at most when it is escaped."""
    return utf16(text) + sum(char in _DOUBLED for char in text)


def short(text: str, limit: int) -> str:
    """At most `limit` long, on one line, with an ellipsis where something is left out; not escaped."""
    line = " ".join(text[: limit * 4].split())
    head, left = fold(line, limit)
    whole = not left and len(text) <= limit * 4
    return head if whole else f"{fold(line, limit - 1)[0].rstrip()}…"


def plain(text: str, limit: int) -> str:
    """For a field in which nothing is markdown: labels, options, titles of forms, names of threads."""
    return short(visible(text), limit) or _NOTHING


def line(text: str, limit: int = 300) -> str:
    """One line with foreign values in it, for where markdown is read."""
    return escape(short(visible(text), limit))


def small(parts: Iterable[str]) -> list[str]:
    """Small print; each part is markdown already."""
    said = " · ".join(part for part in parts if part)
    return [f"-# {said}"] if said else []


def quote(text: str) -> str:
    """Somebody else's words, set apart; the caller folds them."""
    return "\n".join(f"> {escape(one)}" for one in visible(text).split("\n"))


def folded(text: str, limit: int) -> tuple[str, int]:
    """The beginning that is at most `limit` long when it is quoted, and how many characters are left out."""
    return fold(visible(text), limit, lambda char: size(char) + 2 * (char == "\n"))


def pieces(text: str, limit: int = DESCRIPTION) -> list[str]:
    """A whole text, escaped, in as many pieces as it needs."""
    return [escape(piece) for piece in split(visible(text), limit, size)]


def words(text: str, limit: int = DESCRIPTION) -> list[str]:
    """Sentences of ours with foreign values in them; what stands between backticks is shown as something to type."""
    return ["".join(map(_said, in_code(piece))) for piece in split(visible(text), limit, size)]


def _said(part: tuple[str, bool]) -> str:
    words, code = part
    return f"`{words}`" if code else escape(words)


def link(url: str | None, label: str) -> str:
    """A link to the web, or nothing where the address is none that anybody should be sent to."""
    address = safe_url(url)
    if address is None or len(address) > URL or any(char in address for char in "()<>"):
        return ""
    return f"[{line(label, LISTED) or _NOTHING}](<{address}>)"


def listed(rows: Iterable[tuple[str, str | None]], limit: int = 1500) -> list[str]:
    """Lines of (what it is, where it leads); a link that should not be followed, or has no room, is words alone."""
    made: list[str] = []
    for label, url in rows:
        whole = link(url, label)
        fits = whole and sum(map(len, made)) + len(whole) < limit
        made.append(f"- {whole if fits else line(label, 60) or _NOTHING}")
    return made


def moment(at: datetime, before: str = "") -> str:
    """A time that everybody sees in their own zone."""
    return f"{before} <t:{int(at.timestamp())}:f>".strip()


def table(rows: Sequence[Sequence[str]], limit: int = 1800) -> str:
    """Columns in step; a backtick would end them."""
    shown = columns([[cell.replace("`", "'") for cell in row] for row in rows], limit)
    return f"```\n{shown}\n```" if shown else ""


def packed(lines: Iterable[str], limit: int = DESCRIPTION) -> Iterator[str]:
    """Lines of markdown joined into texts of at most `limit`; no line is longer."""
    held: list[str] = []
    length = 0
    for one in lines:
        long = utf16(one) + 1
        if held and length + long > limit:
            yield "\n".join(held)
            held, length = [], 0
        held.append(one)
        length += long
    if held:
        yield "\n".join(held)


def fit(lines: Iterable[str], limit: int) -> str:
    """Lines of markdown as one text of at most `limit`; where some have no room, an ellipsis says so."""
    made: list[str] = []
    for one in filter(None, lines):
        if utf16("\n".join([*made, one])) > limit - 2:
            return "\n".join([*made, "…"])
        made.append(one)
    return "\n".join(made)


def embed(description: str, *, footer: str = "", image: str | None = None) -> Part:
    """An embed; the footer is plain text everywhere."""
    made: Part = {"type": "rich", "description": description or _NOTHING}
    if footer:
        made["footer"] = {"text": footer}
    if image:
        made["image"] = {"url": image}
    return made


def button(label: str, custom_id: str, *, style: int = 2) -> Part:
    """A button that stays: 1 is primary, 2 secondary, 4 danger."""
    return {"type": 2, "style": style, "label": plain(label, BUTTON), "custom_id": custom_id}


def select(placeholder: str, custom_id: str, options: Sequence[tuple[str, str]]) -> Part:
    """A menu of (label, value), one of which can be chosen."""
    made = [{"label": plain(label, OPTION), "value": value} for label, value in options[:25]]
    return {"type": 3, "custom_id": custom_id, "placeholder": plain(placeholder, OPTION), "options": made}
