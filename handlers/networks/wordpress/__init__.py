"""WordPress as a network: comments of a site come in, held ones too; approved replies go out below them."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.wordpress.adapter import WordPressNetwork
from handlers.networks.wordpress.config import Config

__all__ = ["Config", "WordPressNetwork", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,
    brand: str | None = None,  # noqa: ARG001 - the account has a name of its own
) -> WordPressNetwork:
    """The account whose `name:application password` is `secret`; without one, everything raises AuthExpired."""
    return WordPressNetwork(config, secret=secret, keep=keep)
