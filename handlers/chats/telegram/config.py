"""What can be set for a Telegram bot in `[[chats]]`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.reactions import VERBS
from bot.core.types import Role

_WEB = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def _address(value: str) -> str:
    if _WEB.fullmatch(value) is None:
        raise ValueError("is not an address like https://api.telegram.org")
    return value.rstrip("/")


def _verb(value: str) -> str:
    if value and value not in VERBS:
        raise ValueError(f"is no verb that an emoji can stand for; choose among {', '.join(sorted(VERBS))}")
    return value


class Config(BaseModel):
    """A bot in a Telegram group of the team.

    Secrets come from the environment: `PORTAVOZ_SECRET_<ID>` (the token that BotFather gives) and, with
    `mode = "webhook"`, `..._<ID>_WEBHOOK` (a word of 1 to 256 letters, digits, `_` and `-` of your own).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "telegram"
    type: Literal["telegram"] = "telegram"
    mode: Literal["polling", "webhook"] = Field(
        "polling", description="How updates come: `polling` needs no public address, `webhook` needs one with https."
    )
    base_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://api.telegram.org", description="Address of the Bot API, for a server of your own."
    )
    reactions: dict[str, Annotated[str, AfterValidator(_verb)]] = Field(
        default_factory=dict,
        description="The team's own emoji: `{'👍' = 'approve'}`; an empty verb switches a default off.",
    )
    snooze_hours: int = Field(4, ge=1, le=24 * 30, description="For how many hours the button and emoji put it away.")
    default_role: Role | None = Field(
        None, description="Role of members of the team's groups who are not in `[[people]]`; none: they only read."
    )
    admin_role: Role | None = Field(None, description="Role of the groups' administrators who are not in `[[people]]`.")
    messages_per_minute: float = Field(
        20.0, gt=0, le=1_000_000, description="New messages in a group; Telegram takes 20 a minute."
    )
