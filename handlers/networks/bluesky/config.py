"""What can be set about a Bluesky account."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.attachments import is_loopback


def _origin(url: str) -> str:
    """The address of a server, without a slash at its end. Raises ValueError."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be the address of a server alone, like https://bsky.social")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("must begin with https://, else the password could be read on its way")
    return f"{parts.scheme}://{parts.netloc}"


def _bare(handle: object) -> object:
    """A handle as programs write it, also where it is written as people do."""
    return handle.strip().removeprefix("@") if isinstance(handle, str) else handle


Origin = Annotated[str, AfterValidator(_origin)]


class Config(BaseModel):
    """One account; its app password is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `handle` is the account's name, like `shop.bsky.social`, or its DID. `base_url` is the server that it signs in at,
    its own PDS where it has one; `web_url` is where links to posts lead. `first_hours` is how old a comment may be that
    is taken in at the very first start. The network is asked every `poll_seconds`. Every `recheck_seconds` twenty-five
    of the newest comments of the last `watch_days` are read again, for removals that nobody is told about. `timeout` is
    in seconds, for each request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="bluesky", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["bluesky"] = "bluesky"
    handle: Annotated[str, BeforeValidator(_bare)] = Field(
        pattern=r"^(did:[a-z]+:[A-Za-z0-9._:%-]{1,200}|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$", max_length=253
    )
    base_url: Origin = "https://bsky.social"
    web_url: Origin = "https://bsky.app"
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    poll_seconds: float = Field(default=10, ge=0.05, le=3600)
    recheck_seconds: float = Field(default=30, ge=0.05, le=3600)
    watch_days: float = Field(default=3, ge=0, le=30)
    timeout: float = Field(default=20, gt=0, le=55)
