"""What the templates show: threads with everything already said the reader's way, and half-filled forms."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from handlers.networks.wall.rows import Comment, Reply
from handlers.networks.wall.rules import clean
from handlers.networks.wall.words import Language, ago, exactly

TONES = 6  # colours of the initials


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A comment, or a reply of the brand (`brand`). `can_change`: the reader wrote it and it stands."""

    id: str
    author: str
    text: str
    iso: str
    when: str
    exactly: str
    initial: str
    tone: int
    brand: bool = False
    edited: bool = False
    removed: bool = False
    can_change: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A first comment and everything below it, in order. `answerable`: whether the first one still stands."""

    first: Post
    rest: tuple[Post, ...]
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as it was typed, with what is wrong about it.

    `place` says which: `new`, `reply-ID` or `edit-ID`.
    """

    place: str
    author: str = ""
    text: str = ""
    parent: str | None = None
    problem: str = ""

    @classmethod
    def from_form(cls, form: Mapping[str, str]) -> Self:
        """The form for a comment, or with a parent for an answer."""
        parent = form.get("parent") or None
        return cls(
            place=f"reply-{parent}" if parent else "new",
            author=form.get("author", ""),
            text=form.get("text", ""),
            parent=parent,
        )

    def told(self, problem: str) -> Self:
        """The same with a sentence about what is wrong, and nothing in it that cannot be shown."""
        return replace(self, problem=problem, author=clean(self.author), text=clean(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks: in which language, with which cookie (its hash), by a link about which id, and when."""

    language: Language
    brand: str
    visitor: str | None
    marked: str | None
    now: datetime

    def thread(self, comments: Sequence[Comment]) -> Thread:
        """A thread, which is never empty, as this reader sees it."""
        below = [(found.n, self._comment(found)) for found in comments[1:]]
        below += [(reply.n, self._reply(reply)) for found in comments for reply in found.replies]
        return Thread(
            first=self._comment(comments[0]),
            rest=tuple(post for _, post in sorted(below, key=lambda pair: pair[0])),
            answerable=comments[0].withdrawn_at is None,
        )

    def _comment(self, found: Comment) -> Post:
        standing = found.withdrawn_at is None
        return Post(
            id=found.id,
            author=found.author,
            text=found.text,
            iso=found.created_at.isoformat(timespec="seconds"),
            when=ago(self.language, found.created_at, self.now),
            exactly=exactly(self.language, found.created_at),
            initial=found.author[0].upper()[0],
            tone=zlib.crc32((found.visitor or found.author).encode()) % TONES,
            edited=standing and found.edited_at is not None,
            removed=not standing,
            can_change=standing and self.visitor is not None and found.visitor == self.visitor,
            marked=found.id == self.marked,
        )

    def _reply(self, found: Reply) -> Post:
        return Post(
            id=found.id,
            author=self.brand,
            text=found.text,
            iso=found.created_at.isoformat(timespec="seconds"),
            when=ago(self.language, found.created_at, self.now),
            exactly=exactly(self.language, found.created_at),
            initial=self.brand[0].upper()[0],
            tone=0,
            brand=True,
            marked=found.id == self.marked,
        )
