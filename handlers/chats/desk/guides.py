"""How to connect what is not connected yet: the lines of configuration, and the secrets that they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """The lines for the configuration, and those for the environment. `words.HOW` says where to get what they need."""

    name: str
    lines: str
    secrets: tuple[str, ...] = ()


_CHATS: Mapping[str, Guide] = {
    "slack": Guide(
        "Slack",
        '[[chats]]\nid = "slack"\ntype = "slack"\n\n[[rooms]]\nid = "care"\nchat = "slack"\nnative_id = "C0123456789"',
        ("PORTAVOZ_SECRET_SLACK=xoxb-…", "PORTAVOZ_SECRET_SLACK_APP=xapp-…"),
    ),
    "discord": Guide(
        "Discord",
        '[[chats]]\nid = "discord"\ntype = "discord"\n\n[[rooms]]\nid = "care"\nchat = "discord"\n'
        'native_id = "112233445566778899"',
        ("PORTAVOZ_SECRET_DISCORD=…",),
    ),
    "telegram": Guide(
        "Telegram",
        '[[chats]]\nid = "telegram"\ntype = "telegram"\n\n[[rooms]]\nid = "care"\nchat = "telegram"\n'
        'native_id = "-1001234567890"',
        ("PORTAVOZ_SECRET_TELEGRAM=123456:…",),
    ),
}


def chat_guide(type: str) -> Guide:
    """How to connect a team chat of this type."""
    return _CHATS.get(type) or _plain("chats", type)


def network_guide(type: str) -> Guide:
    """How to add a network of this type; further lines are the adapter's own."""
    return _plain("networks", type)


def _plain(table: str, type: str) -> Guide:
    lines = f'[[{table}]]\nid = "{type}"\ntype = "{type}"'
    return Guide(type.capitalize(), lines, (f"PORTAVOZ_SECRET_{type.upper()}=…",))
