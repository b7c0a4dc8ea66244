"""What the desk calls things: an emoji and an English msgid each; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.messages import Fact
from bot.core.types import Kind, ReplyState, Sentiment, Severity, TicketStatus


@dataclass(frozen=True, slots=True)
class Word:
    """How something is shown: never by its picture or its colour alone."""

    emoji: str
    label: str


EMOJI: Mapping[str, str] = {
    Kind.COMPLAINT: "😠",
    Kind.QUESTION: "❓",
    Kind.SUGGESTION: "💡",
    Kind.PRAISE: "💛",
    Kind.COMMENT: "💬",
    Kind.SPAM: "🗑️",
    Kind.NOISE: "🔕",
    Severity.LOW: "▫️",
    Severity.NORMAL: "▪️",
    Severity.HIGH: "🔶",
    Severity.CRITICAL: "🚨",
    Sentiment.NEGATIVE: "🙁",
    Sentiment.NEUTRAL: "😐",
    Sentiment.POSITIVE: "🙂",
    TicketStatus.OPEN: "📬",
    TicketStatus.WAITING: "⏳",
    TicketStatus.SNOOZED: "⏰",
    TicketStatus.CLOSED: "📁",
    ReplyState.DRAFTING: "🖋️",
    ReplyState.PROPOSED: "📝",
    ReplyState.APPROVED: "✅",
    ReplyState.PUBLISHING: "📤",
    ReplyState.PENDING: "🕓",
    ReplyState.PUBLISHED: "📢",
    ReplyState.UNCERTAIN: "❔",
    ReplyState.REJECTED: "⛔",
    ReplyState.HANDED_OFF: "🤝",
    ReplyState.WITHDRAWN: "🚫",
}
"""One picture for each value; `bot.locale.label` has its name."""
REPLY_STATES: Mapping[str, str] = {
    ReplyState.DRAFTING: "Draft is being written",
    ReplyState.PROPOSED: "Draft waits for approval",
    ReplyState.APPROVED: "Approved, going out",
    ReplyState.PUBLISHING: "Being published",
    ReplyState.PENDING: "Waits for the network's moderators",
    ReplyState.PUBLISHED: "Published",
    ReplyState.UNCERTAIN: "Outcome unknown: please look",
    ReplyState.REJECTED: "Rejected by the network",
    ReplyState.HANDED_OFF: "To be posted by hand",
    ReplyState.WITHDRAWN: "Withdrawn",
}
BUTTONS: Mapping[str, Word] = {
    "approve": Word("✅", "Approve"),
    "edit": Word("✏️", "Edit"),
    "redraft": Word("🔁", "Redraft"),
    "refuse": Word("✖️", "Refuse the draft"),
    "undo": Word("↩️", "Undo"),
    "settle": Word("🔎", "Say what became of it"),
    "reply": Word("💬", "Write a reply"),
    "claim": Word("👀", "Claim"),
    "escalate": Word("⏫", "Escalate"),
    "close": Word("🙈", "No reply needed"),
    "snooze": Word("⏰", "Snooze"),
    "wait": Word("⏳", "Wait"),
    "reopen": Word("📬", "Open again"),
    "note": Word("🗒️", "Note"),
    "assign": Word("👤", "Assign"),
    "kind": Word("🏷️", "Kind"),
    "severity": Word("🌡️", "Severity"),
    "ask": Word("🙋", "Ask a colleague"),
}
ON_REPLY = ("approve", "edit", "redraft", "refuse", "undo", "settle", "reply")
ON_TICKET = ("claim", "escalate", "close", "snooze", "wait", "reopen", "note", "ask", "assign", "kind", "severity")
VERDICTS: Mapping[str, Word] = {
    "approve": Word("✅", "approved"),
    "refuse": Word("✖️", "refused"),
    "undo": Word("↩️", "took the approval back of"),
    "void": Word("⚠️", "voided the approvals of"),
}
SPANS = (60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""For how many minutes a button puts a ticket away; the command box takes any span."""
NOTES: Mapping[str, Word] = {
    "note": Word("🗒️", "Note"),
    "question": Word("🙋", "Question"),
}
LIGHTS: Mapping[str, str] = {"ok": "🟢", "warn": "🟡", "red": "🔴"}
"""One picture for each state of a light; `bot.locale.light` has the words."""
FACTS: Mapping[str, str] = {
    Fact.ITEM_ARRIVED: "A message arrived",
    Fact.ITEM_EDITED: "The author edited a message",
    Fact.ITEM_REMOVED: "A message vanished from the network",
    Fact.TICKET_OPENED: "Ticket opened",
    Fact.TICKET_REOPENED: "Ticket opened again",
    Fact.TICKET_CLAIMED: "Claimed",
    Fact.TICKET_ASSIGNED: "Assigned",
    Fact.QUESTION_ASKED: "A colleague was asked",
    Fact.TICKET_WAITING: "Waiting",
    Fact.TICKET_SNOOZED: "Snoozed",
    Fact.TICKET_WOKEN: "Back from snoozing",
    Fact.TICKET_CLOSED: "Closed",
    Fact.TICKET_ESCALATED: "Escalated",
    Fact.KIND_SET: "Kind corrected",
    Fact.SEVERITY_SET: "Severity corrected",
    Fact.NOTE_ADDED: "Note added",
    Fact.ANSWERED_ELSEWHERE: "Answered outside Portavoz",
    Fact.REPLY_PROPOSED: "Reply proposed",
    Fact.REPLY_REVISED: "Reply revised",
    Fact.REPLY_APPROVED: "Approved",
    Fact.REPLY_QUORUM_REACHED: "Enough people approved",
    Fact.REPLY_QUORUM_RAISED: "More people must approve now",
    Fact.REPLY_UNDONE: "Approval taken back",
    Fact.APPROVAL_VOIDED: "Approvals voided",
    Fact.PUBLISHING_STARTED: "Publishing started",
    Fact.REPLY_RESENT: "Sent again, safely",
    Fact.REPLY_PUBLISHED: "Published",
    Fact.REPLY_PENDING: "Waits for the network's moderators",
    Fact.REPLY_REJECTED: "Rejected by the network",
    Fact.REPLY_HANDED_OFF: "Handed over to be posted by hand",
    Fact.REPLY_UNCERTAIN: "Outcome unknown",
    Fact.REPLY_WITHDRAWN: "Reply withdrawn",
    Fact.REPLY_VANISHED: "Our reply vanished from the network",
    Fact.REPLY_SETTLED: "Somebody said what became of it",
    Fact.CONTENT_ERASED: "Contents erased",
    Fact.MUTED: "Muted",
    Fact.UNMUTED: "Unmuted",
    Fact.PAUSED: "Everything outgoing was paused",
    Fact.RESUMED: "Outgoing replies go on",
    Fact.CRISIS_OPENED: "Crisis rules on",
    Fact.CRISIS_CLOSED: "Crisis rules off",
    Fact.ACCOUNT_FAILED: "An account failed",
    Fact.ACCOUNT_RECOVERED: "An account works again",
    Fact.PERSON_CHANGED: "The team changed",
}
PROBLEMS: Mapping[str, str] = {
    "superseded": "A newer message made this draft out of date.",
    "refused": "The team refused this draft.",
    "closed": "The ticket was closed.",
    "not_posted": "It was not posted.",
    "answer_lost": "The network's answer was lost.",
    "answer lost": "The network's answer was lost.",
}
"""Why a reply came to nothing, where `bot.locale.sentences.BECAUSE` has no words for it."""
MARKED = frozenset(
    {"threatens_deletion", "mass_mention", "foreign_link", "asks_personal_data", "repeats_personal_data"}
)
"""The rules whose `words` are a passage of the text, to be marked there."""
LACKS: Mapping[str, str] = {
    "too_long": "The text is too long: 20,000 characters at most.",
    "no_revision": "The form does not say which revision it is about.",
    "no_text": "There is no text yet.",
    "no_span": "Choose for how long.",
    "no_fate": "Say whether it stands on the network.",
    "no_person": "Choose a colleague.",
    "no_kind": "Choose a kind.",
    "no_severity": "Choose a severity.",
}
"""What a form lacks."""
TABS: Mapping[str, str] = {
    "open": "Open",
    "mine": "Mine",
    "snoozed": "Snoozed",
    "closed": "Closed",
}
"""The tabs above the list."""
