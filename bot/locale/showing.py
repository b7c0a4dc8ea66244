"""How things are shown in every chat: a picture and an English msgid each; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.reactions import EMOJI as SIGN
from bot.core.types import AttachmentKind, Kind, ReplyState, Sentiment, Severity, TicketStatus


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
    AttachmentKind.IMAGE: "🖼️",
    AttachmentKind.VIDEO: "🎬",
    AttachmentKind.AUDIO: "🔊",
    AttachmentKind.FILE: "📎",
    AttachmentKind.LINK: "🔗",
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
    "approve": Word(SIGN["approve"], "Approve"),
    "edit": Word(SIGN["edit"], "Edit"),
    "redraft": Word(SIGN["redraft"], "Redraft"),
    "refuse": Word("✖️", "Refuse the draft"),
    "undo": Word(SIGN["undo"], "Undo"),
    "settle": Word("🔎", "Say what became of it"),
    "reply": Word("💬", "Write a reply"),
    "claim": Word(SIGN["claim"], "Claim"),
    "escalate": Word(SIGN["escalate"], "Escalate"),
    "close": Word(SIGN["close"], "No reply needed"),
    "snooze": Word(SIGN["snooze"], "Snooze"),
    "wait": Word("⏳", "Wait"),
    "reopen": Word("📬", "Open again"),
    "note": Word("🗒️", "Note"),
    "assign": Word("👤", "Assign"),
    "kind": Word("🏷️", "Kind"),
    "severity": Word("🌡️", "Severity"),
    "ask": Word("🙋", "Ask a colleague"),
    "author": Word("🪪", "About the person"),
}
VERDICTS: Mapping[str, Word] = {
    "approve": Word(SIGN["approve"], "approved"),
    "refuse": Word("✖️", "refused"),
    "undo": Word(SIGN["undo"], "took the approval back of"),
    "void": Word("⚠️", "voided the approvals of"),
}
LIGHTS: Mapping[str, str] = {"ok": "🟢", "warn": "🟡", "red": "🔴"}
"""One picture for each state of a light; `bot.locale.light` has the words."""
FIELDS: Mapping[str, str] = {
    "text": "Text",
    "hint": "What should be different?",
    "reason": "Reason",
    "question": "Question",
    "person": "Who",
    "span": "For how long",
    "kind": "Kind",
    "severity": "Severity",
    "posted": "Does the reply stand on the network?",
    "url": "Link to it",
}
"""What the fields of forms are called."""
FORMS: Mapping[str, str] = {
    "edit": "Edit the draft",
    "reply": "Write a reply",
    "redraft": "Another draft",
    "refuse": "Refuse the draft",
    "settle": "What became of it",
    "ask": "Ask a colleague",
    "snooze": "Snooze",
    "escalate": "Escalate",
    "assign": "Assign",
    "close": "No reply needed",
    "kind": "Kind",
    "severity": "Severity",
    "note": "Note",
}
"""What forms are called: 24 characters at most."""
