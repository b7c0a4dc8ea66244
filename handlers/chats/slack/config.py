"""What can be set for a Slack workspace in `[[chats]]`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.reactions import VERBS
from bot.core.types import Role

_WEB = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def _address(value: str) -> str:
    if _WEB.fullmatch(value) is None:
        raise ValueError("is not an address like https://slack.com/api/")
    return value.rstrip("/") + "/"


def _verb(value: str) -> str:
    if value and value not in VERBS:
        raise ValueError(f"is no verb that an emoji can stand for; choose among {', '.join(sorted(VERBS))}")
    return value


class Config(BaseModel):
    """A Slack workspace.

    Secrets come from the environment: `PORTAVOZ_SECRET_<ID>` (the bot token, `xoxb-`), `..._<ID>_APP` (the app
    token, `xapp-`, for Socket Mode) and `..._<ID>_SIGNING` (the signing secret, for HTTP).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "slack"
    type: Literal["slack"] = "slack"
    mode: Literal["socket", "http"] = Field(
        "socket", description="How Slack reaches the bot: `socket` needs no public address, `http` is signed requests."
    )
    base_url: Annotated[str, AfterValidator(_address)] = Field(
        "https://slack.com/api/", description="Address of Slack's Web API."
    )
    command: str = Field("/portavoz", pattern=r"^/[a-z0-9_-]{1,31}$", description="The slash command.")
    reactions: dict[str, Annotated[str, AfterValidator(_verb)]] = Field(
        default_factory=dict,
        description="The team's own emoji, by name: `{lgtm = 'approve'}`; an empty verb switches a default off.",
    )
    snooze_hours: int = Field(4, ge=1, le=24 * 30, description="For how many hours the emoji for snoozing does.")
    default_role: Role | None = Field(
        Role.VIEWER,
        description="Role of members of the workspace who are not in `[[people]]`: `viewer`, or more.",
    )
    groups: dict[Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,20}$")], Role] = Field(
        default_factory=dict, description="Roles by user group: `{S0123456789 = 'approver'}`."
    )
    on_call_group: Annotated[str, Field(pattern=r"^S[A-Z0-9]{2,20}$")] | None = Field(
        None, description="User group that is called when a target has passed or something critical comes in."
    )
    messages_per_second: float = Field(
        1.0, gt=0, le=10_000, description="New messages in a channel; Slack takes about one a second."
    )
