"""The parts of a configuration: brand, clocks, people, networks, chats, rooms, routes."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.routing import Route
from bot.core.types import AuthorFlag, Kind, Role, Severity

_ENDPOINT = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_DOMAIN = re.compile(r"[^\s/:@.]+(\.[^\s/:@.]+)+")


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("contains characters that cannot be seen")
    return value


def _domain(value: str) -> str:
    if _DOMAIN.fullmatch(value) is None:
        raise ValueError("is not a domain like example.com")
    return value.lower().removeprefix("www.")


def _endpoint(value: str) -> str:
    if value and _ENDPOINT.fullmatch(value) is None:
        raise ValueError("is not an address like https://models.example.com/v1")
    return value.rstrip("/")


def zone(name: str) -> tzinfo:
    """The time zone of that name. Raises ValueError for none that this computer knows."""
    if name == "UTC":
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone like Europe/Madrid that this computer knows") from None


def _zone(value: str) -> str:
    zone(value)
    return value


_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Span = Annotated[str, Field(pattern=r"^(off|[1-9]\d{0,3}[mhd])$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
At = Annotated[str, Field(pattern=r"^(off|([01]\d|2[0-3]):[0-5]\d)$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WeekdayOrOff = Literal[Weekday, "off"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")]
Zone = Annotated[str, AfterValidator(_zone)]
Type = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_printable)]
Domain = Annotated[str, Field(max_length=253), AfterValidator(_domain)]
Flag = Annotated[bool, Field(strict=True)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Locale = Literal["en", "es"]
Minutes = Annotated[int, Field(strict=True, ge=1, le=60 * 24 * 60)]
People = Annotated[int, Field(strict=True, ge=1, le=2)]


class Part(BaseModel):
    """Immutable, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Brand(Part):
    """Who speaks."""

    name: Name = Field("Portavoz", description="The name that replies speak for.")
    own_domains: tuple[Domain, ...] = Field((), description="Domains that replies may link to.")
    formality: Literal["tu", "usted", "vos"] = Field(
        "tu", description="How replies in Spanish address people, unless the voice says."
    )
    signature: Flag = Field(
        default=False,
        description="Whether drafts end with the signature of the person who is on it, unless the voice says.",
    )


class Backup(Part):
    """Backups that the bot makes by itself."""

    every: Span = Field(
        "1d", description="How often the embedded database is backed up by itself, like `6h` or `7d`; `off`: never."
    )
    at: Clock | None = Field(
        None, description="The time of day for that, like `03:30` in the team's time zone; `every` is then in days."
    )
    keep: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        7, description="How many of those backups are kept. Others are never touched."
    )
    folder: Path | None = Field(None, description="Folder for backups; when not given, `backups` in the data folder.")

    @model_validator(mode="after")
    def _days_at_a_time(self) -> Self:
        if self.at is not None and self.period is not None and not self.every.endswith("d"):
            raise ValueError('`at` goes with whole days: every = "1d"')
        return self

    @property
    def period(self) -> timedelta | None:
        """`every` as a span; None for never."""
        if self.every == "off":
            return None
        return timedelta(**{_UNITS[self.every[-1]]: int(self.every[:-1])})


class Watch(Part):
    """Looking whether what was published, and what was commented, still stands there."""

    days: Annotated[int, Field(strict=True, ge=0, le=30)] = Field(
        3, description="For how many days it is watched whether replies and comments vanish; 0: not at all."
    )
    per_hour: Annotated[int, Field(strict=True, ge=1, le=600)] = Field(
        30, description="How many of them are looked at in an hour, for each account."
    )


class DrafterEntry(Part):
    """The model that writes drafts, where one does."""

    type: Type | None = Field(
        None, description="`openai` for a model behind an endpoint of that kind; without it, texts of the bot's own."
    )
    model: Line = Field("", description="The model's name, as its endpoint knows it.")
    base_url: Annotated[str, AfterValidator(_endpoint)] = Field(
        "", description="The endpoint, like `http://127.0.0.1:11434/v1`; when not given, OpenAI's own."
    )
    timeout: Annotated[float, Field(ge=0.1, le=120)] = Field(
        20.0, description="Seconds in which the model has to answer; then the bot's own draft stands."
    )
    concurrency: Annotated[int, Field(strict=True, ge=1, le=32)] = Field(
        4, description="How many answers are waited for at a time, by each process."
    )
    second_opinion: Flag = Field(
        default=False, description="Whether the model judges kind and severity too; severity is the higher of the two."
    )
    keep_calls: Flag = Field(
        default=True, description="Whether what it was told and what it said is kept, with personal data masked."
    )
    price_input: Annotated[float, Field(ge=0, le=100_000)] = Field(
        0.0, description="Price of a million tokens that the model reads, in any one currency."
    )
    price_output: Annotated[float, Field(ge=0, le=100_000)] = Field(
        0.0, description="Price of a million tokens that it writes, in the same currency."
    )
    tokens_per_day: Annotated[int, Field(ge=1)] | None = Field(
        None, description="Tokens, read and written, after which nothing more is asked on that day."
    )
    money_per_day: Annotated[float, Field(gt=0)] | None = Field(
        None, description="Money after which nothing more is asked on that day, in the currency of the prices."
    )

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.type is not None and not self.model:
            raise ValueError("`model` has to be named")
        return self


