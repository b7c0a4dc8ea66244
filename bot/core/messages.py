"""What flows: events (facts from outside), commands (wishes of people), outcomes, effects (orders to the outside).

Data flows one way: event or command -> state machines -> new state + facts for the log + effects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.types import AuthorFlag, Finding, Item, Kind, Severity

# --- events: facts that adapters report, past tense -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemArrived:
    """An item was seen: new, again, or in a newer version. Reporting it twice changes nothing.

    `fresh` says that it was read this moment: it is the newest version, whatever its marks say.
    """

    item: Item
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved:
    """Its author, or the network, took an item away. What we stored stays."""

    account: str
    native_id: str
    reason: str = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReleased:
    """The network's moderators let an item through that they had held back (`Item.held`)."""

    account: str
    native_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyConfirmed:
    """A reply that the network moderated first is live now."""

    account: str
    native_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRefused:
    """A reply that the network moderated first was turned down."""

    account: str
    native_id: str
    reason: str
    manual_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressArrived:
    """The press wrote something: a headline to be listed, no matter for anybody to answer.

    `native_id` is the feed's own id of the entry: reporting it twice changes nothing. `source` names who published it.
    """

    account: str
    native_id: str
    title: str
    url: str | None
    source: str
    published_at: datetime


Event = ItemArrived | ItemRemoved | ItemReleased | ReplyConfirmed | ReplyRefused | PressArrived

# --- commands: wishes of people -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Every command says who wishes (a person's id) and by which way (`desk`, `cli`, a chat's id).

    `once` names this very click, message or reaction where a chat may deliver it several times: what was done under
    that name is not done again. It is no part of what is wished, so two wishes are equal without it.
    """

    by: str
    via: str
    once: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTicket(Wish):
    """A command about one ticket."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(OnTicket):
    """Say yes to the newest revision; with `revision` given, only to that one.

    `seen` is the stamp of the card that the person saw (`ReplyView.stamp`): a yes to anything older does not count.
    """

    revision: int | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(OnTicket):
    """Say no to the proposed reply; the ticket stays open."""

    reason: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(OnTicket):
    """Put a new revision in place of the newest one; `revision` is the one that the person saw."""

    text: str
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(OnTicket):
    """Propose a reply of one's own: without a draft, or as a follow-up to what was published."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraft(OnTicket):
    """Ask for another draft, perhaps with a hint; where a model writes, for up to three alternatives at once.

    With `revision`, no new wording is made: that one of the same reply is brought back as the newest.
    """

    hint: str = ""
    alternatives: int = 1
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(OnTicket):
    """Take an approval back before it has left the house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(OnTicket):
    """Say what became of a reply whose outcome is unknown or that was to be posted by hand."""

    posted: bool
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(OnTicket):
    """`I am on it`: a soft lock on editing for 15 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(OnTicket):
    """Make it somebody's; without a person, one's own."""

    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(OnTicket):
    """Ask a colleague something, internally; the clock shows waiting."""

    person: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(OnTicket):
    """Wait for the customer or a colleague."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(OnTicket):
    """No (further) reply needed."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(OnTicket):
    """Open a closed, waiting or snoozed ticket again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze(OnTicket):
    """Put it away for a while."""

    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(OnTicket):
    """Ask somebody with more say: a person, or the leads."""

    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetKind(OnTicket):
    """Correct the kind."""

    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeverity(OnTicket):
    """Correct the severity."""

    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(OnTicket):
    """Leave an internal remark."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagAuthor(OnTicket):
    """Say what the team has to know about who wrote the ticket; None takes the flag away."""

    flag: AuthorFlag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAuthor(OnTicket):
    """Leave an internal remark about who wrote the ticket."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(Wish):
    """Fold what contains these words, or comes from this author (`@name`), from now on."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute(Wish):
    """No longer fold what a `Mute` with this pattern folds."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseNoise(Wish):
    """Close what noise is folded into, of one account (by its id) or, with none, of all."""

    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Wish):
    """Try again what was given up, and look again for replies of unknown fate.

    `about` is an order (`E17`), a ticket's id, or empty for everything.
    """

    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDone(Wish):
    """What was given up is taken care of: the order `about` (`E17`) is not tried again; `note` says how (a link)."""

    about: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Wish):
    """Stop everything that would go out to the networks, at once."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Wish):
    """Let it go out again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crisis(Wish):
    """Turn crisis rules on or off: two people for every reply."""

    on: bool
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaySample(Wish):
    """Play the sample day, over so much time; zero: all at once."""

    over: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSample(Wish):
    """Take the sample day out of view: its tickets are closed, nothing is lost."""


TicketCommand = (
    Approve
    | Refuse
    | Edit
    | Write
    | Redraft
    | Undo
    | Settle
    | Claim
    | Assign
    | Ask
    | Wait
    | Close
    | Reopen
    | Snooze
    | Escalate
    | SetKind
    | SetSeverity
    | AddNote
    | FlagAuthor
    | NoteAuthor
)
Command = (
    TicketCommand | Mute | Unmute | CloseNoise | Retry | MarkDone | Pause | Resume | Crisis | PlaySample | ArchiveSample
)

