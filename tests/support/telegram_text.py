"""What Telegram makes of a message's text: HTML becomes words with entities, and what looks alive becomes one too."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from bot.core.splitting import utf16

_TAGS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough"}
_TAGS |= {"code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link"}
_ALIVE = {
    "email": r"[\w.+-]+@[\w-]+\.\w{2,}",
    "mention": r"(?<![\w@])@\w{3,32}",
    "hashtag": r"(?<![\w#])#\w*[^\W\d]\w*",
    "cashtag": r"(?<!\w)\$[A-Z]{3,8}\b",
    "bot_command": r"(?<![\w/<])/[A-Za-z]\w{0,31}(?:@\w+)?",
    "url": r"(?:[a-z]{2,10}://[^\s<>]+|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|example|es|io|me)\b[^\s<>]*)",
    "phone_number": r"\+\d[\d ()-]{7,}\d",
}
_OPAQUE = frozenset({"pre", "code", "text_link", "text_mention"})


_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")


def as_sent(text: str) -> str:
    """What becomes of a text on its way: no control characters, no white space around it."""
    return _NEVER.sub("", text).strip()


class BadMarkup(ValueError):
    """What Telegram says about HTML that it does not take."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {len(self.text.encode())}')
        made: dict[str, Any] = {"type": _TAGS[tag], "offset": utf16(self.text)}
        href = dict(attrs).get("href") or ""
        if href.startswith("tg://user?id="):
            made |= {"type": "text_mention", "user": {"id": int(href[13:]), "is_bot": False, "first_name": "?"}}
        elif tag == "a":
            made["url"] = href
        self._open.append((tag, made))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadMarkup(f'Unmatched end tag at byte offset {len(self.text.encode())}, found "</{tag}>"')
        _, made = self._open.pop()
        made["length"] = utf16(self.text) - made["offset"]
        if made["length"]:
            self.entities.append(made)

    def handle_data(self, data: str) -> None:
        self.text += data

    def whole(self) -> tuple[str, list[dict[str, Any]]]:
        self.close()
        if self._open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        return self.text, self.entities


def read(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """The words and their entities, those that Telegram finds by itself included. Raises BadMarkup."""
    if parse_mode not in (None, "", "HTML"):
        raise BadMarkup(f"unsupported parse_mode {parse_mode}")
    plain, given = text, list[dict[str, Any]]()
    if parse_mode == "HTML":
        reader = _Reader()
        reader.feed(text)
        plain, given = reader.whole()
    plain = _NEVER.sub("", plain).replace("\t", " ")
    stripped = plain.strip()
    moved = utf16(plain[: len(plain) - len(plain.lstrip())])
    for one in given:
        one["offset"] = max(0, one["offset"] - moved)
    return stripped, [*given, *alive(stripped, given)]


def alive(text: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Links, mentions, commands and the like outside what is code or a link already."""
    made: list[dict[str, Any]] = []
    for kind, shape in _ALIVE.items():
        for found in re.finditer(shape, text):
            offset, length = utf16(text[: found.start()]), utf16(found[0])
            inside = [*(one for one in given if one["type"] in _OPAQUE), *made]
            if not any(one["offset"] < offset + length and offset < one["offset"] + one["length"] for one in inside):
                made.append({"type": kind, "offset": offset, "length": length})
    return made


def piece(text: str, entity: dict[str, Any]) -> str:
    """The words that an entity is about."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le", "replace")
