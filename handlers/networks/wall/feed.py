"""The wall as an Atom feed (RFC 4287), for feed readers and for whoever builds on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from handlers.networks.wall.rows import Comment

MEDIA_TYPE = "application/atom+xml"
NEWEST = 50  # threads

# What XML 1.0 cannot hold at all (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TITLE = 80  # characters of a comment in its title


@dataclass(frozen=True, slots=True)
class Entry:
    """A comment or a reply of the brand."""

    id: str
    author: str
    text: str
    title: str
    at: datetime
    updated: datetime
    brand: bool


def entries(threads: Iterable[list[Comment]], brand: str) -> list[Entry]:
    """What stands in the threads, the newest first; what was taken back is left out."""
    found = []
    for comment in (comment for thread in threads for comment in thread):
        if comment.withdrawn_at is None:
            updated = comment.edited_at or comment.created_at
            found.append(_entry(comment.id, comment.author, comment.text, comment.created_at, updated, brand=False))
        found += [
            _entry(reply.id, brand, reply.text, reply.created_at, reply.created_at, brand=True)
            for reply in comment.replies
        ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def etag(found: Iterable[Entry]) -> str:
    """The same for the same entries."""
    digest = sha256("\0".join(f"{entry.id} {entry.updated.isoformat()}" for entry in found).encode())
    return f'"{digest.hexdigest()[:32]}"'


def last_modified(found: Iterable[Entry]) -> str | None:
    """The moment of the newest change, as HTTP writes it."""
    newest = max((entry.updated for entry in found), default=None)
    return format_datetime(newest, usegmt=True) if newest else None


def _entry(id: str, author: str, text: str, at: datetime, updated: datetime, *, brand: bool) -> Entry:
    readable = legal(text)
    first = " ".join(readable.split())
    title = first if len(first) <= TITLE else first[: TITLE - 1].rstrip() + "…"
    return Entry(id, legal(author), readable, title, at, updated, brand)


def legal(text: str) -> str:
    """The text with U+FFFD for every character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
