"""What Discord's messages call things that no other chat has: English msgids; the catalogue has the other languages."""

from __future__ import annotations

from collections.abc import Mapping

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
