"""What can be set about Telegram as a network."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.attachments import is_loopback


def _origin(url: str) -> str:
    """The address of a Bot API server, without a slash at its end. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("must begin with https://, else the token could be read on its way")
    return url.rstrip("/")


class Config(BaseModel):
    """One bot among people; its token is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `chats` are the numbers of the groups (and of channels' discussion groups) that are listened to, as in
    `-1001234567890`; none are all that the bot is in. With `private` what people write to the bot alone comes in too.
    Who is of the team becomes no ticket: `team` are numbers of people, with `admins_are_team` the groups'
    administrators as well. `timeout` is in seconds, for each request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="telegram-community", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["telegram"] = "telegram"
    base_url: Annotated[str, AfterValidator(_origin)] = "https://api.telegram.org"
    chats: frozenset[Annotated[int, Field(lt=0)]] = frozenset()
    private: bool = True
    team: frozenset[Annotated[int, Field(gt=0)]] = frozenset()
    admins_are_team: bool = True
    timeout: float = Field(default=20, gt=0, le=55)
