"""Long texts in pieces that a chat takes: nothing is lost, and no letter, emoji or accent is torn apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_GLUED = frozenset({"Mn", "Mc", "Me"})
_JOINER = "\u200d"
_AFTER = (range(0xFE00, 0xFE10), range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))
"""Variation selectors, skin tones and flag tags: they belong to what stands before them."""
_FLAG = range(0x1F1E6, 0x1F200)
_BREAKS = ("\n\n", "\n", " ")
_ENOUGH = 0.5
"""A piece ends at a paragraph, line or word as long as it is at least this full."""


def utf16(text: str) -> int:
    """The length that JavaScript, Slack and Telegram count: UTF-16 code units."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def split(text: str, limit: int, size: Callable[[str], int] = utf16) -> list[str]:
    """The text in pieces of at most `limit` each (at least 2); joined, they are the text again.

    Pieces end after a paragraph, a line or a word where one ends in their second half. `size` has to be additive.
    A run of marks longer than `limit` is cut where it must be.
    """
    pieces = []
    rest = text
    while rest:
        at = _cut(rest, limit, size)
        pieces.append(rest[:at])
        rest = rest[at:]
    return pieces


def fold(text: str, limit: int, size: Callable[[str], int] = utf16) -> tuple[str, int]:
    """The beginning, at most `limit` long, and how many characters are left out (0: it is all there)."""
    head = split(text[: limit + 1], limit, size)[0] if text else ""
    return head, len(text) - len(head)


def _cut(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Where the first piece ends."""
    most, length = 0, 0
    for char in text[: limit + 1]:
        length += size(char)
        if length > limit:
            break
        most += 1
    if most >= len(text):
        return len(text)
    for mark in _BREAKS:
        at = text.rfind(mark, int(most * _ENOUGH), most)
        if at >= 0:
            return at + len(mark)
    at = most
    while at > 1 and _glued(text, at):
        at -= 1
    return at if at > 1 or not _glued(text, at) else max(most, 1)


def _glued(text: str, at: int) -> bool:
    """Whether what stands at `at` belongs to what stands before it."""
    char, before = text[at], text[at - 1]
    if _JOINER in (char, before) or unicodedata.category(char) in _GLUED:
        return True
    if ord(char) in _FLAG and ord(before) in _FLAG:
        return True
    return any(ord(char) in marks for marks in _AFTER)
