"""What can be set about a mailbox."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.attachments import is_loopback
from handlers.networks.mail.headers import ADDRESS

Security = Literal["tls", "starttls", "plain"]
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "plain": 143}
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "plain": 25}


def _address(text: str) -> str:
    """A mail address in lower case. Raises ValueError."""
    text = text.strip().lower()
    if not ADDRESS.fullmatch(text):
        raise ValueError("must be a mail address, like hello@shop.example")
    return text


def _line(text: str) -> str:
    """Words for a header. Raises ValueError."""
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text.strip()


Line = Annotated[str, AfterValidator(_line)]


class Config(BaseModel):
    """One mailbox: read by IMAP, answered by SMTP; the password is the account's secret, `PORTAVOZ_SECRET_<ID>`.

    `host`, `port` and `security` are those of the IMAP server; `smtp_host` (else the same), `smtp_port` and
    `smtp_security` of the one that sends. `plain` is for this very machine alone. `user` is the name to log in with,
    else the `address`, which the replies come from under the `name` (else the brand's). `folders` are read; in the
    folder `sent` the replies are kept and looked for, and what stands there was written by the team. `first_hours` is
    how old a mail may be that is taken in at the very first start. Every `poll_seconds` all folders are looked at,
    though the server tells of new mail in the first one. `timeout` is in seconds, for each step.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(default="mail", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    type: Literal["mail"] = "mail"
    host: Line = Field(min_length=1, max_length=253)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "tls"
    user: Line | None = Field(default=None, min_length=1, max_length=320)
    address: Annotated[str, AfterValidator(_address)]
    name: Line = Field(default="", max_length=100)
    folders: tuple[Line, ...] = Field(default=("INBOX",), min_length=1, max_length=20)
    sent: Line | None = Field(default=None, min_length=1, max_length=200)
    smtp_host: Line | None = Field(default=None, min_length=1, max_length=253)
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_security: Security = "tls"
    first_hours: float = Field(default=24, ge=0, le=24 * 366)
    poll_seconds: float = Field(default=60, ge=0.05, le=1500)
    timeout: float = Field(default=20, gt=0, le=55)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for host, security in ((self.host, self.security), (self.outgoing_host, self.smtp_security)):
            if security == "plain" and not is_loopback(f"http://{f'[{host}]' if ':' in host else host}"):
                raise ValueError("plain is for this machine alone, else the password could be read on its way")
        if self.sent in self.folders:
            raise ValueError("the folder `sent` cannot be one of `folders` too")
        if len(set(self.folders)) < len(self.folders):
            raise ValueError("a folder stands twice in `folders`")
        return self

    @property
    def login(self) -> str:
        """The name to log in with, at both servers."""
        return self.user or self.address

    @property
    def outgoing_host(self) -> str:
        """The server that sends."""
        return self.smtp_host or self.host

    @property
    def every_folder(self) -> tuple[str, ...]:
        """Those with incoming mail, then the one with ours."""
        return (*self.folders, self.sent) if self.sent else self.folders
