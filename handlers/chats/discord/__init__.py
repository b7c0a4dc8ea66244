"""Discord as a team chat. What is long to load is loaded when a server is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ports import Keep
from bot.core.types import Person
from handlers.chats.discord.config import Config
from handlers.chats.discord.invite import application_of, steps

if TYPE_CHECKING:
    from handlers.chats.discord.adapter import DiscordChat

__all__ = ["Config", "create", "invitation"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001  # every chat is offered it
    base_url: str,
    secret: str | None,
    secrets: Callable[[str], str | None],  # noqa: ARG001
    keep: Keep,
    people: Sequence[Person],
    demo: bool,  # noqa: ARG001
    brand: str,  # noqa: ARG001
    trusted_proxies: Sequence[str],  # noqa: ARG001
    clock: Callable[[], datetime] | None = None,
    tz: tzinfo = UTC,
    locale: str = "en",
) -> DiscordChat:
    """A Discord server, or several that the same bot is in.

    Args:
        config: the chat's part of the configuration.
        data: the data directory; nothing is kept there.
        base_url: our own public address: cards lead to the pages of the desk, if there is one.
        secret: the bot's token.
        secrets: there are no further ones.
        keep: where threads and messages are remembered.
        people: the team as configured, for names.
        demo: nobody may be somebody else in Discord.
        brand: not shown here.
        trusted_proxies: no request reaches us from outside.
        clock: the time, aware; for tests.
        tz: the team's time zone, for what is typed; times on cards follow each reader's own.
        locale: the language of those who have none of their own.
    """
    from handlers.chats.discord.adapter import DiscordChat, utc_now  # noqa: PLC0415 -- the settings need no client

    return DiscordChat(
        config,
        token=secret or "",
        keep=keep,
        people=people,
        locale=locale,
        clock=clock or utc_now,
        tz=tz,
        base_url=base_url,
    )


def invitation(config: Config, *, secret: str | None, application: str, locale: str) -> str:
    """How the bot gets into a server: the steps and the link. Without `application` its id is read off the token."""
    variable = f"PORTAVOZ_SECRET_{config.id.upper().replace('-', '_')}"
    return steps(application or application_of(secret or ""), variable, locale)