class Quorum(Part):
    """How many people must approve."""

    critical: People = Field(2, description="How many people must approve a reply on a critical ticket.")
    crisis: People = Field(2, description="How many people must approve a reply during a crisis.")


class PersonEntry(Part):
    """A member of the team."""

    id: Id = Field(description="Short name for commands: `@ana`.")
    name: Name = Field(description="The name that colleagues see.")
    role: Role = Field(Role.AGENT, description="`viewer`, `agent`, `approver` or `lead`.")
    locale: Locale | None = Field(None, description="Language of the person; the team's when not given.")
    signature: Name | None = Field(None, description="How the person signs, for example `^Ana`.")
    identities: dict[Id, Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict, description="The person's native id on each chat, by the chat's id."
    )


class AdapterEntry(BaseModel):
    """Something outside that an adapter speaks with. Further fields are the adapter's own and checked by it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Id = Field(description="Short name of the account.")
    type: Type = Field(description="Which network: the adapter's name.")
    expires: date | None = Field(
        None, description="The day on which its token runs out, like `2027-01-31`, where the service does not tell it."
    )

    @property
    def fields(self) -> dict[str, object]:
        """What belongs to the adapter."""
        return dict(self.__pydantic_extra__ or {})


class NetworkEntry(AdapterEntry):
    """Where comments come from. Further fields are the adapter's own and checked by it."""

    noise: tuple[Literal["emoji", "tags"], ...] = Field(
        ("emoji", "tags"),
        description="Which public comments are folded away as noise: `emoji` those of nothing but emoji, `tags` those "
        "that only mention other people; `[]`: none.",
    )


class ChatEntry(AdapterEntry):
    """Where the team talks. Further fields are the adapter's own and checked by it."""

    id: Id = Field(description="Short name of the chat.")
    type: Type = Field(description="Which chat: the adapter's name.")


class RoomEntry(Part):
    """A place in a chat."""

    id: Id = Field(description="Short name of the room.")
    chat: Id = Field(description="Id of the chat that it is in.")
    native_id: Line = Field("", description="What the chat calls it: a channel's or group's id.")
    locale: Locale | None = Field(None, description="Language of the room; the team's when not given.")
    timezone: Zone | None = Field(None, description="Time zone of the room's digest; `digest.timezone` when not given.")
    digest: At | None = Field(None, description="When this room gets its digest; `digest.at` when not given.")
    digest_weekdays: tuple[Weekday, ...] = Field(
        (), description="Days on which it does; `digest.weekdays` when not given."
    )
    digest_weekly: WeekdayOrOff | None = Field(
        None, description="Day on which it tells the whole week before; `digest.weekly` when not given."
    )


class RouteEntry(Part):
    """Which tickets go to which rooms; the first route whose conditions all hold wins."""

    room: Id = Field(description="Id of the room.")
    also: tuple[Id, ...] = Field((), description="Ids of further rooms that show the same tickets, in any chat.")
    network: Type | None = Field(None, description="Only from networks of this type.")
    account: Id | None = Field(None, description="Only from the network with this id.")
    kind: Kind | None = Field(None, description="Only comments of this kind.")
    min_severity: Severity | None = Field(None, description="Only from this severity on.")
    language: Language | None = Field(None, description="Only in this language.")
    flag: AuthorFlag | None = Field(None, description="Only of people flagged `vip`, `advocate` or `press`.")

    def as_route(self) -> Route:
        """As the core wants it."""
        return Route(
            room=self.room,
            network=self.network,
            account=self.account,
            kind=self.kind,
            min_severity=self.min_severity,
            language=self.language,
            flag=self.flag,
            also=self.also,
        )
