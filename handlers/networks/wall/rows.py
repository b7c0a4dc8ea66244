"""What stands on the wall: comments of visitors, replies of the brand, and the changes to both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

What = Literal["comment", "edit", "withdrawal", "reply", "pending", "confirmed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The brand's answer to a comment. `state`: live, pending (moderated first), refused (with a `reason`).

    `n` is its place in the order of everything that was ever written, comments included.
    """

    id: str
    n: int
    comment: str
    text: str
    created_at: datetime
    state: Literal["live", "pending", "refused"] = "live"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A visitor's words. `root` is the comment that began the thread, `parent` the one answered, None for a root.

    `visitor` stands for the cookie that it was written with, None where there was none. `version` counts edits
    from 1. Where the author took it back the text is empty.
    """

    id: str
    n: int
    root: str
    parent: str | None
    author: str
    visitor: str | None
    text: str
    version: int
    created_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """What a visitor sends. `key` and `digest` recognise a repeat; `edit_token` and `visitor` are hashes."""

    author: str
    text: str
    parent: str | None
    visitor: str | None
    edit_token: str
    key: str | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened, with what it happened to as that stands now."""

    seq: int
    what: What
    comment: Comment
    reply: Reply | None = None


class NotThere(Exception):
    """There is no such comment or reply."""


class TakenBack(Exception):
    """The comment was taken back by its author."""


class NotYours(Exception):
    """Neither the edit token nor the cookie is the author's."""


class KeyReused(Exception):
    """The same key came with different contents."""


class NoRoom(Exception):
    """The disk is full; surely nothing was written. After `SECONDS` one may try again."""

    SECONDS: ClassVar[int] = 30
