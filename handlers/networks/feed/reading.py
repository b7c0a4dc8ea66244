"""A feed's document as the core's nouns: RSS and Atom by feedparser, JSON Feed by hand.

Formats: https://www.rssboard.org/rss-specification, RFC 4287, https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import calendar
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import feedparser

from bot.core.attachments import kept, kind_of
from bot.core.foreign import safe_url
from bot.core.fromhtml import clean, one_line, plain
from bot.core.types import Attachment, Author, Item, version_of

MOST = 1_000
"""Entries of a document that are looked at; the newest stand first."""
LONG = 4_000
"""Characters of a whole article from which its summary is shown, where there is one."""
HTML = frozenset({"text/html", "application/xhtml+xml"})
Json = dict[str, Any]


class NoFeed(ValueError):
    """Whatever it is, it is no feed."""


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as it stood. `items` are oldest first; `ttl` is in seconds, 0 where the feed says nothing.

    `titles` are those of the entries that have one, by the item's `native_id`.
    """

    title: str
    url: str | None
    items: tuple[Item, ...]
    ttl: float = 0.0
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all formats tell."""

    id: str
    url: str | None
    title: str
    body: str
    author: Author | None
    published: datetime | None
    updated: datetime | None
    attachments: tuple[Attachment, ...]
    more: int


def read(body: bytes, headers: Mapping[str, str], *, account: str, now: datetime) -> Document:
    """The document in an answer. `headers` tell its encoding and address. Raises NoFeed."""
    made = _json_feed(body) if body.lstrip()[:1] == b"{" else _xml_feed(body, headers)
    title, url, entries, ttl = made
    found: dict[str, Item] = {}
    titles: dict[str, str] = {}
    for entry in entries:
        if entry.id and entry.id not in found:
            found[entry.id] = _item(entry, account, title, now)
            titles[entry.id] = entry.title
    # What stands first is newest, where times do not tell.
    ordered = list(found.values())[::-1]
    ordered.sort(key=lambda item: item.created_at)
    return Document(title=title, url=url, items=tuple(ordered), ttl=ttl, titles=titles)


def _item(entry: _Entry, account: str, feed: str, now: datetime) -> Item:
    text = _joined(entry.title, entry.body) or entry.url or entry.id
    created = min(entry.published or entry.updated or now, now)
    edited = entry.updated if entry.updated is not None and created < entry.updated <= now else None
    return Item(
        account=account,
        native_id=entry.id,
        # An edition that only has a new date is no edit: many sites date everything anew.
        version=version_of(text, entry.attachments),
        author=entry.author or Author(id=None, name=feed),
        text=text,
        created_at=created,
        edited_at=edited,
        thread_key=entry.id,
        url=entry.url,
        attachments=entry.attachments,
        more_attachments=entry.more,
    )


def _joined(title: str, body: str) -> str:
    if not title or body.startswith(title.rstrip("…. ")):
        return body or title
    return f"{title}\n\n{body}" if body else title


# --- RSS and Atom -------------------------------------------------------------------------------------------------


def _xml_feed(body: bytes, headers: Mapping[str, str]) -> tuple[str, str | None, Iterator[_Entry], float]:
    # Never a string: feedparser would take it for an address or the name of a file.
    found = feedparser.parse(io.BytesIO(body), response_headers=dict(headers))
    if not found.get("version") and not found.entries:
        raise NoFeed("what stands there is no feed")
    channel = found.feed
    title = one_line(_words(channel.get("title_detail")) or _text(channel, "title"))[:200]
    ttl = _text(channel, "ttl")
    seconds = float(ttl) * 60 if ttl.isascii() and ttl.isdecimal() and len(ttl) < 6 else 0.0
    return title, safe_url(_text(channel, "link")), map(_xml_entry, found.entries[:MOST]), seconds


def _xml_entry(entry: Any) -> _Entry:
    url = _target(_text(entry, "link"))
    attachments, more = kept([_enclosure(one) for one in _maps(entry, "links") if _text(one, "rel") == "enclosure"])
    return _Entry(
        id=clean(_text(entry, "id") or _text(entry, "link") or _text(entry, "title"))[:2_000],
        url=url,
        title=one_line(_words(entry.get("title_detail"))),
        body=_body(entry),
        author=_author(entry),
        published=_moment(entry, "published_parsed"),
        updated=_moment(entry, "updated_parsed"),
        attachments=attachments,
        more=more,
    )


def _text(source: Any, key: str) -> str:
    # The plain dictionary: feedparser's own look-up answers `updated` with `published`.
    value = dict.get(source, key)
    return value.strip() if isinstance(value, str) else ""


def _maps(source: Any, key: str) -> list[Any]:
    value = dict.get(source, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(detail: Any) -> str:
    """The text of a construct that says of which type it is."""
    if not isinstance(detail, dict):
        return ""
    value = _text(detail, "value")
    return plain(value) if _text(detail, "type") in HTML else clean(value)


def _body(entry: Any) -> str:
    whole = next((words for one in _maps(entry, "content") if (words := _words(one))), "")
    summary = _words(entry.get("summary_detail"))
    return summary if summary and (not whole or len(whole) > LONG) else whole


def _author(entry: Any) -> Author | None:
    """Who wrote it; an address or an e-mail address is an identity, a name alone is none."""
    detail = dict.get(entry, "author_detail")
    detail = detail if isinstance(detail, dict) else {}
    name = one_line(_text(detail, "name") or _text(entry, "author"))[:200]
    identity = clean(_text(detail, "href") or _text(detail, "email"))[:500]
    if not name and not identity:
        return None
    return Author(id=identity or None, name=name or identity, url=safe_url(_text(detail, "href")))


def _moment(entry: Any, key: str) -> datetime | None:
    value = dict.get(entry, key)
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _enclosure(one: Any) -> Attachment:
    media, size = _text(one, "type").lower(), _text(one, "length")
    url = _text(one, "href")
    known = int(size) if size.isascii() and size.isdecimal() and len(size) < 16 else None
    return Attachment(url=url, kind=kind_of(url, media), media_type=media or None, size=known)


def _target(url: str) -> str | None:
    """Where a link leads; alerts of Google wrap it in an address of their own."""
    parts = urlsplit(url) if safe_url(url) else None
    if parts is not None and (parts.hostname or "").startswith("www.google.") and parts.path == "/url":
        inner = parse_qs(parts.query).get("url") or parse_qs(parts.query).get("q") or [url]
        return safe_url(inner[0]) or url
    return safe_url(url)


# --- JSON Feed ----------------------------------------------------------------------------------------------------


def _json_feed(body: bytes) -> tuple[str, str | None, Iterator[_Entry], float]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoFeed("what stands there is no feed") from error
    items = found.get("items")
    if not _text(found, "version").startswith("https://jsonfeed.org/") or not isinstance(items, list):
        raise NoFeed("what stands there is JSON, but no feed")
    writers = _maps(found, "authors")
    entries = (_json_entry(one, writers) for one in items[:MOST] if isinstance(one, dict))
    return one_line(_text(found, "title"))[:200], safe_url(_text(found, "home_page_url")), entries, 0.0


def _json_entry(entry: Json, writers: list[Any]) -> _Entry:
    native = entry.get("id")
    number = isinstance(native, int) and not isinstance(native, bool) and abs(native) < 10**40
    whole = clean(_text(entry, "content_text")) or plain(_text(entry, "content_html"))
    summary = clean(_text(entry, "summary"))
    attachments, more = kept([_json_attachment(one) for one in _maps(entry, "attachments")])
    authors = _maps(entry, "authors") or ([one] if isinstance(one := entry.get("author"), dict) else writers)
    return _Entry(
        id=str(native) if number else clean(_text(entry, "id") or _text(entry, "url"))[:2_000],
        url=_target(_text(entry, "url")) or _target(_text(entry, "external_url")),
        title=one_line(_text(entry, "title")),
        body=summary if summary and (not whole or len(whole) > LONG) else whole,
        author=_json_author(authors[0]) if authors else None,
        published=_iso(entry, "date_published"),
        updated=_iso(entry, "date_modified"),
        attachments=attachments,
        more=more,
    )


def _json_author(one: Any) -> Author | None:
    name, url = one_line(_text(one, "name"))[:200], clean(_text(one, "url"))[:500]
    return Author(id=url or None, name=name or url, url=safe_url(url)) if name or url else None


def _json_attachment(one: Any) -> Attachment:
    url, media, size = _text(one, "url"), _text(one, "mime_type").lower(), one.get("size_in_bytes")
    known = size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 10**15 else None
    return Attachment(url=url, kind=kind_of(url, media), name=_text(one, "title"), media_type=media or None, size=known)


def _iso(entry: Json, key: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(entry, key))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
