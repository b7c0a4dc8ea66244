"""What can be set about a feed."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _address(url: str) -> str:
    """The address of a feed. Raises ValueError."""
    url = url.strip()
    url = f"https:{url[5:]}" if url.startswith("feed:") and url.startswith("//", 5) else url
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("must be the address of a feed, like https://blog.example/feed.xml")
    return url


class Config(BaseModel):
    """One feed: RSS, Atom, JSON Feed, or an alert of a search engine that is delivered as a feed.

    `url` is the feed's address. A feed behind a password takes `user:password` as the account's secret,
    `PORTAVOZ_SECRET_<ID>`. Every `poll_seconds` it is asked whether it has changed, less often where it asks for that
    itself. `first_hours` is how old an entry may be that is taken in at the very first start. `timeout` is in seconds,
    for each request. With `press` its entries are headlines that are listed and told in the digest, and no tickets.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="feed", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["feed"] = "feed"
    url: Annotated[str, AfterValidator(_address)]
    poll_seconds: float = Field(default=900, ge=0.05, le=24 * 3600)
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    press: bool = False
    timeout: float = Field(default=20, gt=0, le=55)
