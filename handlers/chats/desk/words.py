"""What the desk calls things: an emoji and an English msgid each; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.messages import Fact
from bot.core.reactions import EMOJI as SIGN
from bot.core.types import Role
from bot.locale.authoring import FLAGS
from bot.locale.showing import BUTTONS, EMOJI, LIGHTS, REPLY_STATES, VERDICTS, Word

__all__ = [
    "BUTTONS",
    "DUE",
    "EMOJI",
    "FACTS",
    "FLAGS",
    "HOW",
    "LACKS",
    "LETTERS",
    "LIGHTS",
    "MARKED",
    "NOTES",
    "NOTHING_THERE",
    "ON_REPLY",
    "ON_TICKET",
    "REACTIONS",
    "REPLY_STATES",
    "ROLES",
    "SECTIONS",
    "SIGN",
    "SORTING",
    "SPANS",
    "SPAN_PROBLEMS",
    "STATES",
    "VERDICTS",
    "VIEWS",
    "WHERE",
    "Word",
]

ON_REPLY = ("approve", "edit", "redraft", "refuse", "undo", "settle", "reply")
ON_TICKET = ("claim", "escalate", "close", "snooze", "wait", "reopen", "note", "ask")
SORTING = ("assign", "kind", "severity")
"""What corrects a ticket that is not closed, whatever stands in its controls."""
SPANS = (60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""For how many minutes a button puts a ticket away; the command box takes any span."""
REACTIONS: Mapping[str, str] = {
    "approve": "yes",
    "claim": "I am on it",
    "redraft": "another one",
    "escalate": "help",
    "close": "not needed",
}
"""What an emoji under a draft says."""
NOTES: Mapping[str, Word] = {
    "note": Word("🗒️", "Note"),
    "question": Word("🙋", "Question"),
}
FACTS: Mapping[str, str] = {
    Fact.ITEM_ARRIVED: "A message arrived",
    Fact.ITEM_EDITED: "The author edited a message",
    Fact.ITEM_REMOVED: "A message vanished from the network",
    Fact.ITEM_RELEASED: "The network's moderators let a message through",
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
    Fact.AUTHOR_FLAGGED: "The person's flag was changed",
    Fact.AUTHOR_NOTED: "Noted about the person",
    Fact.CLOCK_RANG: "The team was told of the clock",
    Fact.ANSWERED_ELSEWHERE: "Answered outside Portavoz",
    Fact.SECOND_OPINION: "The model is of another opinion",
    Fact.DRAFT_ASKED: "The model was asked for a draft",
    Fact.DRAFT_MISSED: "The model brought no draft",
    Fact.DRAFT_DROPPED: "The model's draft came too late",
    Fact.MODEL_CALLED: "The call to the model is on record",
    Fact.PRESS_ARRIVED: "The press wrote something",
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
    Fact.FAILURE_RETRIED: "Somebody wanted it tried again",
    Fact.FAILURE_DONE: "Somebody took care of what was given up",
    Fact.CONTENT_ERASED: "Contents erased",
    Fact.MUTED: "Muted",
    Fact.UNMUTED: "Unmuted",
    Fact.PAUSED: "Everything outgoing was paused",
    Fact.RESUMED: "Outgoing replies go on",
    Fact.CRISIS_OPENED: "Crisis rules on",
    Fact.CRISIS_CLOSED: "Crisis rules off",
    Fact.SAMPLE_PLAYED: "Sample day played",
    Fact.SAMPLE_ARCHIVED: "Sample day put away",
    Fact.ACCOUNT_FAILED: "An account failed",
    Fact.ACCOUNT_RECOVERED: "An account works again",
    Fact.PERSON_CHANGED: "The team changed",
}
MARKED = frozenset(
    {
        *("threatens_deletion", "mass_mention", "foreign_link", "asks_personal_data", "repeats_personal_data", "fault"),
        *("compensation", "unsupported_promise", "blames", "irony", "apology_to_praise", "advice", "model_slip"),
    }
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
VIEWS: Mapping[str, Word] = {
    "open": Word("📥", "Inbox"),
    "unread": Word("🔵", "Unread"),
    "mine": Word(BUTTONS["assign"].emoji, "Mine"),
    "overdue": Word("⏱️", "Overdue"),
    "waiting": Word("⏳", "Waiting"),
    "snoozed": Word(SIGN["snooze"], "Snoozed"),
    "closed": Word("📁", "Closed"),
}
"""The parts of the queue, as `queue.VIEWS` names them."""
NOTHING_THERE: Mapping[str, str] = {
    "open": "All answered",
    "unread": "You have read everything.",
    "mine": "Nothing is assigned to you. Press “Claim” in a thread to take it on.",
    "overdue": "Nothing is late. Well done.",
    "waiting": "Nothing waits for a customer or a colleague.",
    "snoozed": "Nothing is put away. “Snooze” hides a thread until later.",
    "closed": "Nothing was closed yet.",
}
"""What an empty list says, by its view."""
HOW: Mapping[str, str] = {
    "slack": "Make an app from Portavoz's manifest, install it in the workspace, and invite it to the channel.",
    "discord": "Make an application with a bot in Discord's developer portal, and invite it to the server.",
    "telegram": "Ask @BotFather for a bot, add it to the team's group, and make it an administrator.",
}
"""What is to be done elsewhere before `guides` helps."""
WHERE: Mapping[str, str] = {
    "message": "Their words",
    "reply": "Our words",
    "note": "Note",
    "author": "Name",
    "id": "ID",
}
"""Where a search found something, as `bot.core.search.Where` names it."""
LETTERS: Mapping[str, Word] = {
    "uncertain": Word("❔", "Fate unknown"),
    "handed_off": Word("🤝", "To be posted by hand"),
    "rejected": Word("⛔", "Refused"),
    "vanished": Word("👻", "Not there any more"),
    "dead": Word("🪫", "Given up"),
}
"""Why something waits on the page of failures."""
STATES: Mapping[str, str] = {
    "ok": "Works",
    "failing": "Has trouble, and is tried again",
    "auth": "Its token is dead",
    "unknown": "Not heard of yet",
}
"""How a network does."""
ROLES: Mapping[Role, str] = {
    Role.VIEWER: "reads",
    Role.AGENT: "edits, writes, sorts, claims, asks, closes, takes notes, pauses",
    Role.APPROVER: "approves, refuses, takes back, settles, mutes, opens a crisis",
    Role.LEAD: "resumes, ends a crisis, takes over a claim",
}
"""What each role may do, besides what the one before it may."""
DUE: Mapping[str, str] = {"late": "late: due {when}", "due": "due {when}", "back": "Comes back {when}."}
"""Sentences around a time."""
SPAN_PROBLEMS: Mapping[str, str] = {
    "missing": "The first day is missing. These are the last seven days.",
    "backwards": "That ends before it begins. These are the last seven days.",
    "long": "That is longer than ten years. These are the last seven days.",
}
"""Why a span of days could not be taken as it was written."""
SECTIONS: Mapping[str, Word] = {
    "networks": Word("🌐", "Networks"),
    "rooms": Word("💬", "Rooms"),
    "people": Word("👥", "People"),
    "prompts": Word("📝", "Texts"),
    "rules": Word("⚙️", "Rules"),
}
"""The pages of settings."""
