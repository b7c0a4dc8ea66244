"""What the bot was told and what it runs with, for people to read. Nothing here is a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.core.routing import Route
from bot.core.types import Room

State = Literal["ok", "failing", "auth", "unknown"]
"""How an adapter does: `auth` means that its token is dead, `unknown` that it was not heard of yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """A configured account: how it does since when, until when its token lives, and what it can do."""

    id: str
    type: str
    state: State = "unknown"
    name: str = ""
    detail: str = ""
    since: datetime | None = None
    expires_at: datetime | None = None
    can_reply: bool = False
    max_length: int | None = None
    ingest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """A file whose text is in force; `sha256` is that of its bytes, in hexadecimal.

    `replaced` says that it is the team's, `moved` that ours changed since it was made from that.
    """

    path: str
    sha256: str
    replaced: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A voice, fact or saved reply of the team's; `valid_until` is the last day on which it is used."""

    path: str
    language: str = ""
    source: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting by its name in the configuration (`quorum.critical`), as it is in force."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What wiring knows of the configuration.

    `chats` are (id, type); `chat_types` and `network_types` are the adapters that there are.
    """

    config_file: str = ""
    chats: tuple[tuple[str, str], ...] = ()
    chat_types: tuple[str, ...] = ()
    network_types: tuple[str, ...] = ()
    prompts_folder: str = ""
    prompts: tuple[PromptFile, ...] = ()
    knowledge: tuple[KnownFile, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All of it, with the accounts as they do now."""

    about: About
    networks: tuple[NetworkView, ...] = ()
    rooms: tuple[Room, ...] = ()
    routes: tuple[Route, ...] = ()
