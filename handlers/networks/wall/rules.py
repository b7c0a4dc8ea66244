"""What may stand on the wall: lengths, and what becomes of characters that cannot be shown.

Visitors' words are never refused for an odd character: a control character (except tab and line feed) or half a
surrogate pair becomes U+FFFD, and every kind of line end becomes a line feed. Everything else, bidirectional marks
and zero-width joiners included, is kept as it came and isolated when it is shown. The brand's words are not changed
at all: a person approved exactly them, so what cannot stand here is refused.
"""

from __future__ import annotations

import re
import unicodedata

AUTHOR_LIMIT = 80
TEXT_LIMIT = 5_000
BODY_LIMIT = 64 * 1024

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|\u2028|\u2029")
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn"})
_SPACES = re.compile(r"[\t\n ]+")


class Unacceptable(Exception):
    """Something cannot stand on the wall. `code` is stable; `detail` says it in a sentence."""

    def __init__(self, code: str, detail: str, **params: object) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.params = params


def clean(text: str) -> str:
    """A visitor's text with line feeds as the only line ends and nothing unprintable."""
    return _UNPRINTABLE.sub("\ufffd", _LINE_END.sub("\n", text))


def visitor_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text as it will stand. Raises Unacceptable when there is nothing to read in it, or too much."""
    cleaned = clean(text)
    if not _legible(cleaned):
        raise Unacceptable("empty_text", "Write something: the text is empty.")
    if len(cleaned) > limit:
        detail = f"The text has {len(cleaned)} characters; {limit} is the most."
        raise Unacceptable("text_too_long", detail, limit=limit, length=len(cleaned))
    return cleaned


def visitor_name(name: str) -> str:
    """The name on one line. Raises Unacceptable when it is empty or too long."""
    line = _SPACES.sub(" ", clean(name)).strip()
    if not _legible(line):
        raise Unacceptable("empty_author", "Say who you are: the name is empty.")
    if len(line) > AUTHOR_LIMIT:
        detail = f"The name has {len(line)} characters; {AUTHOR_LIMIT} is the most."
        raise Unacceptable("author_too_long", detail, limit=AUTHOR_LIMIT, length=len(line))
    return line


def brand_text(text: str, limit: int) -> str:
    """The same text, unchanged. Raises Unacceptable when it cannot stand here exactly as it is."""
    if not _legible(text):
        raise Unacceptable("empty_text", "The reply is empty.")
    if len(text) > limit:
        detail = f"The reply has {len(text)} characters; {limit} is the most."
        raise Unacceptable("text_too_long", detail, limit=limit, length=len(text))
    if odd := _UNPRINTABLE.search(text.replace("\r\n", "\n")):
        detail = f"The reply contains a character that cannot be shown: U+{ord(odd.group()):04X}."
        raise Unacceptable("unprintable", detail)
    return text


def _legible(text: str) -> bool:
    """Whether there is at least one character to see: not only spaces, marks of direction, joiners."""
    return any(character == "\ufffd" or unicodedata.category(character) not in _UNSEEN for character in text)
