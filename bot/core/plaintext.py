"""Hostile text made plain: what cannot be seen is found or removed, and what looks alike is folded together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Characters that show nothing or reorder what is shown: C0/C1 controls (tab and newline excepted), soft hyphen,
# combining grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian separator, zero-width and bidirectional
# controls, line and paragraph separators, invisible operators, interlinear marks, surrogates, tag characters and
# the variation selectors beyond those that emoji use.
_INVISIBLE_CLASS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}]")
_PICTURE = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
# The uses that are harmless: CR before LF, the joiner between two emoji, the tags of a regional flag.
_HARMLESS = re.compile(
    "\r(?=\n)"
    f"|(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    "|(?<=\U0001f3f4)[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,6}\U000e007f"
)
# The blocks of combining marks that Latin, Greek and Cyrillic letters take.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MARK_CLASS = _MARKS.pattern.strip("[]+")
_WRITTEN = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE_CLASS}{_MARK_CLASS}])*")


def invisible(text: str) -> list[str]:
    """The invisible or reordering characters in a text, in order; emoji sequences and line ends do not count."""
    if text.isascii() and text.isprintable():
        return []
    # Most text with accents or emoji has none at all; what is harmless can only be fewer of them.
    return _INVISIBLE.findall(_HARMLESS.sub("", text)) if _INVISIBLE.search(text) else []


def visible(text: str) -> str:
    """The text in NFKC form without anything invisible. Emoji joined by zero-width joiners fall apart."""
    if text.isascii() and text.isprintable():
        return text
    bare = _INVISIBLE.sub("", text)
    # Most text with accents is in this form already.
    return bare if unicodedata.is_normalized("NFKC", bare) else _INVISIBLE.sub("", unicodedata.normalize("NFKC", bare))


def fold(text: str) -> str:
    """A form for comparing: visible, lower case, no accents (ñ becomes n), straight apostrophes and quotes."""
    return fold_visible(visible(text))


def fold_visible(text: str) -> str:
    """The same for what `visible` gave."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    plain = plain.replace("\u2019", "'").replace("\u2018", "'").replace("\u02bc", "'").replace("`", "'")
    return _MARKS.sub("", unicodedata.normalize("NFD", plain))


def as_written(shown: str, passage: str) -> str:
    """The words of a visible text that fold to a passage of its folded form; the passage where they do not stand so."""
    if passage in shown:
        return passage
    folded, places = [], []
    for place, char in enumerate(shown):
        for sign in fold_visible(char):
            folded.append(sign)
            places.append(place)
    start = "".join(folded).find(passage)
    if start < 0 or not passage:
        return passage
    return shown[places[start] : places[start + len(passage) - 1] + 1]


def written(text: str) -> Iterator[re.Match[str]]:
    """The words where they stand in a text that was not folded, with what is invisible inside them."""
    return _WRITTEN.finditer(text)


def squeeze(text: str) -> str:
    """One space wherever there is white space, none at the ends."""
    return _SPACES.sub(" ", text).strip()


def wordset(text: str) -> frozenset[str]:
    """The words between the white space: for lists of words that people read and edit."""
    return frozenset(text.split())


def words(folded: str) -> list[str]:
    """The words of a folded text; an apostrophe inside a word belongs to it."""
    return _WORDS.findall(folded)
