"""Feeds as a network: blogs, forums, news and alerts are listened to; what is approved is posted by a person."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.feed.adapter import FeedNetwork
from handlers.networks.feed.config import Config

__all__ = ["Config", "FeedNetwork", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,  # noqa: ARG001 - the cursor says all there is to keep
    brand: str | None = None,  # noqa: ARG001 - nobody speaks here
) -> FeedNetwork:
    """The feed at `config.url`; `secret` is a `user:password` for one that asks for it."""
    return FeedNetwork(config, secret=secret)
