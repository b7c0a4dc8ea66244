"""What Discord's messages call things that no other chat has: English msgids; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping

IN_TEXT = ("approve", "edit", "redraft", "refuse", "undo")
"""What is decided about a wording: buttons under its own message."""
MORE = (
    "reply",
    "edit",
    "redraft",
    "refuse",
    "undo",
    "settle",
    "ask",
    "wait",
    "snooze",
    "escalate",
    "assign",
    "close",
    "reopen",
    "kind",
    "severity",
    "note",
    "author",
)
"""What the menu of a card offers, in this order."""
ALWAYS = ("wait", "assign", "kind", "severity")
"""What can be wished of every ticket that is not closed, though no card proposes it."""
FORMS = frozenset("edit reply redraft refuse settle ask snooze escalate assign close kind severity note".split())
"""Verbs that want words or a choice: a form asks for them."""
SPANS = (60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""For how many minutes the form puts a ticket away."""
LABELS: Mapping[str, str] = {
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
TITLES: Mapping[str, str] = {
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
COMMANDS: Mapping[str, str] = {
    "all": "Tickets, drafts and decisions",
    "line": "Any line of the grammar, like “crisis on”",
    "menu": "Approve reply",
}
"""What Discord's list of commands says about them."""
STEPS: Mapping[str, str] = {
    "application": "Make an application at {portal}; under “Bot” reset the token and set it as {variable}.",
    "intents": "No privileged intent is needed for the team's chat; leave “Requires OAuth2 Code Grant” off.",
    "link": "Open this link, choose the server, and authorise exactly these rights: {rights}",
    "room": "Make a forum channel for the team alone and let the bot's role see it; its id is the room's native_id.",
    "people": "Put each person's user id under [[people]] in “identities”, or give roles of the server under “roles”.",
    "start": "Say `portavoz check`, then `portavoz run`; in Discord `/portavoz help` says the rest.",
}
"""What has to be done, in this order."""
