"""One account and what it sees: its session, single posts, and threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot import logs
from bot.core.types import Item
from handlers.networks.bluesky import naming
from handlers.networks.bluesky.config import Config
from handlers.networks.bluesky.payload import Json, Unreadable, at, objects, raw
from handlers.networks.bluesky.reading import item_of
from handlers.networks.bluesky.session import Session
from handlers.networks.bluesky.wire import NotThere, Wire

AT_ONCE = 25
"""Posts in one request, as getPosts documents."""
log = logs.get(__name__)


class Blocked(NotThere):
    """It stands there, but not for us: its author blocked us, or we them."""


class House:
    """What the parts of the adapter share."""

    def __init__(self, config: Config, wire: Wire) -> None:
        self.config = config
        self.wire = wire

    async def me(self) -> Session:
        """Who we are. Raises AdapterError."""
        return await self.wire.sessions.current()

    async def thread(self, uri: str, *, depth: int = 0) -> Json:
        """A post with what stands under it. Raises AdapterError, NotThere and Blocked among them."""
        size = ("depth", str(depth)), ("parentHeight", "0")
        thread = at(await self.wire.get("app.bsky.feed.getPostThread", ("uri", uri), *size), "thread")
        if thread.get("blocked") is True:
            raise Blocked("The author and the account have blocked one another.")
        if thread.get("notFound") is True:
            raise NotThere("The post is not there any more.")
        return thread

    async def posts(self, uris: Sequence[str]) -> dict[str, Json]:
        """Those of at most twenty-five posts that can be seen now, by address. Raises AdapterError."""
        answer = await self.wire.get("app.bsky.feed.getPosts", *(("uris", uri) for uri in uris))
        return {raw(one, "uri"): one for one in objects(answer, "posts")}

    async def own(self, uri: str) -> Json | None:
        """A post of ours as our own server has it, which knows at once; None where none stands. Raises AdapterError."""
        me, parts = await self.me(), naming.parted(uri)
        if parts is None or parts[0] != me.did:
            return None
        place = ("repo", me.did), ("collection", naming.POST), ("rkey", parts[1])
        try:
            found = at(await self.wire.get("com.atproto.repo.getRecord", *place))
        except NotThere:
            return None
        author = {"did": me.did, "handle": me.handle}
        return {"uri": uri, "cid": found.get("cid"), "author": author, "record": found.get("value")}

    async def item(self, view: Any) -> Item | None:
        """A post as an item; None where it is not what the lexicons document, which must not stop the others."""
        me = await self.me()
        try:
            return item_of(at(view), account=self.config.id, me=me, web=self.config.web_url)
        except Unreadable as error:
            log.warning("bluesky.unreadable", account=self.config.id, problem=str(error))
            return None
