"""Webhooks as a network: any platform that can send and take signed JSON, after Standard Webhooks."""

from __future__ import annotations

from pathlib import Path

from bot.core.ports import Keep
from bot.settings.secrets import variable
from handlers.networks.webhook.adapter import WebhookNetwork
from handlers.networks.webhook.config import Config
from handlers.networks.webhook.signing import Keys, NoSecret

__all__ = ["Config", "WebhookNetwork", "create"]


def create(
    config: Config,
    *,
    data: Path,  # noqa: ARG001 - nothing of it stands in the data folder
    base_url: str,
    secret: str | None = None,
    keep: Keep | None = None,
    brand: str | None = None,
) -> WebhookNetwork:
    """The platform that shares `secret` with us: one `whsec_...`, or a new and an old one with a space between."""
    name = variable(config.id)
    keys: Keys | NoSecret
    try:
        keys = Keys(secret, name)
    except NoSecret as problem:
        keys = problem
    return WebhookNetwork(config, keys=keys, keep=keep, base_url=base_url, brand=brand, variable=name)
