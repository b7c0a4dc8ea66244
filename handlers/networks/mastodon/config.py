"""What can be set about a Mastodon account."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.attachments import is_loopback


def _origin(url: str) -> str:
    """The address of an instance, without a slash at its end. Raises ValueError."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be the address of an instance alone, like https://mastodon.example")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("must begin with https://, else the token could be read on its way")
    return f"{parts.scheme}://{parts.netloc}"


class Config(BaseModel):
    """One account on one instance; the access token is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `base_url` is the instance. `first_hours` is how old a comment may be that is taken in at the very first start.
    `poll_seconds` is how often the instance is asked although it streams; without `stream` that is all. Every
    `recheck_seconds` twenty of the newest comments of the last `watch_days` are read again, for edits and removals
    that the instance tells nobody about. `max_characters` replaces the limit that the instance announces, for
    commands that run without asking it. `timeout` is in seconds, for each request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="mastodon", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["mastodon"] = "mastodon"
    base_url: Annotated[str, AfterValidator(_origin)]
    stream: bool = True
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    poll_seconds: float = Field(default=30, ge=0.05, le=3600)
    recheck_seconds: float = Field(default=30, ge=0.05, le=3600)
    watch_days: float = Field(default=3, ge=0, le=30)
    max_characters: int | None = Field(default=None, ge=100, le=1_000_000)
    timeout: float = Field(default=20, gt=0, le=55)
