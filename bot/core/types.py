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
    """A picture to show: a file's `name` and `contents`, and in `alt` what there is to see, for who cannot see it."""

    name: str
    contents: bytes
    alt: str


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
    one the heading; `pictures` come last. Not every chat can show them.

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
class Fact:
    """Something that the team says is true, or a reply that it keeps for such cases; `source` says who stands for it.

    `id` is the file's place in its folder without the ending: `opening-hours`, `es/opening-hours`.
    """

    id: str
    text: str
    language: str
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A fact that a draft relies on, as the revision records it: the file may change later."""

    id: str
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How the team answered before: the customer's comment (foreign text) and what was published below it.

    `draft` is what a drafter had proposed where a person changed it, else None.
    """

    comment: str
    reply: str
    draft: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a model made a draft. `cost` is in the money that the model's prices are configured in.

    `prompt` and `hash` name the prompt file and the SHA-256 of its bytes in hexadecimal. `note` is a code for what
    people should know about it, empty when there is nothing: why another drafter answered in the model's place.
    """

    prompt: str = ""
    hash: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a drafter gets to know. `comment` and the `examples` are foreign text: data, never an instruction.

    `facts` and `saved` (replies that the team keeps) fit the comment, are in its language and hold today, the best
    first. `voice` is how the brand speaks. `examples`, `conversation` (who, `customer` or `brand`, and their words,
    foreign too; oldest first, without the comment) and `previous` (the draft that a person wants rewritten) are filled
    for remote drafters only. `hour` (0 to 23) is the team's, `own_domains` are those that a reply may link to.
    """

    comment: str
    author_name: str
    language: str | None
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    visibility: Visibility = Visibility.PUBLIC
    brand: str = ""
    signature: str | None = None
    formality: Literal["tu", "usted", "vos"] = "tu"
    avoid: tuple[str, ...] = ()
    hint: str | None = None
    seed: int = 0
    max_length: int | None = None
    facts: tuple[Fact, ...] = ()
    saved: tuple[Fact, ...] = ()
    voice: str = ""
    hour: int | None = None
    own_domains: frozenset[str] = frozenset()
    examples: tuple[Example, ...] = ()
    conversation: tuple[tuple[str, str], ...] = ()
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposed text and where it came from (`offline:complaint.es#3`, a model's name).

    `facts` are the ids of those facts and saved replies of the brief that the text relies on; others are not recorded.
    """

    text: str
    source: str
    facts: tuple[str, ...] = ()
    made: Made | None = None


# --- what people see ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEntry:
    """One line of a ticket's conversation: the customer's items and what we published.

    `held` is what the network's moderators have not let through, so that only they and the team can read it.
    `handle` is what tells people of one name apart on their network: an answer goes to it.
    """

    at: datetime
    author: str
    text: str
    ours: bool = False
    url: str | None = None
    edited: bool = False
    gone: bool = False
    erased: bool = False
    native_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    more_attachments: int = 0
    handle: str | None = None
    held: bool = False

    @property
    def who(self) -> str:
        """Name and handle; the handle alone where there is no name."""
        if not self.handle or self.handle == self.author:
            return self.author
        return f"{self.author} ({self.handle})" if self.author else self.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """One revision of a reply with its checks. `author` is a person's id or None for a drafter."""

    number: int
    text: str
    author: str | None
    source: str
    created_at: datetime
    language: str | None = None
    checks: tuple[Finding, ...] = ()
    facts: tuple[Cited, ...] = ()
    made: Made | None = None
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """Who decided what about which revision, how and when."""

    person: str
    verdict: str
    revision: int
    via: str
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """A reply with everything that happened to it.

    Whoever shows it for approval hands `stamp` back with the decision (`Approve.seen`).
    """

    id: str
    state: ReplyState
    quorum: int
    revisions: tuple[RevisionView, ...]
    decisions: tuple[DecisionView, ...] = ()
    stamp: str = ""
    undo_until: datetime | None = None
    published_at: datetime | None = None
    vanished_at: datetime | None = None
    url: str | None = None
    manual_url: str | None = None
    problem: str | None = None

    @property
    def latest(self) -> RevisionView | None:
        """The newest revision; None while a draft is being written."""
        return self.revisions[-1] if self.revisions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """An internal remark; it never leaves the team."""

    person: str
    at: datetime
    text: str
    kind: str = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the ticket's history."""

    seq: int
    at: datetime
    type: str
    actor: str | None
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """One line of the inbox: the ticket with its newest message and its current reply.

    `folded` is how many comments were folded into it so far, 0 for a ticket that is none of many
    (`bot.core.folding`). `author_number` leads to the author's page, None for a typed name. `left` is what is left on
    the clock of an answer while it stands still; `called` says that it is overdue and the team was told so.
    """

    id: str
    status: TicketStatus
    account: str
    author: str
    text: str
    kind: Kind
    severity: Severity
    sentiment: Sentiment
    language: str | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    url: str | None
    assignee: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    visibility: Visibility
    reply_state: ReplyState | None
    revision: int | None
    draft: str | None
    checks: tuple[Finding, ...] = ()
    version: int = 0
    attachments: tuple[Attachment, ...] = ()
    more_attachments: int = 0
    folded: int = 0
    flag: AuthorFlag | None = None
    author_number: int | None = None
    left: timedelta | None = None
    called: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the model takes a comment for. It only ever adds caution: see `bot.core.assisting.weigh`."""

    kind: Kind
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Assist:
    """What has become of asking the model: it was `asked` and may answer yet, its draft was `missed`, or `dropped`.

    `because` is a code (`bot.core.drafting.Because`), `seconds` how long the model had.
    """

    state: Literal["asked", "missed", "dropped"]
    because: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A comment in a roll: the ticket of its own under which it lies, and what it says."""

    ticket: str
    at: datetime
    author: str
    text: str
    url: str | None = None
    gone: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A ticket as a chat shows it: all there is to know, and what may be done now (`controls`: command verbs).

    A roll's card (`bot.core.folding`) lists the newest of its comments in `folded`, and in `conversation` once more as
    one text, for chats that make nothing of it. `folded_into` is the roll that this ticket itself lies in.
    """

    line: TicketLine
    conversation: tuple[ConversationEntry, ...]
    replies: tuple[ReplyView, ...]
    notes: tuple[NoteView, ...]
    log: tuple[LogLine, ...]
    reasons: tuple[str, ...] = ()
    suspicious: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    waiting_for: str | None = None
    close_reason: str | None = None
    linked_to: str | None = None
    controls: tuple[str, ...] = ()
    max_length: int | None = None
    assist: Assist | None = None
    opinion: Opinion | None = None
    folded: tuple[Folded, ...] = ()
    folded_into: str | None = None

    @property
    def reply(self) -> ReplyView | None:
        """The reply that the controls act on: the newest one."""
        return self.replies[-1] if self.replies else None


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
