"""The nouns: what comes in, what the team decides about, what goes out.

Everything here is immutable. Times are timezone-aware UTC datetimes; ids are strings unless said otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.core.scene import Chart


class Kind(StrEnum):
    """What a comment is."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    COMMENT = "comment"
    SPAM = "spam"
    NOISE = "noise"


class Severity(StrEnum):
    """How much is at stake, from least to most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the least, 3 for the most."""
        return list(Severity).index(self)


class Sentiment(StrEnum):
    """The commenter's mood."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Visibility(StrEnum):
    """Who can read a message."""

    PUBLIC = "public"
    PRIVATE = "private"


class Role(StrEnum):
    """What a person may do, from least to most; each role may do all that the one before it may."""

    VIEWER = "viewer"
    AGENT = "agent"
    APPROVER = "approver"
    LEAD = "lead"

    def covers(self, other: Role) -> bool:
        """Whether this role may do what `other` may."""
        return list(Role).index(self) >= list(Role).index(other)


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class ReplyState(StrEnum):
    """Where a reply stands; see `bot.core.reply` for the ways between them."""

    DRAFTING = "drafting"
    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    PENDING = "pending"
    PUBLISHED = "published"
    UNCERTAIN = "uncertain"
    REJECTED = "rejected"
    HANDED_OFF = "handed_off"
    WITHDRAWN = "withdrawn"


class AuthorFlag(StrEnum):
    """What the team has to know about who wrote before it answers."""

    VIP = "vip"
    ADVOCATE = "advocate"
    PRESS = "press"


class AttachmentKind(StrEnum):
    """What hangs on a comment."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Something that hangs on a comment, by its address; nothing of it is ever fetched by us.

    `alt` is its author's description of it, `name` a file's name, `size` in bytes. `sensitive` is what its author warns
    of: nobody should see it without wanting to.
    """

    url: str
    kind: AttachmentKind
    name: str = ""
    alt: str = ""
    media_type: str | None = None
    size: int | None = None
    sensitive: bool = False


def version_of(text: str, attachments: tuple[Attachment, ...] = ()) -> str:
    """A version mark for networks that give none: it changes exactly when the text or what hangs on it does."""
    whole = text.encode("utf-8", "surrogatepass")
    if attachments:
        whole += b"\0" + repr(attachments).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote an item. `id` is None where the name was merely typed: that is no identity and merges nothing."""

    id: str | None
    name: str
    handle: str | None = None
    url: str | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One comment, message, review or mention, as an adapter saw it last.

    `version` changes whenever its author edits it, its attachments included. `thread_key` groups what belongs to one
    conversation on the network. `ours` marks what the account itself wrote; such an item never becomes a ticket.
    `more_attachments` counts those that are not kept: too many, or with an address that leads nowhere safe. `held` says
    that the network's own moderators have not let it through yet: nobody else can read it (`ItemReleased` ends that).
    """

    account: str
    native_id: str
    version: str
    author: Author
    text: str
    created_at: datetime
    thread_key: str
    edited_at: datetime | None = None
    parent: str | None = None
    url: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    ours: bool = False
    reply_by: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    more_attachments: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The item is not on the network any more."""

    reason: str = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What `Network.check` found out: who speaks, until when the token lives, and what it may do.

    `scopes` are the token's rights as the network names them, `ahead` is how far the network's clock is ahead of ours;
    empty and None where the network does not tell.
    """

    name: str
    native_id: str | None = None
    url: str | None = None
    expires_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    ahead: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What triage says about a comment. `language` is None when it is not certain enough.

    `reasons` names the rules that spoke, with the words they matched: `("severity:critical:allergic reaction",)`.
    """

    language: str | None
    certainty: float
    kind: Kind
    sentiment: Sentiment
    severity: Severity
    reasons: tuple[str, ...] = ()
    suspicious: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the guard says about a reply: `rule` is a stable code, `words` the passage it is about.

    A `block` stops an approval until the text is edited; a `warn` is shown to whoever approves, and takes as many
    `approvers` at least.
    """

    rule: str
    level: Literal["block", "warn"]
    words: str = ""
    limit: int | None = None
    approvers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the team. `identities` are (chat id, native user id) pairs; two identities are one person."""

    id: str
    name: str
    role: Role = Role.VIEWER
    locale: str = "en"
    signature: str | None = None
    active: bool = True
    identities: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A place in a team chat: a channel, a forum, the desk."""

    id: str
    chat: str
    native_id: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRef:
    """Where a card stands in a chat; `native` is opaque to everybody but the chat's adapter."""

    room: str
    native: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture to show: a file's `name` and `contents`, and in `alt` what there is to see, for who cannot see it.

    `title` is what it is called, where a chat shows such a thing.
    """

    name: str
    contents: bytes
    alt: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A line of a section, harmless to look at; `url` is where it leads, `ticket` what it is about, if anything.

    With `quoted` it is what somebody outside wrote.
    """

    text: str
    url: str | None = None
    ticket: str | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a long message: what it is about, and lines."""

    title: str
    lines: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to say in a room or thread: `text` is in the room's language already, and says it all in short.

    `sections` say the same as `text`, for chats that can show headings and links: they then show `title` and the
    sections in its place. `details` are more than that, for the thread below it. `table` are rows of cells, the first
    one the heading; `pictures` come last. Not every chat can show them. `charts` are what the pictures show: a page
    draws them itself, in its own colours.

    A chat that knows its readers one by one may say `code`, `params` and `ticket` (an `Announce`) in the language of
    each instead; `code` is empty where there are only words.

    `call` are the people whose attention the chat calls to it, `on_call` says that whoever is on call there is meant.
    """

    text: str
    key: str = ""
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    ticket: str | None = None
    call: tuple[Person, ...] = ()
    on_call: bool = False
    title: str = ""
    sections: tuple[Section, ...] = ()
    details: tuple[Section, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    charts: tuple[Chart, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingReply:
    """Exactly what was approved, on its way out. `key` never changes for one approval, whatever is retried."""

    key: str
    account: str
    target: Item
    text: str
    visibility: Visibility = Visibility.PUBLIC
    attempt: int = 1
    first_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The reply stands on the network."""

    native_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The network took the reply and moderates it first."""

    native_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The network will not take the reply. With a `manual_url` a person can still post it by hand.

    `duplicate` says that the network refused it because the same text already stands there.
    """

    reason: str
    manual_url: str | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The answer was lost: the reply may or may not stand on the network."""

    detail: str = ""


PublishResult = Posted | Pending | Rejected | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One line of `health` or `check`.

    `code` is stable and says what was found, `params` are the values that its sentences want; `bot.locale.light` has
    the words for both.
    """

    code: str
    state: Literal["ok", "warn", "red"]
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How often something may be done: `rate` per second on average, `burst` at once."""

    rate: float
    burst: int
