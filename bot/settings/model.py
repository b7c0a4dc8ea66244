"""All settings, in one typed place. The table in the documentation is made from the descriptions below."""

from __future__ import annotations

import ipaddress
import re
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SkipValidation

from bot.core.digest import Schedule
from bot.core.routing import Route
from bot.core.types import Person, Room
from bot.settings.clocks import Hours, OnCall, Sla, TargetEntry
from bot.settings.digests import DigestEntry, ObjectiveEntry
from bot.settings.entries import (
    Backup,
    Brand,
    ChatEntry,
    DrafterEntry,
    Flag,
    Language,
    Line,
    Locale,
    Minutes,
    NetworkEntry,
    Part,
    PersonEntry,
    Quorum,
    RoomEntry,
    RouteEntry,
    Watch,
    Zone,
    zone,
)
from bot.settings.secrets import Secrets

_SQLITE = re.compile(r"sqlite(\+aiosqlite)?:///(?P<path>.+)")
_POSTGRES = re.compile(r"postgres(ql)?(\+psycopg)?://[^\s#]*/[^\s#/]+")
_WEB = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


def _proxy(value: str) -> str:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError("does not appear to be an IPv4 or IPv6 network") from None  # its own words repeat the value
    return value


def _web(value: str) -> str:
    if _WEB.fullmatch(value) is None:
        raise ValueError("is not an address like https://bot.example.com")
    return value.rstrip("/")


def _database(value: str) -> str:
    if _POSTGRES.fullmatch(value):
        return value
    match = _SQLITE.fullmatch(value)
    if match is None or match["path"].lstrip("/") == ":memory:" or "?" in value:
        raise ValueError("is neither an SQLite file nor the address of a PostgreSQL database")
    return value


Web = Annotated[str, AfterValidator(_web)]
Port = Annotated[int, Field(strict=True, ge=0, le=65535)]


class Settings(Part):
    """What the process was told. Made by `bot.settings.load`, never by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    data: Path = Field(Path("data"), description="Folder for all state.")
    host: Line = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: Port = Field(8600, description="Port to listen on; 0 takes a free one. `PORT` is honoured too.")
    base_url: Web | None = Field(
        None, description="Address that people and networks reach the web side under; when not given, host and port."
    )
    database_url: Annotated[str, AfterValidator(_database)] | None = Field(
        None,
        description="`sqlite:///` and a file, or the address of a PostgreSQL database (`postgresql://`...); "
        "when not given, `portavoz.db` in the data folder. `DATABASE_URL` is honoured too.",
        repr=False,
    )
    trusted_proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = Field(
        (), description="Addresses or networks of proxies whose forwarding headers are believed."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="`auto`: text on a terminal, JSON otherwise."
    )
    metrics: Flag = Field(
        default=True,
        description="Whether `/metrics` is there: for this machine alone, or for whoever knows "
        "`PORTAVOZ_SECRET_METRICS`; see [Monitoring](#monitoring).",
    )
    locale: Locale = Field("en", description="The team's language; people and rooms may have their own.")
    timezone: Zone = Field("UTC", description="The team's time zone, like `Europe/Madrid`.")
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = Field(
        ("es", "en"), description="Languages that comments are expected in."
    )
    prompts: Path | None = Field(
        None,
        description="Folder of your own texts; see [Voice, facts and prompts](#voice-facts-and-prompts).",
    )
    undo_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = Field(
        10, description="Seconds between an approval and the publication; 2 while nothing is configured."
    )
    approval_hours: Annotated[int, Field(strict=True, ge=1, le=24 * 30)] = Field(
        24, description="Hours after which an approval that was not used expires."
    )
    claim_minutes: Minutes = Field(15, description="Minutes that a claim keeps others from editing.")
    reopen_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = Field(
        30, description="Days within which a new message reopens a ticket instead of making a new one."
    )
    demo: Flag = Field(
        default=True,
        description="Whether the demo team of Ana and Luis stands in while nobody is configured; "
        "with a network other than the wall only when this is set.",
    )
    brand: Brand = Brand()
    quorum: Quorum = Quorum()
    sla: Sla = Sla()
    hours: Hours = Hours()
    oncall: OnCall = OnCall()
    backup: Backup = Backup()
    watch: Watch = Watch()
    drafter: DrafterEntry = DrafterEntry()
    digest: DigestEntry = DigestEntry()
    people: tuple[PersonEntry, ...] = ()
    networks: tuple[NetworkEntry, ...] = ()
    chats: tuple[ChatEntry, ...] = ()
    rooms: tuple[RoomEntry, ...] = ()
    routes: tuple[RouteEntry, ...] = ()
    objectives: tuple[ObjectiveEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    config_file: Path | None = None
    secrets: SkipValidation[Secrets] = Field(default_factory=Secrets, exclude=True, repr=False)

    @property
    def database(self) -> Path:
        """The file of the embedded database, where no server is configured; see `postgres`."""
        match = _SQLITE.fullmatch(self.database_url or "")
        return Path(match["path"]) if match else self.data / "portavoz.db"

    @property
    def postgres(self) -> str | None:
        """The address of the PostgreSQL database, with its password; None where the embedded one is used."""
        return self.database_url if _POSTGRES.fullmatch(self.database_url or "") else None

    @property
    def public_url(self) -> str:
        """Where people find the web side, without a slash at the end."""
        if self.base_url:
            return self.base_url
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 # read, not bound
        return (
            f"http://[{host}]:{self.port}" if host.count(":") > 1 and "[" not in host else f"http://{host}:{self.port}"
        )

    @property
    def tz(self) -> tzinfo:
        """The team's time zone."""
        return zone(self.timezone)

    def secret(self, id: str, part: str = "") -> str | None:
        """The secret of a network or chat: `PORTAVOZ_SECRET_<ID>`, or `..._<ID>_<PART>` where one needs several."""
        return self.secrets.get(id, part)

    def as_people(self) -> tuple[Person, ...]:
        """The team, as the core knows people."""
        return tuple(
            Person(
                id=entry.id,
                name=entry.name,
                role=entry.role,
                locale=entry.locale or self.locale,
                signature=entry.signature,
                identities=frozenset(entry.identities.items()),
            )
            for entry in self.people
        )

    def as_rooms(self) -> tuple[Room, ...]:
        """The rooms, as the core knows them."""
        return tuple(
            Room(
                id=entry.id,
                chat=entry.chat,
                native_id=entry.native_id,
                locale=entry.locale or self.locale,
            )
            for entry in self.rooms
        )

    def as_schedules(self) -> dict[str, Schedule]:
        """When each room gets its digest; rooms that get none are left out."""
        made = {entry.id: self.digest.schedule(entry, self.timezone) for entry in self.rooms}
        return {room: schedule for room, schedule in made.items() if schedule is not None}

    def as_routes(self) -> tuple[Route, ...]:
        """The routes, as the core knows them."""
        return tuple(entry.as_route() for entry in self.routes)
