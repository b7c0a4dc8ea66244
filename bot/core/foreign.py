"""Foreign text made harmless to look at: what cannot be seen is shown, nothing is dropped.

The pieces that come out are plain strings for an autoescaping template; no markup is made here. What a reader could
not see, or what would turn the text around (controls, bidirectional marks, zero-width and tag characters, lone
surrogates, long stacks of accents), becomes a visible code such as `⟨U+202E⟩`. Joiners inside emoji and in the
scripts that need them stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

_JOINERS = frozenset("\u200c\u200d")
_JOINABLE = frozenset({"So", "Sk", "Mn", "Mc", "Lo"})
_INVISIBLE = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2028\u2029\u2800\u3164\uffa0"
)
_NEVER_VISIBLE = (range(0x2065, 0x2066), range(0xFDD0, 0xFDF0), range(0xFFF0, 0xFFF9), range(0xE0000, 0xE1000))
_PLAIN = re.compile(r"[\n\t -~¡-¬®-ʯ\u2010-\u2027€]*")
"""What is seen as it is, whatever stands beside it: Latin letters, and the dashes, quotes and dots of print."""
_ADDRESS = re.compile(r"(?i:https?)://(?:[^/?#]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#:@\[\]]+)(?::[0-9]*)?(?:[/?#].*)?")
_CODE = re.compile(r"`([^`\n]+)`")
_MARKS = frozenset({"Mn", "Me"})
_STACK = 4
"""How many accents on one letter are writing; more are a drawing over its neighbours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `odd` stands for what could not be seen, `marked` for what a check is about."""

    text: str
    odd: bool = False
    marked: bool = False


def pieces(text: str, marks: Sequence[str] = ()) -> list[Piece]:
    """The text cut where its look changes; concatenated, all of it is there."""
    if not any(marks) and _PLAIN.fullmatch(text):
        return [Piece(text)] if text else []
    flags = zip(_shown(text), _inside(text, marks), strict=True)
    return [
        Piece(_codes(group) if odd else "".join(shown for (shown, _), _ in group), odd=odd, marked=marked)
        for (odd, marked), run in groupby(flags, key=lambda flag: (flag[0][1], flag[1]))
        for group in [list(run)]
    ]


def visible(text: str) -> str:
    """The same as one string, for titles, attributes and announcements."""
    return "".join(piece.text for piece in pieces(text))


def preview(text: str, limit: int = 160) -> list[Piece]:
    """The beginning, on one line, with an ellipsis where something is left out."""
    line = " ".join(text[: limit * 4].split())
    short = line if len(line) <= limit and len(text) <= limit * 4 else f"{line[:limit].rstrip()}…"
    return pieces(short)


def in_code(text: str) -> list[tuple[str, bool]]:
    """The text cut at its `backticks`: (piece, whether it stood between two). A lone backtick stays where it is."""
    return [(piece, at % 2 == 1) for at, piece in enumerate(_CODE.split(text)) if piece]


def editable(text: str) -> str:
    """The text for a text field: what no field can hold becomes U+FFFD, so that it is seen and not lost."""
    return "".join("\ufffd" if char == "\0" or unicodedata.category(char) == "Cs" else char for char in text)


def safe_url(url: str | None) -> str | None:
    """The address if a browser may be sent there (http or https, printable, a host), else None."""
    if not url or any(_odd_alone(char) or char.isspace() for char in url):
        return None
    return url if _ADDRESS.fullmatch(url) else None


def _shown(text: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it must be replaced by its code."""
    stack = 0
    for at, char in enumerate(text):
        stack = stack + 1 if unicodedata.category(char) in _MARKS else 0
        odd = stack > _STACK or (_odd_alone(char) and not (char in _JOINERS and _joins(text, at)))
        yield char, odd


def _odd_alone(char: str) -> bool:
    if char in "\n\t":
        return False
    category = unicodedata.category(char)
    if category == "Cn":  # not assigned when this Python was made: perhaps a new emoji, perhaps never visible
        return ord(char) & 0xFFFE == 0xFFFE or any(ord(char) in ignorable for ignorable in _NEVER_VISIBLE)
    return char in _INVISIBLE or category in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _joins(text: str, at: int) -> bool:
    if not 0 < at < len(text) - 1:
        return False
    return all(unicodedata.category(text[beside]) in _JOINABLE for beside in (at - 1, at + 1))


def _inside(text: str, marks: Sequence[str]) -> list[bool]:
    """For each character, whether it belongs to one of the marked passages."""
    inside = [False] * len(text)
    for mark in filter(None, marks):
        start = text.find(mark)
        while start >= 0:
            inside[start : start + len(mark)] = [True] * len(mark)
            start = text.find(mark, start + len(mark))
    return inside


def _codes(group: Iterable[tuple[tuple[str, bool], bool]]) -> str:
    """`⟨U+200B×3 U+202E⟩`: runs are counted, so that a flood of them stays short."""
    named = []
    for char, run in groupby(shown for (shown, _), _ in group):
        count = len(list(run))
        named.append(f"U+{ord(char):04X}" + (f"×{count}" if count > 1 else ""))
    return f"⟨{' '.join(named)}⟩"
