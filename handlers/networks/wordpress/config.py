"""What can be set about a WordPress site."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.attachments import is_loopback


def _site(url: str) -> str:
    """The address of a site, without a slash at its end. Raises ValueError."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be the address of a site, like https://blog.example")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("must begin with https://, else the password could be read on its way")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class Config(BaseModel):
    """One account on one site; `name:application password` is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `base_url` is the site. `colleagues` are the numbers of other users who answer for the brand: what they write is an
    answer, not a comment; administrators and editors are known by themselves where the account may list users.
    `first_hours` is how old a comment may be that is taken in at the very first start. Every `poll_seconds` the newest
    hundred comments are read, every `recheck_seconds` a further hundred of those of the last `watch_days`, for edits
    and removals. `settle_seconds` is how long after a lost answer a reply is looked for before it is sent again.
    `timeout` is in seconds, for each request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="wordpress", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["wordpress"] = "wordpress"
    base_url: Annotated[str, AfterValidator(_site)]
    colleagues: frozenset[int] = frozenset()
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    poll_seconds: float = Field(default=30, ge=0.05, le=3600)
    recheck_seconds: float = Field(default=60, ge=0.05, le=3600)
    watch_days: float = Field(default=3, ge=0, le=30)
    settle_seconds: float = Field(default=30, ge=0, le=60)
    timeout: float = Field(default=20, gt=0, le=55)
