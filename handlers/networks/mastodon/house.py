"""One account and what it knows of its instance: who it is, what is allowed, which status began a conversation."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from bot import logs
from bot.core.attachments import is_loopback
from bot.core.types import Item
from handlers.networks.mastodon.config import Config
from handlers.networks.mastodon.reading import (
    Json,
    Me,
    Unreadable,
    id_of,
    item_of,
    mapping,
    me_of,
    objects,
    optional_id,
)
from handlers.networks.mastodon.wire import NotThere, Wire

ROOTS = 20_000
"""How many statuses' conversations are remembered; a forgotten one costs a request."""
log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the instance announces; the defaults are those of Mastodon itself."""

    characters: int = 500
    per_url: int = 23
    streaming: str | None = None


def status_path(id: str, *more: str) -> str:
    """The path of a status; an id from elsewhere stays one part of it."""
    return "/".join(["/api/v1/statuses", quote(id, safe=""), *more])


class House:
    """What the parts of the adapter share."""

    def __init__(self, config: Config, wire: Wire) -> None:
        self.config = config
        self.wire = wire
        self.limits = Limits(characters=config.max_characters or Limits().characters)
        self._me: Me | None = None
        self._roots: OrderedDict[str, str] = OrderedDict()

    # --- who and where ----------------------------------------------------------------------------------------

    async def me(self, *, again: bool = False) -> Me:
        """The account that the token belongs to. Raises AdapterError."""
        if self._me is None or again:
            answer = await self.wire.get("/api/v1/accounts/verify_credentials")
            try:
                self._me = me_of(answer)
            except Unreadable as error:
                raise NotThere("What answers at base_url is no Mastodon instance.") from error
        return self._me

    async def read_limits(self) -> None:
        """Ask the instance for its limits; what it does not tell stays as it was. Raises AdapterError."""
        try:
            told = await self.wire.get("/api/v2/instance")
        except NotThere:  # before Mastodon 4.0
            told = await self.wire.get("/api/v1/instance")
        configuration = _at(told, "configuration")
        statuses = _at(configuration, "statuses")
        urls = _at(configuration, "urls") or _at(told, "urls")
        self.limits = Limits(
            characters=self.config.max_characters or _count(statuses, "max_characters", 500),
            per_url=_count(statuses, "characters_reserved_per_url", 23),
            streaming=self._streaming(urls.get("streaming") or urls.get("streaming_api")),
        )

    @property
    def stream_origin(self) -> str:
        """Where the stream is."""
        return self.limits.streaming or self.config.base_url

    def _streaming(self, told: Any) -> str | None:
        """The streaming server as an HTTP origin; the token goes there encrypted or not at all."""
        parts = urlsplit(told) if isinstance(told, str) and told.isascii() and len(told) < 300 else None
        if parts is None or parts.scheme not in {"wss", "https"} or "@" in parts.netloc:
            return None
        # A server on this machine streams by itself, whatever name it goes by.
        return None if is_loopback(self.config.base_url) else f"https://{parts.netloc}"

    # --- statuses ---------------------------------------------------------------------------------------------

    async def context(self, id: str) -> tuple[list[Json], list[Json]]:
        """What stands above and below a status, each oldest first. Raises AdapterError, NotThere among them."""
        found = await self.wire.get(status_path(id, "context"))
        told = found if isinstance(found, dict) else {}
        above, below = objects(told.get("ancestors")), objects(told.get("descendants"))
        root = next((one for status in above[:1] if (one := optional_id(status, "id"))), id)
        for status in [*above, *below, {"id": id}]:
            self.belongs(optional_id(status, "id"), root)
        return above, below

    def belongs(self, id: str | None, root: str) -> None:
        """Remember the conversation of a status, unless it is known."""
        if id is not None and id not in self._roots:
            self._roots[id] = root
            if len(self._roots) > ROOTS:
                self._roots.popitem(last=False)

    async def root(self, status: Json) -> str:
        """The status that began the conversation. Raises AdapterError or Unreadable."""
        native, parent = id_of(status), optional_id(status, "in_reply_to_id")
        if native not in self._roots and parent is not None and parent not in self._roots:
            try:
                await self.context(native)
            except NotThere:
                self.belongs(native, parent)
        self.belongs(native, native if parent is None else self._roots.get(parent, parent))
        return self._roots[native]

    async def item(self, status: Any, thread: str | None = None) -> Item | None:
        """A status as an item; None where it is not what Mastodon documents, which must not stop the others."""
        try:
            payload = mapping(status)
            me = await self.me()
            return item_of(payload, account=self.config.id, me=me, thread=thread or await self.root(payload))
        except Unreadable as error:
            log.warning("mastodon.unreadable", account=self.config.id, problem=str(error))
            return None


def _at(payload: Any, key: str) -> Json:
    found = payload.get(key) if isinstance(payload, dict) else None
    return found if isinstance(found, dict) else {}


def _count(payload: Json, key: str, default: int) -> int:
    value = payload.get(key)
    return value if type(value) is int and 0 < value <= 10_000_000 else default
