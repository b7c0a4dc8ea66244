"""The other side of Mastodon: an instance of ours in the documented shapes, with everything that can go wrong."""

from __future__ import annotations

import html
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from handlers.networks.mastodon import Config, MastodonNetwork, create
from tests.contract.network_side import (
    ANSWER,
    BESIDE,
    BY_HAND,
    EDIT,
    HISTORY,
    LIMITED,
    LOSES,
    ONCE,
    PICTURES,
    PRIVATE,
    REFUSAL,
    TROUBLE,
    WITHDRAW,
)
from tests.support.mastodon_fake import SHOP, TOKEN, MastodonFake

STATUS = r"/api/v1/statuses/\d+"
WHERE = {
    "publish": ("POST", "/api/v1/statuses"),
    "listen": ("GET", "/api/v1/notifications"),
    "check": ("GET", "/api/v1/accounts/verify_credentials"),
    "find": ("GET", f"{STATUS}/context"),
    "current": ("GET", STATUS),
    "conversation": ("GET", f"{STATUS}/context"),
}


class Drawer:
    """A `Keep` that outlives adapters, as the store's does."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        self.kept[key] = value

    async def take(self, key: str) -> str | None:
        return self.kept.pop(key, None)


def readable(text: str) -> str:
    """A text as people read it on an instance."""
    lines = re.sub(r"\n{3,}", "\n\n", re.sub(r"\r\n?", "\n", text))
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", lines).strip()


class MastodonSide:
    """One account on one instance."""

    can = frozenset(
        {ANSWER, BESIDE, BY_HAND, EDIT, HISTORY, LIMITED, LOSES, ONCE, PICTURES, PRIVATE, REFUSAL, TROUBLE, WITHDRAW}
    )

    def __init__(self, *, instance: MastodonFake | None = None, account: str = "masto", **settings: Any) -> None:
        self.account = account
        self.instance = instance or MastodonFake()
        self.keep = Drawer()
        self._settings = {"recheck_seconds": 0.1, "poll_seconds": 5, "timeout": 1.5, **settings}

    async def start(self) -> None:
        await self.instance.start()
        self._connect()

    def _connect(self) -> None:
        config = Config(id=self.account, base_url=self.instance.base, **self._settings)
        self.network: MastodonNetwork = create(config, data=Path(), base_url="", secret=TOKEN, keep=self.keep)

    async def stop(self) -> None:
        await self.network.aclose()
        await self.instance.stop()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        # An instance takes no halves of pairs: its JSON is UTF-8.
        text, author = (re.sub("[\ud800-\udfff]", "\ufffd", words) for words in (text, author))
        person = self.instance.person(visitor or "vera", author)
        return self.instance.write(person, f"@tienda {text}", parent=answering).id

    async def edit(self, native_id: str, text: str) -> None:
        self.instance.edit(native_id, f"@tienda {text}")

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        media = [{"id": url.rpartition("/")[2], "type": "image", "url": url, "description": alt}]
        if instead is None:
            return self.instance.write(self.instance.person("vera", "Vera"), f"@tienda {text}", media=media).id
        # Not all software tells the time of an edit.
        self.instance.statuses[instead].media = media
        return instead

    async def withdraw(self, native_id: str) -> None:
        self.instance.withdraw(native_id)

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        return self.instance.write(SHOP, f"@vera {text}", parent=native_id).id

    @property
    def limit(self) -> int:
        return self.instance.characters

    async def takes(self, native_id: str, text: str) -> bool:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.post(
                f"{self.instance.base}/api/v1/statuses",
                json={"status": text, "in_reply_to_id": native_id},
                headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": secrets.token_hex(8)},
            )
        return answer.status_code == 200

    async def whisper(self, text: str) -> str:
        person = self.instance.person("vera", "Vera")
        return self.instance.write(person, f"@tienda {text}", visibility="direct").id

    async def audience(self, native_id: str) -> list[str]:
        below = [one for one in self.instance.statuses.values() if one.parent == native_id and one.account == SHOP]
        return ["private" if one.visibility == "direct" else "public" for one in below]

    async def lose(self, native_id: str) -> None:
        self.instance.withdraw(native_id)

    async def beside(self) -> MastodonSide:
        # Another instance, where ids are the same.
        other = MastodonSide(account=f"{self.account}-2", **self._settings)
        await other.start()
        return other

    async def said(self, native_id: str) -> str:
        return readable(self.instance.statuses[native_id].text.removeprefix("@tienda "))

    async def replies(self, native_id: str) -> list[str]:
        below = [one for one in self.instance.statuses.values() if one.parent == native_id and one.account == SHOP]
        return [re.sub(r"^@\w+ ", "", one.text) for one in below]

    async def page(self, url: str) -> str:
        async with httpx.AsyncClient(verify=False, trust_env=False) as client:  # noqa: S501 -- there is no TLS here
            answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        return html.unescape(re.sub(r"<[^>]+>", "", answer.text))

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        # Later than the adapter waits, which has to be long enough for a slow machine.
        self.instance.spoil(*WHERE[operation], trouble, 2 * seconds if trouble == "late" else seconds)

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        raise NotImplementedError("nothing is moderated first")
