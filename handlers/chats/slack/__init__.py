"""Slack as a team chat. What is long to load is loaded when a workspace is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ports import Keep
from bot.core.types import Person
from handlers.chats.slack.config import Config
from handlers.chats.slack.manifest import as_yaml, manifest

if TYPE_CHECKING:
    from handlers.chats.slack.adapter import SlackChat

__all__ = ["Config", "create", "setup_text"]


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
) -> SlackChat:
    """A workspace.

    Args:
        config: the chat's part of the configuration.
        data: the data directory; nothing is kept there.
        base_url: our own public address: cards lead to the pages of the desk, if there is one.
        secret: the bot token, `xoxb-...`.
        secrets: further secrets by part: `APP` (the app token), `SIGNING` (the signing secret).
        keep: where threads and messages are remembered.
        people: the team as configured, for names.
        demo: nobody may be somebody else in Slack.
        brand: not shown here.
        trusted_proxies: requests are trusted by their signature alone.
        clock: the time, aware; for tests.
        tz: the team's time zone, for what is typed; times on cards follow each reader's own.
        locale: the language of those who have none of their own.
    """
    from handlers.chats.slack.adapter import SlackChat, utc_now  # noqa: PLC0415 -- the manifest needs no client

    return SlackChat(
        config,
        token=secret or "",
        app_token=secrets("APP") or "",
        signing_secret=secrets("SIGNING") or "",
        keep=keep,
        people=people,
        locale=locale,
        clock=clock or utc_now,
        tz=tz,
        base_url=base_url,
    )


def setup_text(config: Config, base_url: str) -> str:
    """What has to be pasted into Slack to make the app: its manifest, as YAML."""
    return as_yaml(manifest(config, base_url))
