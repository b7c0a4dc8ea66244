"""What can be set for Discord in `[[chats]]`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.reactions import VERBS
from bot.core.types import Role


def _verb(value: str) -> str:
    if value and value not in VERBS:
        raise ValueError(f"is no verb that an emoji can stand for; choose among {', '.join(sorted(VERBS))}")
    return value


class Config(BaseModel):
    """Discord as a team chat. The bot's token comes from the environment: `PORTAVOZ_SECRET_<ID>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = "discord"
    type: Literal["discord"] = "discord"
    command: str = Field("portavoz", pattern=r"^[a-z0-9_-]{1,32}$", description="The slash command, without its slash.")
    reactions: dict[str, Annotated[str, AfterValidator(_verb)]] = Field(
        default_factory=dict,
        description="The team's own emoji, by name or character: `{lgtm = 'approve'}`; "
        "an empty verb switches a default off.",
    )
    snooze_hours: int = Field(4, ge=1, le=24 * 30, description="For how many hours the emoji for snoozing does.")
    default_role: Role | None = Field(
        None, description="Role of members of the server who are not in `[[people]]`; without one they are strangers."
    )
    roles: dict[Annotated[str, Field(min_length=1, max_length=100)], Role] = Field(
        default_factory=dict, description="Roles by the server's own, by id or by name: `{Editors = 'approver'}`."
    )
    on_call_role: Annotated[str, Field(pattern=r"^[0-9]{5,20}$")] | None = Field(
        None, description="Id of the role that is called when a target has passed or something critical comes in."
    )
    archive_after: Literal[60, 1440, 4320, 10080] = Field(
        10080, description="Minutes without news after which Discord puts a ticket's thread away."
    )
