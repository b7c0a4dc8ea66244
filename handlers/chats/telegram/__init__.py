"""Telegram as a team chat. What is long to load is loaded when a bot is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ports import Keep
from bot.core.types import Person
from handlers.chats.telegram.config import Config
from handlers.chats.telegram.setup import invitation

if TYPE_CHECKING:
    from handlers.chats.telegram.adapter import TelegramChat

__all__ = ["Config", "create", "invitation"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001  # every chat is offered it
    base_url: str,
    secret: str | None,
    secrets: Callable[[str], str | None],
    keep: Keep,
    people: Sequence[Person],
    demo: bool,  # noqa: ARG001
    brand: str,  # noqa: ARG001
    trusted_proxies: Sequence[str],  # noqa: ARG001
    clock: Callable[[], datetime] | None = None,
    tz: tzinfo = UTC,
    locale: str = "en",
) -> TelegramChat:
    """A bot.

    Args:
        config: the chat's part of the configuration.
        data: the data directory; nothing is kept there.
        base_url: our own public address, for the webhook.
        secret: the bot's token, as BotFather gives it.
        secrets: further secrets by part: `WEBHOOK` (a word that Telegram's calls carry).
        keep: where messages are remembered.
        people: the team as configured, for names and numbers.
        demo: nobody may be somebody else in Telegram.
        brand: not shown here.
        trusted_proxies: calls are trusted by their secret alone.
        clock: the time, aware; for tests.
        tz: the team's time zone: Telegram shows times as they are written.
        locale: the language of those who have none of their own.
    """
    from handlers.chats.telegram.adapter import TelegramChat, utc_now  # noqa: PLC0415 -- the settings need no client

    return TelegramChat(
        config,
        token=secret or "",
        webhook=secrets("WEBHOOK") or "",
        base_url=base_url,
        keep=keep,
        people=people,
        locale=locale,
        clock=clock or utc_now,
        tz=tz,
    )
