"""E-mail as a network: what people write to an address comes in, approved replies go out as mails of that address."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from handlers.networks.mail.adapter import MailNetwork
from handlers.networks.mail.config import Config

__all__ = ["Config", "MailNetwork", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,  # noqa: ARG001 - it calls nobody to us
    secret: str | None = None,
    keep: Keep | None = None,
    brand: str | None = None,
) -> MailNetwork:
    """The mailbox that `secret`, a password, opens; without one, everything raises AuthExpired."""
    return MailNetwork(config, password=secret, keep=keep, brand=brand)
