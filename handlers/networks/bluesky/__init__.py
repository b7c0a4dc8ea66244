"""Bluesky as a network: replies, mentions and quotes come in, approved replies go out below them."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.bluesky.adapter import BlueskyNetwork
from handlers.networks.bluesky.config import Config

__all__ = ["BlueskyNetwork", "Config", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,
    brand: str | None = None,  # noqa: ARG001 - the account has a name of its own
) -> BlueskyNetwork:
    """The account `config.handle`, signed in with the app password `secret`; without one, all raises AuthExpired."""
    return BlueskyNetwork(config, password=secret, keep=keep)
