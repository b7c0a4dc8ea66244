"""The other side of Bluesky: people who write through a server, be it a fake of ours or a real network."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from handlers.networks.bluesky import BlueskyNetwork, Config, create
from tests.contract.mastodon_side import Drawer
from tests.contract.network_side import (
    ANSWER,
    BESIDE,
    BY_HAND,
    LIMITED,
    LOSES,
    ONCE,
    PICTURES,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)
from tests.support.bluesky_door import Door
from tests.support.bluesky_fake import GATE, POST, BlueskyFake, iso

WHERE = {
    "publish": "putRecord",
    "listen": "listNotifications",
    "check": "getSession",
    "find": "getRecord",
    "current": "getPostThread",
    "conversation": "getPostThread",
}
PASSWORD = "a-password-of-a-person"
_numbers = itertools.count(int(time.time()) % 1_000_000 * 1000)
Json = dict[str, Any]


def readable(text: str) -> str:
    """A text as people read it."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", re.sub(r"\r\n?", "\n", text)).strip()


class BlueskySide:
    """One account of ours, and whoever writes to it; all of them made anew for each side."""

    can = frozenset({ANSWER, BESIDE, BY_HAND, LIMITED, LOSES, ONCE, PICTURES, REFUSAL, TROUBLE, WITHDRAW})
    limit = 300
    patience = 20.0
    """Seconds until what was written must have been seen by the network."""

    def __init__(self, *, door: Door | None = None, account: str = "sky", **settings: Any) -> None:
        self.account = account
        self.door = door or BlueskyFake()
        self.keep = Drawer()
        self.password = ""
        self.people: dict[str, Json] = {}
        self._settings = {"recheck_seconds": 0.1, "poll_seconds": 0.05, "timeout": 1.5, **settings}
        self._references: dict[str, Json] = {}
        self.named: dict[str, str] = {}
        self._moment = datetime.now(UTC)
        self._last = ""

    async def start(self) -> None:
        await self.door.start()
        self.shop = await self.person("tienda")
        self.password = await self.new_password()
        self._connect()

    async def new_password(self) -> str:
        """An app password, as people make one for a program."""
        made = await self.act("tienda", "com.atproto.server.createAppPassword", {"name": "portavoz"})
        return str(made["password"])

    def _connect(self) -> None:
        base = self.door.base
        config = Config(id=self.account, handle=self.shop["handle"], base_url=base, web_url=base, **self._settings)
        self.network: BlueskyNetwork = create(config, data=Path(), base_url="", secret=self.password, keep=self.keep)

    async def stop(self) -> None:
        await self.network.aclose()
        await self.door.stop()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    # --- people -----------------------------------------------------------------------------------------------

    async def person(self, visitor: str) -> Json:
        """Somebody with an account, and their session."""
        if visitor not in self.people:
            number = next(_numbers)
            account = {"handle": f"{visitor[:6]}{number}.test", "email": f"p{number}@x.test", "password": PASSWORD}
            self.people[visitor] = await self.door.good("com.atproto.server.createAccount", body=account)
        return self.people[visitor]

    async def act(self, visitor: str, nsid: str, body: Json) -> Json:
        found: Json = await self.door.good(nsid, self.people[visitor]["accessJwt"], body=body)
        return found

    async def ask(self, nsid: str, *params: tuple[str, str]) -> Json:
        """What the network tells the shop."""
        found: Json = await self.door.good(nsid, self.shop["accessJwt"], params=list(params))
        return found

    async def seen(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Wait until the network has seen what was written."""
        end = time.monotonic() + self.patience
        while not await check():
            assert time.monotonic() < end, "the network does not see it"
            await asyncio.sleep(0.03)

    async def write(self, visitor: str, text: str, *, answering: str | None = None, **more: Any) -> str:
        """A post; its address. `more` are further fields of the record."""
        who = await self.person(visitor)
        self._moment = max(datetime.now(UTC), self._moment + timedelta(milliseconds=1))
        reply = {"reply": await self.reference_to(answering)} if answering else {}
        record = {"$type": POST, "text": text, "createdAt": iso(self._moment), **reply, **more}
        body = {"repo": who["did"], "collection": POST, "record": record}
        made = await self.act(visitor, "com.atproto.repo.createRecord", body)
        here = {"uri": made["uri"], "cid": made["cid"]}
        self._references[made["uri"]] = {"root": reply["reply"]["root"] if reply else here, "parent": here}
        return str(made["uri"])

    async def reference_to(self, uri: str) -> Json:
        if uri not in self._references:
            _, found = await self.door.shown(uri)
            here = {"uri": uri, "cid": found["cid"]}
            self._references[uri] = {"root": found["value"].get("reply", {}).get("root", here), "parent": here}
        return self._references[uri]

    def reference(self, uri: str) -> Json:
        """What a quote of a post written here points at."""
        found: Json = self._references[uri]["parent"]
        return found

    async def upload(self, visitor: str, contents: bytes) -> Json:
        """A picture, as a record may hold it."""
        headers = {"Authorization": f"Bearer {self.people[visitor]['accessJwt']}", "Content-Type": "image/png"}
        url = f"{self.door.behind}/xrpc/com.atproto.repo.uploadBlob"
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.post(url, content=contents, headers=headers)
        blob: Json = answer.json()["blob"]
        return blob

    def naming(self, text: str) -> Json:
        """A text that begins with our name, with the facet for it."""
        name = f"@{self.shop['handle']}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.shop["did"]}
        facet = {"index": {"byteStart": 0, "byteEnd": len(name)}, "features": [feature]}
        return {"text": f"{name} {text}", "facets": [facet]}

    async def call_themselves(self, visitor: str, name: str) -> None:
        who = await self.person(visitor)
        if self.named.get(visitor) == name:
            return
        self.named[visitor] = name
        record = {"$type": "app.bsky.actor.profile", "displayName": name[:60]}
        place = {"repo": who["did"], "collection": "app.bsky.actor.profile", "rkey": "self"}
        await self.act(visitor, "com.atproto.repo.putRecord", {**place, "record": record})

    # --- the side of the contract -----------------------------------------------------------------------------

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        # A server takes no halves of pairs: its JSON is UTF-8.
        text, author = (re.sub("[\ud800-\udfff]", "\ufffd", words) for words in (text, author))
        await self.call_themselves(visitor or "vera", author)
        return await self.told(await self.write(visitor or "vera", answering=answering, **self.naming(text)))

    async def told(self, uri: str) -> str:
        """Wait until we are told of a post; its address."""

        async def told() -> bool:
            shown = await self.ask("app.bsky.notification.listNotifications", ("limit", "100"))
            return any(one["uri"] == uri for one in shown["notifications"])

        await self.seen(told)
        self._last = uri
        return uri

    async def edit(self, native_id: str, text: str) -> None:
        raise NotImplementedError("nobody edits on Bluesky")

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        image = {"$type": "blob", "ref": {"$link": url}, "mimeType": "image/png", "size": 1}
        embed = {"$type": "app.bsky.embed.images", "images": [{"alt": alt, "image": image}]}
        if instead is None:
            return await self.told(await self.write("vera", embed=embed, **self.naming(text)))
        did, collection, rkey = instead.removeprefix("at://").split("/")
        _, standing = await self.door.shown(instead)
        record = {**standing["value"], "embed": embed}
        place = {"repo": did, "collection": collection, "rkey": rkey}
        await self.act("vera", "com.atproto.repo.putRecord", {**place, "record": record})
        return instead

    async def withdraw(self, native_id: str) -> None:
        did, collection, rkey = native_id.removeprefix("at://").split("/")
        visitor = next(name for name, one in self.people.items() if one["did"] == did)
        place = {"repo": did, "collection": collection, "rkey": rkey}
        await self.act(visitor, "com.atproto.repo.deleteRecord", place)

        async def gone() -> bool:
            return (await self.ask("app.bsky.feed.getPosts", ("uris", native_id)))["posts"] == []

        await self.seen(gone)

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        uri = await self.write("tienda", text, answering=native_id)

        async def shown() -> bool:
            feed = await self.ask("app.bsky.feed.getAuthorFeed", ("actor", self.shop["did"]))
            return any(one["post"]["uri"] == uri for one in feed["feed"])

        await self.seen(shown)
        return uri

    async def takes(self, native_id: str, text: str) -> bool:
        record = {"$type": POST, "text": text, "createdAt": iso(datetime.now(UTC))}
        body = {"repo": self.shop["did"], "collection": POST, "record": record}
        status, _ = await self.door.call("com.atproto.repo.createRecord", self.shop["accessJwt"], body=body)
        return status == 200

    async def lose(self, native_id: str) -> None:
        await self.withdraw(native_id)

    async def beside(self) -> BlueskySide:
        other = BlueskySide(account=f"{self.account}-2", **self._settings)
        await other.start()
        return other

    async def said(self, native_id: str) -> str:
        _, found = await self.door.shown(native_id)
        return readable(found["value"]["text"].removeprefix(f"@{self.shop['handle']} "))

    async def replies(self, native_id: str) -> list[str]:
        """As our own server has them, which knows at once; the network sees them a little later."""
        place = ("repo", self.shop["did"]), ("collection", POST), ("limit", "100")
        records = [one["value"] for one in (await self.ask("com.atproto.repo.listRecords", *place))["records"]]
        own = [one for one in records if one.get("reply", {}).get("parent", {}).get("uri") == native_id]
        return [one["text"] for one in sorted(own, key=lambda one: str(one["createdAt"]))]

    async def page(self, url: str) -> str:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        if trouble == "rejected":
            await self.close_thread(self._last)
        else:
            self.door.spoil(WHERE[operation], trouble, seconds)

    async def close_thread(self, uri: str) -> None:
        """Its author lets nobody reply any more."""
        did, _, rkey = uri.removeprefix("at://").split("/")
        gate = {"$type": GATE, "post": uri, "allow": [], "createdAt": iso(datetime.now(UTC))}
        place = {"repo": did, "collection": GATE, "rkey": rkey, "record": gate}
        await self.act("vera", "com.atproto.repo.putRecord", place)

        async def closed() -> bool:
            posts = (await self.ask("app.bsky.feed.getPosts", ("uris", uri)))["posts"]
            return bool(posts[0]["viewer"].get("replyDisabled"))

        await self.seen(closed)

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        raise NotImplementedError("nothing is moderated first")
