"""Secrets that a chat has not been given: the environment variables that want to be set, told all at once."""

from __future__ import annotations


def missing_secret(chat: str, *parts: str) -> str:
    """`PORTAVOZ_SECRET_TEAM_APP is not set`, for each missing part (the chat's own is empty); empty for none."""
    names = [
        "PORTAVOZ_SECRET_" + "_".join(word for word in (chat, part) if word).upper().replace("-", "_") for part in parts
    ]
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} not set" if names else ""
