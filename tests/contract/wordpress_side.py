"""The other side of WordPress: a site, real or a fake of ours in the documented shapes, with all that can go wrong."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Protocol

import httpx

from handlers.networks.wordpress import Config, WordPressNetwork, create
from tests.contract.mastodon_side import Drawer, readable
from tests.contract.network_side import (
    ANONYMOUS,
    ANSWER,
    BESIDE,
    BY_HAND,
    EDIT,
    LIMITED,
    LOSES,
    MODERATION,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)
from tests.support.wordpress_fake import SECRET, WordPressFake

COMMENTS = "/wp/v2/comments"
WHERE = {
    "publish": ("POST", COMMENTS),
    "listen": ("GET", COMMENTS),
    "check": ("GET", "/wp/v2/users/me"),
    "find": ("GET", COMMENTS),
    "current": ("GET", rf"{COMMENTS}/\d+"),
    "conversation": ("GET", COMMENTS),
}


class Site(Protocol):
    """What a site is driven by; see `WordPressFake` and `WordPress`."""

    base: str

    def write(self, text: str, name: str, login: str | None, parent: str | None = None) -> str: ...
    def edit(self, native: str, text: str) -> None: ...
    def set_status(self, native: str, status: str) -> None: ...
    def raw(self, native: str) -> str: ...
    def replies(self, native: str) -> list[str]: ...
    def answer_by_hand(self, native: str, text: str) -> str: ...
    def spoil(self, method: str, route: str, trouble: str, seconds: float) -> None: ...


class WordPressSide:
    """One account on one site."""

    limit = 65_525
    can = frozenset({ANONYMOUS, ANSWER, BY_HAND, EDIT, LIMITED, LOSES, MODERATION, REFUSAL, TROUBLE, WITHDRAW})

    def __init__(
        self, site: Site, secret: str, *, account: str = "blog", timeout: float = 1.5, **settings: Any
    ) -> None:
        self.account = account
        self.site = site
        self.keep = Drawer()
        self._secret = secret
        self._timeout = timeout
        self._settings = {"poll_seconds": 0.1, "recheck_seconds": 0.1, "timeout": timeout, **settings}
        self._connect()

    def _connect(self) -> None:
        config = Config(id=self.account, base_url=self.site.base, **self._settings)
        self.network: WordPressNetwork = create(config, data=Path(), base_url="", secret=self._secret, keep=self.keep)

    async def stop(self) -> None:
        await self.network.aclose()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        # JSON and forms take no halves of pairs; what looks like markup has to be typed as what it looks like.
        text, author = (re.sub("[\ud800-\udfff]", "\ufffd", words) for words in (text, author))
        return self.site.write(html.escape(text, quote=False), author, visitor, answering)

    async def edit(self, native_id: str, text: str) -> None:
        self.site.edit(native_id, text)

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        raise NotImplementedError("comments are words")

    async def withdraw(self, native_id: str) -> None:
        self.site.set_status(native_id, "trash")

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        return self.site.answer_by_hand(native_id, text)

    async def said(self, native_id: str) -> str:
        return readable(html.unescape(self.site.raw(native_id)))

    async def replies(self, native_id: str) -> list[str]:
        return [html.unescape(raw) for raw in self.site.replies(native_id)]

    async def takes(self, native_id: str, text: str) -> bool:
        name, _, password = self._secret.partition(":")
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.post(
                f"{self.site.base}/wp-json/wp/v2/comments",
                json={"post": 1, "parent": int(native_id), "content": html.escape(text, quote=False)},
                auth=(name, password),
            )
        return answer.status_code == 201

    async def lose(self, native_id: str) -> None:
        self.site.set_status(native_id, "trash")

    async def page(self, url: str) -> str:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        return html.unescape(re.sub(r"<[^>]+>", "", answer.text))

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        # Later than the adapter waits, which has to be long enough for a slow machine.
        self.site.spoil(*WHERE[operation], trouble, 2 * self._timeout if trouble == "late" else seconds)

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        self.site.set_status(native_id, refused_because or "approve")


class FakeSide(WordPressSide):
    """The same over a fake of its own, of which there may be several."""

    can = WordPressSide.can | {BESIDE}

    def __init__(self, *, secret: str = SECRET, account: str = "blog", fake: WordPressFake, **settings: Any) -> None:
        super().__init__(fake, secret, account=account, **settings)
        self.fake = fake

    @classmethod
    async def opened(cls, *, site: dict[str, Any] | None = None, **settings: Any) -> FakeSide:
        """Over a site with settings of its own."""
        fake = WordPressFake(**(site or {}))
        await fake.start()
        return cls(fake=fake, **settings)

    async def beside(self) -> FakeSide:
        # Another site, where ids are the same.
        return await self.opened(account=f"{self.account}-2")

    async def stop(self) -> None:
        await super().stop()
        await self.fake.stop()
