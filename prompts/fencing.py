"""Foreign text on its way to a model: between marks that it cannot contain, labelled, and without what is invisible.

What stands between the marks cannot pretend to end there (delimiting of untrusted data, as in "spotlighting",
Hines et al. 2024, https://arxiv.org/abs/2403.14720); the reply is checked all the same.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.core.plaintext import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.briefs import Example, Fact

LONGEST = 8_000
"""Characters of one foreign text; what is longer is cut there, and says so."""
_NOTHING = "(none)"
_SPEAKERS = {"customer": "said by the customer", "brand": "said by our brand", "other": "said by somebody else"}


class Fenced:
    """Texts that are data. However a template prints them, each comes out labelled and between marks of its own."""

    __slots__ = ("_shown",)

    def __init__(self, *texts: tuple[str, str]) -> None:
        self._shown = "\n".join(fence(label, text) for label, text in texts if text.strip())

    def __str__(self) -> str:
        return self._shown or _NOTHING

    def __bool__(self) -> bool:
        return bool(self._shown)


def fence(label: str, text: str) -> str:
    """The text between two marks that do not occur in it; equal texts get equal marks."""
    plain = "\n".join(visible(line) for line in text.splitlines())
    if len(plain) > LONGEST:
        plain = f"{plain[:LONGEST]}\n[... {len(plain) - LONGEST} characters more]"
    number, mark = 0, ""
    while not mark or mark in plain:
        mark = hashlib.sha256(f"{number}\0{plain}".encode("utf-8", "replace")).hexdigest()[:12]
        number += 1
    return f"<<{label} {mark}\n{plain}\n{mark} {label}>>"


def conversation(entries: Iterable[tuple[str, str]]) -> Fenced:
    """Who said what, oldest first. Raises KeyError for a speaker that is none of `customer`, `brand`, `other`."""
    return Fenced(*((_SPEAKERS[who], text) for who, text in entries))


def facts(label: str, known: Sequence[Fact]) -> Fenced:
    """Facts or saved replies, each with its id, who stands for it, and where people can read it."""
    return Fenced(*((f"{label} id={fact.id}", _told(fact)) for fact in known))


def _told(fact: Fact) -> str:
    lines = [f"source: {fact.source}"] if fact.source else []
    lines += [f"link: {fact.url}"] if fact.url else []
    return "\n".join([*lines, fact.text])


def examples(pairs: Iterable[Example]) -> Fenced:
    """Earlier comments with the reply that people approved and, where they changed it, the draft before."""
    return Fenced(*(part for pair in pairs for part in _parts(pair)))


def _parts(pair: Example) -> list[tuple[str, str]]:
    parts = [("earlier comment", pair.comment), ("the reply that was published", pair.reply)]
    if pair.draft is not None:
        parts.insert(1, ("the draft that people changed", pair.draft))
    return parts


def themes(counted: Iterable[tuple[int, str, str]]) -> Fenced:
    """What a day's comments were about: how many, the words that name it, and one of them."""
    return Fenced(
        *(("theme", f"comments: {many}\nnamed: {words}\nexample: {example}") for many, words, example in counted)
    )
