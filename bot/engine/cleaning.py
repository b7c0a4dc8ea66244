"""Foreign words as they can be kept: what some database, encoder or screen would not take is replaced."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from bot.core import attachments
from bot.core.types import Author, Item

S = TypeVar("S", bound=Any)
LONGEST = 100_000
"""Characters of a foreign text that we keep; what is longer is cut there and says so."""
_CUT_MARK = "\n\n\N{HORIZONTAL ELLIPSIS} [{more} characters more]"


def storable(text: str) -> str:
    """A text that every database and every encoder takes: no NUL, no lone surrogates, not endless."""
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if len(clean) <= LONGEST:
        return clean
    return clean[:LONGEST] + _CUT_MARK.format(more=len(clean) - LONGEST)


def with_storable(said: S) -> S:
    """The same fact, wish or answer in words that every database takes."""
    words = {f.name: getattr(said, f.name) for f in fields(said)}
    # Exactly strings: kinds and severities are words of ours.
    return replace(said, **{name: storable(word) for name, word in words.items() if type(word) is str})


def cleaned(item: Item) -> Item:
    """The item with texts that can be kept, and no more attachments than are."""
    author = item.author
    clean = replace(
        item,
        text=storable(item.text),
        native_id=storable(item.native_id),
        version=storable(item.version),
        parent=storable(item.parent) if item.parent else None,
        thread_key=storable(item.thread_key),
        url=storable(item.url) if item.url else None,
        author=Author(
            id=storable(author.id) if author.id is not None else None,
            name=storable(author.name),
            handle=storable(author.handle) if author.handle else None,
            url=storable(author.url) if author.url else None,
            reach=author.reach,
        ),
    )
    if not attachments.has_any(item):
        return clean
    kept, more = attachments.kept(item.attachments, item.more_attachments)
    return replace(clean, attachments=kept, more_attachments=more)
