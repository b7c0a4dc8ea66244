"""The app's manifest, made from the settings: what Slack is told about scopes, commands, events, shortcuts and home.

Its form: docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from handlers.chats.slack.config import Config

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "reactions:read",
    "usergroups:read",
    "users:read",
)
"""What the bot may do. The histories are read for our own messages alone, when an answer was lost."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "tokens_revoked",
    "user_change",
)
SHORTCUTS = (
    ("portavoz_approve", "Approve reply", "Say yes to the draft in this thread"),
    ("portavoz_edit", "Edit reply", "Put your words in the draft's place"),
    ("portavoz_close", "Close", "No (further) reply is needed"),
)


def manifest(config: Config, base_url: str) -> dict[str, Any]:
    """What to paste at api.slack.com/apps; `base_url` is where Slack finds us in HTTP mode."""
    http = config.mode == "http"
    address = f"{base_url}/slack/{config.id}"
    command = {
        "command": config.command,
        "description": "Tickets, drafts and decisions",
        "usage_hint": "inbox | show ID | approve ID | help",
        "should_escape": True,
    }
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if http:
        command["url"] = interactivity["request_url"] = events["request_url"] = address
    shortcuts = [
        {"name": name, "type": "message", "callback_id": callback, "description": about}
        for callback, name, about in SHORTCUTS
    ]
    return {
        "display_information": {"name": "Portavoz", "description": "The team's voice in public"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False},
            "bot_user": {"display_name": "portavoz", "always_online": True},
            "shortcuts": shortcuts,
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(value: Mapping[str, Any]) -> str:
    """As YAML: texts are quoted like in JSON, which YAML understands."""
    return "\n".join(_lines(value, "")) + "\n"


def _lines(value: Mapping[str, Any], indent: str) -> list[str]:
    made = []
    for name, part in value.items():
        if isinstance(part, dict):
            made += [f"{indent}{name}:", *_lines(part, indent + "  ")]
        elif isinstance(part, list):
            made.append(f"{indent}{name}:")
            for one in part:
                made += _item(one, indent + "  ")
        else:
            made.append(f"{indent}{name}: {json.dumps(part, ensure_ascii=False)}")
    return made


def _item(value: Any, indent: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{indent}- {json.dumps(value, ensure_ascii=False)}"]
    first, *rest = _lines(value, indent + "  ")
    return [f"{indent}- {first.strip()}", *rest]
