"""The other side of Bluesky on a network that nobody here wrote: a PDS and an AppView, reached through a relay."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.contract.bluesky_side import PASSWORD, BlueskySide
from tests.contract.network_side import PICTURES
from tests.support.bluesky_door import Relay
from tests.support.bluesky_network import BlueskyNetwork
from tests.support.loop_thread import LoopThread

T = TypeVar("T")


@dataclass
class Village:
    """Who has an account on the network, by what name they go, and accounts that nobody has taken yet."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    spare: list[dict[str, Any]] = field(default_factory=list)


class RealSide(BlueskySide):
    """A new account of ours each time; whoever writes to it stays the same, since new accounts take time.

    On the real network pictures have to be uploaded.
    """

    can = BlueskySide.can - {PICTURES}
    patience = 60.0

    def __init__(self, network: BlueskyNetwork, village: Village, account: str = "sky") -> None:
        super().__init__(door=Relay(network.pds), account=account, poll_seconds=0.1, recheck_seconds=0.3, timeout=30)
        self.server = network
        self.village = village
        self.people, self.named = {**village.people}, village.named

    async def start(self) -> None:
        await super().start()
        # A sign-in takes the server a moment each time, on purpose: most tests go on in the session of the new account.
        here = {name: told for name, told in self.shop.items() if name != "didDoc"}
        await self.network._wire.sessions._take(here)

    async def person(self, visitor: str) -> dict[str, Any]:
        if visitor == "tienda" and visitor not in self.people:
            if not self.village.spare:
                self.village.spare += await asyncio.gather(*(self._newcomer(f"tienda {n}") for n in range(8)))
            self.people[visitor] = self.village.spare.pop()
        return await super().person(visitor)

    async def _newcomer(self, name: str) -> dict[str, Any]:
        """A new account, once the AppView has heard of it, which is a little later than its own server."""
        made = await super().person(name)
        del self.people[name]

        async def known() -> bool:
            found = await self.door.call(
                "app.bsky.feed.getAuthorFeed", made["accessJwt"], params=[("actor", made["did"])]
            )
            return found[0] == 200

        await self.seen(known)
        return made

    async def new_password(self) -> str:
        return PASSWORD  # an app password has a test of its own

    async def beside(self) -> RealSide:
        # Another account on the same network.
        other = RealSide(self.server, self.village, f"{self.account}-2")
        await other.start()
        return other

    async def stop(self) -> None:
        self.village.people |= {name: one for name, one in self.people.items() if name != "tienda"}
        await super().stop()


class BlueskyShore:
    """A new account on the network, and whoever writes to it, for tests that are no coroutines."""

    account = "sky"

    def __init__(self, network: BlueskyNetwork, village: Village) -> None:
        self._pds = network.pds
        self._thread = LoopThread("bluesky")
        self.side = RealSide(network, village)
        try:
            self.do(self.side.start())
            self._secret = self.do(BlueskySide.new_password(self.side))
        except BaseException:
            self.close()
            raise

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.do(work, 120)

    def close(self) -> None:
        self.do(self.side.stop())
        self._thread.close()

    @property
    def settings(self) -> str:
        account = f'[[networks]]\nid = "sky"\ntype = "bluesky"\nhandle = "{self.side.shop["handle"]}"\n'
        return f'{account}base_url = "{self._pds}"\npoll_seconds = 0.2\nrecheck_seconds = 1\n'

    @property
    def environ(self) -> Mapping[str, str]:
        return {"PORTAVOZ_SECRET_SKY": self._secret}

    def comment(self, text: str) -> str:
        return self.do(self.side.comment(text))

    def replies(self, native_id: str) -> list[str]:
        return self.do(self.side.replies(native_id))
