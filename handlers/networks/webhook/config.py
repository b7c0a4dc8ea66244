"""What can be set about a webhook account."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.attachments import is_loopback


def _endpoint(url: str) -> str:
    """An address that we may call. Raises ValueError."""
    parts = urlsplit(url)
    if not parts.hostname or "@" in parts.netloc or parts.fragment or parts.query or not url.isprintable():
        raise ValueError("must be an address without query and password, like https://shop.example/portavoz/replies")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(url)):
        raise ValueError("must begin with https://, else others could read what is written there")
    return url


def _page(url: str) -> str:
    """An address that people may be sent to. Raises ValueError."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise ValueError("must be the address of a page, like https://shop.example/reviews")
    return url


Endpoint = Annotated[str, AfterValidator(_endpoint), Field(max_length=1000)]


class Config(BaseModel):
    """One platform that speaks Standard Webhooks; the shared secret is the account's, `PORTAVOZ_SECRET_<ID>`.

    Events come to `/hooks/<id>`. Approved replies go to `reply_url`; without it people post them by hand, under the
    comment's link or else on the page `url`, so one of the two is needed. `item_url` is where a comment is read again
    before a reply goes out. `reply_hours` is how long after a comment the platform takes an answer, for comments that
    come without a `reply_by` of their own. `name` is what the account is called on the platform. `max_length` is how
    long a reply may be there, in what `measure` says. `rate_per_minute` is how many requests one address may send; this
    machine may send any number. `timeout` is in seconds, for each request of ours.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="webhook", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["webhook"] = "webhook"
    name: str | None = Field(default=None, min_length=1, max_length=120)
    url: Annotated[str, AfterValidator(_page), Field(max_length=1000)] | None = None
    reply_url: Endpoint | None = None
    item_url: Endpoint | None = None
    reply_hours: float | None = Field(default=None, gt=0, le=8760)
    max_length: int | None = Field(default=None, ge=1, le=1_000_000)
    measure: Literal["characters", "graphemes"] = "characters"
    rate_per_minute: int = Field(default=600, ge=1, le=100_000)
    timeout: float = Field(default=20, gt=0, le=55)

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.reply_url is None and self.url is None:
            raise ValueError("set reply_url, or else url: the page where people post replies by hand")
        return self

    @property
    def path(self) -> str:
        """Where the platform calls us."""
        return f"/hooks/{self.id}"
