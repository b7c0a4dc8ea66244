"""What can be set about Discord as a network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Snowflake = Annotated[str, Field(pattern=r"^[0-9]{5,20}$")]


class Config(BaseModel):
    """Channels of a server; the bot's token is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `channels` are ids of text channels and forums, their threads included; with `direct_messages` also what people
    write to the bot alone. Who is of the team becomes no ticket: `team` are ids of users, `team_roles` ids or names of
    roles. `first_hours` is how old a message may be that is taken in at the very first start. Every `poll_seconds`
    all channels are read although the gateway tells what happens.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="discord-community", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["discord"] = "discord"
    channels: tuple[Snowflake, ...] = Field(min_length=1, max_length=50)
    direct_messages: bool = False
    team: frozenset[Snowflake] = frozenset()
    team_roles: frozenset[Annotated[str, Field(min_length=1, max_length=100)]] = frozenset()
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    poll_seconds: float = Field(default=300, ge=1, le=3600)
