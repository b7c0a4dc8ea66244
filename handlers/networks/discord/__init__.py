"""Discord as a network: what members write in chosen channels and forums comes in, approved replies go out below it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ports import Keep
from handlers.networks.discord.config import Config

if TYPE_CHECKING:
    from handlers.networks.discord.adapter import DiscordNetwork

__all__ = ["Config", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,  # noqa: ARG001 - the cursor says it all
    brand: str | None = None,  # noqa: ARG001 - the bot has a name of its own
) -> DiscordNetwork:
    """The channels that the bot with the token `secret` hears; without one, everything raises AuthExpired."""
    from handlers.networks.discord.adapter import DiscordNetwork  # noqa: PLC0415 -- the client is long to load

    return DiscordNetwork(config, token=secret or "")
