"""What Discord has to be told about the bot: the rights it needs, and the link that invites it with exactly these.

Rights: discord.com/developers/docs/topics/permissions (their bits are part of the link).
"""

from __future__ import annotations

import base64

from bot.locale import text
from handlers.chats.discord.words import STEPS

RIGHTS = {
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
}
"""What is needed for tickets: nothing that takes anything away from anybody."""
WISHED = {"manage_channels": 1 << 4, "manage_threads": 1 << 34}
"""What makes a forum's tags, and takes locked threads out again; without them people make the tags."""


PORTAL = "https://discord.com/developers/applications"


def application_of(token: str) -> str:
    """The id that a bot's token begins with, in base64; empty for what is no token."""
    first = token.partition(".")[0]
    try:
        found = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return ""
    return found if found.isdigit() else ""


def steps(application: str, variable: str, locale: str) -> str:
    """The walk through it, with the link; `APPLICATION_ID` stands where we do not know it."""
    rights = ", ".join([*RIGHTS, *WISHED])
    lines = []
    for number, step in enumerate(STEPS.values(), 1):
        lines.append(f"{number}. {text(locale, step, portal=PORTAL, variable=variable, rights=rights)}")
        if "{rights}" in step:
            lines.append(f"   {link(application or 'APPLICATION_ID')}")
    return "\n".join(lines) + "\n"


def link(application: str, *, tags: bool = True) -> str:
    """The address that adds the bot to a server; `tags`: also with the right to make a forum's tags."""
    bits = sum(RIGHTS.values()) + (sum(WISHED.values()) if tags else 0)
    scope = "bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={application}&scope={scope}&permissions={bits}"
