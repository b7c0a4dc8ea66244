"""What people see of a ticket: its line in the queue, its card, and what stands on it. Everything is immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.core.briefs import Cited, Made
from bot.core.types import (
    Attachment,
    AuthorFlag,
    Finding,
    Kind,
    ReplyState,
    Sentiment,
    Severity,
    TicketStatus,
    Visibility,
)


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

    @property
    def approvals(self) -> int:
        """How many people approve the newest revision now."""
        return len({one.person for one in self.decisions if one.verdict == "approve" and one.counts})


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
