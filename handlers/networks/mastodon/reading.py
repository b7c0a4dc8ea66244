"""Mastodon's entities as the core's nouns. Whatever the other side sends, only `Unreadable` is raised.

Shapes after the documented entities Status, Account and Notification.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.fromhtml import clean, one_line
from bot.core.types import Author, Item, Visibility
from handlers.networks.mastodon.media import attachments_of, mark_of
from handlers.networks.mastodon.plain import in_words

OPEN = frozenset({"public", "unlisted"})
"""Visibilities that everybody can read; whatever else there is, or comes one day, is private."""
Json = dict[str, Any]


class Unreadable(ValueError):
    """Not what Mastodon documents."""


@dataclass(frozen=True, slots=True)
class Me:
    """The account that we speak for."""

    id: str
    username: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a reply has to know of the status that it answers."""

    author: str
    handle: str
    visibility: str
    language: str | None
    url: str | None


def mapping(value: Any) -> Json:
    """A JSON object. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable("no object")
    return value


def objects(value: Any) -> list[Json]:
    """The objects of a JSON list; an answer that is no list has none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def id_of(payload: Json, key: str = "id") -> str:
    """An id as a string. Raises Unreadable."""
    found = optional_id(payload, key)
    if found is None:
        raise Unreadable(f"no {key}")
    return found


def optional_id(payload: Json, key: str) -> str | None:
    """An id as a string; None where there is none."""
    value = payload.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return clean(str(value))[:200] or None if isinstance(value, str) or abs(value) < 10**40 else None


def order(id: str) -> tuple[int, str]:
    """Ids grow with time: by length, then by letters, which holds for numbers and for the ids of other software."""
    return len(id), id


def moment(payload: Json, key: str) -> datetime | None:
    """A time, in UTC; None where there is none that can be read."""
    value = payload.get(key)
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at and (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def words(payload: Json, key: str) -> str:
    """A string in one line; empty where there is none."""
    value = payload.get(key)
    return one_line(value) if isinstance(value, str) else ""


def link(payload: Json, *keys: str) -> str | None:
    """The first of these fields that is a web address."""
    found = (words(payload, key) for key in keys)
    return next((url for url in found if url.startswith(("https://", "http://"))), None)


def me_of(account: Any) -> Me:
    """The answer of verify_credentials. Raises Unreadable."""
    payload = mapping(account)
    username = words(payload, "username")
    if not username:
        raise Unreadable("no username")
    return Me(id_of(payload), username, words(payload, "display_name") or username, link(payload, "url"))


def target_of(status: Any) -> Target:
    """What a reply has to know. Raises Unreadable."""
    payload = mapping(status)
    account = mapping(payload.get("account"))
    handle = words(account, "acct") or words(account, "username")
    if not handle:
        raise Unreadable("no acct")
    visibility, language = words(payload, "visibility"), words(payload, "language")
    return Target(id_of(account), handle, visibility, language or None, link(payload, "url", "uri"))


def item_of(status: Json, *, account: str, me: Me, thread: str) -> Item:
    """A status as an item. Its version is the time of its last edit, and what hangs on it. Raises Unreadable."""
    by = mapping(status.get("account"))
    created, edited = moment(status, "created_at"), moment(status, "edited_at")
    if created is None:
        raise Unreadable("no created_at")
    reach = by.get("followers_count")
    ours = id_of(by) == me.id
    media = status.get("media_attachments")
    attachments, more = attachments_of(media, sensitive=status.get("sensitive") is True)
    return Item(
        account=account,
        native_id=id_of(status),
        version=("1" if edited is None else edited.isoformat()) + mark_of(media),
        author=Author(
            id=id_of(by),
            name=words(by, "display_name") or words(by, "username") or words(by, "acct") or id_of(by),
            handle=words(by, "acct") or None,
            url=link(by, "url"),
            reach=reach if type(reach) is int and 0 <= reach < 2**53 else None,
        ),
        text=in_words(status, _addressed(status, me, ours=ours)),
        created_at=created,
        edited_at=edited,
        thread_key=thread,
        parent=optional_id(status, "in_reply_to_id"),
        url=link(status, "url", "uri"),
        visibility=Visibility.PUBLIC if words(status, "visibility") in OPEN else Visibility.PRIVATE,
        ours=ours,
        attachments=attachments,
        more_attachments=more,
    )


def _addressed(status: Json, me: Me, *, ours: bool) -> list[str]:
    """The names that at the beginning of the text only say to whom it goes: ours, or whom we answer."""
    if not ours:
        return [me.username]
    answered = optional_id(status, "in_reply_to_account_id")
    found = [one for one in objects(status.get("mentions")) if optional_id(one, "id") == answered]
    return [name for one in found for name in (words(one, "acct"), words(one, "username")) if name]


def concerns(status: Json, me: Me, author: str | None) -> bool:
    """Whether a status in a conversation is about us: by us, to us, naming us, or by the author we talk with."""
    by = status.get("account")
    writer = optional_id(by, "id") if isinstance(by, dict) else None
    named = any(optional_id(one, "id") == me.id for one in objects(status.get("mentions")))
    return named or writer in {me.id, author} or optional_id(status, "in_reply_to_account_id") == me.id
