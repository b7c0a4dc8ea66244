"""Mastodon as a network: mentions, replies and direct messages come in, approved replies go out below them."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.mastodon.adapter import MastodonNetwork
from handlers.networks.mastodon.config import Config

__all__ = ["Config", "MastodonNetwork", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,
    brand: str | None = None,  # noqa: ARG001 - the account has a name of its own
) -> MastodonNetwork:
    """The account that the access token `secret` belongs to; without one, everything raises AuthExpired."""
    return MastodonNetwork(config, token=secret, keep=keep)
