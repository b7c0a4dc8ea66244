"""Telegram as a network: groups, comments under a channel's posts, and what people write to the bot alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ports import Keep
from handlers.networks.telegram.config import Config

if TYPE_CHECKING:
    from handlers.networks.telegram.adapter import TelegramNetwork

__all__ = ["Config", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it is asked for, and calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,  # noqa: ARG001 - Telegram itself keeps what was not confirmed
    brand: str | None = None,  # noqa: ARG001 - the bot has a name of its own
) -> TelegramNetwork:
    """The bot that the token `secret` belongs to; without one, everything raises AuthExpired."""
    from handlers.networks.telegram.adapter import TelegramNetwork  # noqa: PLC0415 -- the settings need no client

    return TelegramNetwork(config, token=secret)
