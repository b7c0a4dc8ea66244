"""The desk: the embedded web page where a team works when it has no chat, or besides its chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.core.ports import Keep
from bot.core.types import Person
from handlers.chats.desk.adapter import DeskChat, utc_now
from handlers.chats.desk.sessions import issue_link

__all__ = ["Config", "DeskChat", "create", "issue_link"]


class Config(BaseModel):
    """A desk in `[[chats]]`. It needs no more than being there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "desk"
    type: Literal["desk"] = "desk"


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001  # every chat is offered it
    base_url: str,
    secret: str | None,
    keep: Keep,
    people: Sequence[Person],
    demo: bool,
    brand: str,
    trusted_proxies: Sequence[str],
    clock: Callable[[], datetime] = utc_now,
    tz: tzinfo = UTC,
    secrets: Callable[[str], str | None] | None = None,  # noqa: ARG001
    locale: str = "en",  # noqa: ARG001
) -> DeskChat:
    """A desk, ready to serve its `routes()`.

    Args:
        config: the chat's part of the configuration.
        data: the data directory; the desk keeps nothing there.
        base_url: how browsers reach it; https makes its cookies secure.
        secret: mixed into what is kept of sessions. Changing it signs everybody out.
        keep: where sessions, links and messages are kept.
        people: the team as configured, asked before the engine runs.
        demo: whether people may switch to each other's names.
        brand: whose comments these are, for the page's head.
        trusted_proxies: addresses or networks whose `X-Forwarded-User` is believed.
        clock: the time, aware; for tests.
        tz: the team's time zone; a page's script shows times in its browser's own instead.
        secrets: further secrets by part; the desk has none.
        locale: the team's language; everybody who comes in has their own.
    """
    return DeskChat(
        chat=config.id,
        base_url=base_url,
        secret=secret,
        keep=keep,
        people=people,
        demo=demo,
        brand=brand,
        trusted_proxies=trusted_proxies,
        clock=clock,
        tz=tz,
    )