# --- outcomes: the answer to a command ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It is done, and committed. `code` names what happened; `params` fill the sentence that people read."""

    code: str
    ticket: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was changed. `reason` and `remedy` are codes that the locale turns into sentences."""

    reason: str
    remedy: str
    ticket: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """There is no such thing. Nothing was changed."""

    what: str
    id: str


Outcome = Done | Refused | NotFound

# --- effects: orders to the outside, durable before they are done ----------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """Bring the ticket's card up to date in every room that shows it; `gently`: not again and again within seconds."""

    ticket: str
    gently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Post an approved reply, not before `not_before` (the end of the undo window)."""

    reply: str
    not_before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Tell the ticket's thread (or, without a ticket, every room) something; `code` and `params` as in outcomes.

    `call` are the ids of people whose attention is called to it; with `on_call`, of whoever is on call. How, is the
    chat's business; so both are no part of what is said.
    """

    code: str
    ticket: str | None = None
    params: dict[str, object] = field(default_factory=dict)
    call: tuple[str, ...] = field(default=(), compare=False)
    on_call: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskModel:
    """Ask the remote drafter for a better draft; `by` is who wished for it, None for a comment that came in."""

    ticket: str
    by: str | None = None
    hint: str = ""
    alternatives: int = 1


Effect = ShowCard | Publish | Announce | AskModel

# --- facts: what the log keeps ---------------------------------------------------------------------------------


class Fact(StrEnum):
    """The types of log rows, past tense."""

    ITEM_ARRIVED = "ItemArrived"
    ITEM_EDITED = "ItemEdited"
    ITEM_REMOVED = "ItemRemoved"
    ITEM_RELEASED = "ItemReleased"
    TICKET_OPENED = "TicketOpened"
    TICKET_REOPENED = "TicketReopened"
    TICKET_CLAIMED = "TicketClaimed"
    TICKET_ASSIGNED = "TicketAssigned"
    QUESTION_ASKED = "QuestionAsked"
    TICKET_WAITING = "TicketWaiting"
    TICKET_SNOOZED = "TicketSnoozed"
    TICKET_WOKEN = "TicketWoken"
    TICKET_CLOSED = "TicketClosed"
    TICKET_ESCALATED = "TicketEscalated"
    KIND_SET = "KindSet"
    SEVERITY_SET = "SeveritySet"
    NOTE_ADDED = "NoteAdded"
    AUTHOR_FLAGGED = "AuthorFlagged"
    AUTHOR_NOTED = "AuthorNoted"
    CLOCK_RANG = "ClockRang"
    ANSWERED_ELSEWHERE = "AnsweredElsewhere"
    SECOND_OPINION = "SecondOpinion"
    DRAFT_ASKED = "DraftAsked"
    DRAFT_MISSED = "DraftMissed"
    DRAFT_DROPPED = "DraftDropped"
    MODEL_CALLED = "ModelCalled"
    PRESS_ARRIVED = "PressArrived"
    REPLY_PROPOSED = "ReplyProposed"
    REPLY_REVISED = "ReplyRevised"
    REPLY_APPROVED = "ReplyApproved"
    REPLY_QUORUM_REACHED = "ReplyQuorumReached"
    REPLY_QUORUM_RAISED = "ReplyQuorumRaised"
    REPLY_UNDONE = "ReplyUndone"
    APPROVAL_VOIDED = "ApprovalVoided"
    PUBLISHING_STARTED = "PublishingStarted"
    REPLY_RESENT = "ReplyResent"
    REPLY_PUBLISHED = "ReplyPublished"
    REPLY_PENDING = "ReplyPending"
    REPLY_REJECTED = "ReplyRejected"
    REPLY_HANDED_OFF = "ReplyHandedOff"
    REPLY_UNCERTAIN = "ReplyUncertain"
    REPLY_WITHDRAWN = "ReplyWithdrawn"
    REPLY_SETTLED = "ReplySettled"
    REPLY_VANISHED = "ReplyVanished"
    FAILURE_RETRIED = "FailureRetried"
    FAILURE_DONE = "FailureDone"
    CONTENT_ERASED = "ContentErased"
    PAUSED = "Paused"
    RESUMED = "Resumed"
    CRISIS_OPENED = "CrisisOpened"
    CRISIS_CLOSED = "CrisisClosed"
    MUTED = "Muted"
    UNMUTED = "Unmuted"
    SAMPLE_PLAYED = "SamplePlayed"
    SAMPLE_ARCHIVED = "SampleArchived"
    ACCOUNT_FAILED = "AccountFailed"
    ACCOUNT_RECOVERED = "AccountRecovered"
    PERSON_CHANGED = "PersonChanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row for the log, before it has a number: ids and small values only, never a text."""

    fact: Fact
    actor: str | None = None
    ticket: str | None = None
    reply: str | None = None
    item: int | None = None
    content: int | None = None
    data: dict[str, object] = field(default_factory=dict)
