"""A model of a network: it keeps posts as its kind of idempotency says, and answers as a script tells it to.

What stands on it is public and can be counted. Its own copies of what it was told lag behind (`lag` seconds), as
those of large networks do.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.ports import Capabilities, Idempotency, Intake
from bot.core.types import (
    Account,
    Author,
    Budget,
    Gone,
    Item,
    OutgoingReply,
    Pending,
    Posted,
    PublishResult,
    Rejected,
    Unknown,
    version_of,
)
from tests.support.engine_world import Clock, comment

Answer = Literal[
    "posted",
    "posted_lost",
    "posted_unknown",
    "posted_slow",
    "posted_bug",
    "lost",
    "unknown",
    "slow",
    "bug",
    "busy",
    "dead",
    "rejected",
    "handed",
    "permanent",
    "pending",
    "pending_lost",
]
ANSWERS: tuple[Answer, ...] = Answer.__args__  # type: ignore[attr-defined]
STANDS = frozenset({"posted", "posted_lost", "posted_unknown", "posted_slow", "posted_bug"})
KINDS: tuple[Idempotency, ...] = Idempotency.__args__  # type: ignore[attr-defined]
WINDOW = timedelta(hours=1)
BY_HAND = "https://example.org/by-hand"


@dataclass
class Post:
    """A reply of the brand's account as it stands on the network."""

    id: str
    target: str
    text: str
    key: str | None
    at: datetime
    by: str = "bot"
    live: bool = True


@dataclass
class ModelNetwork:
    """One account on the network. `scripts` holds the next answers of `publish` by target; then everything works."""

    clock: Clock
    kind: Idempotency = "client_id"
    window: timedelta | None = None
    moderates: bool = False
    lag: float = 0.0
    account: str = "wall"
    comments: dict[str, Item] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    scripts: dict[str, deque[Answer]] = field(default_factory=dict)
    calls: list[OutgoingReply] = field(default_factory=list)
    looked: int = 0
    reading: deque[Exception] = field(default_factory=deque)
    finding: deque[Exception] = field(default_factory=deque)
    before_call: Callable[[OutgoingReply], Awaitable[None]] | None = None
    retry_after: float | None = 7.0
    budget: Budget = field(default_factory=lambda: Budget(rate=100_000.0, burst=100_000))
    listening: Callable[[Intake, str | None], Awaitable[None]] | None = None
    checks: int = 0
    tells_gone: bool = False
    reply_window: timedelta | None = None
    account_trouble: Exception | None = None
    read: list[str] = field(default_factory=list)

    # --- the outside world -------------------------------------------------------------------------------------------

    def write(self, native_id: str, text: str = "The soup was cold", **more: object) -> Item:
        """A customer comments."""
        made = comment(native_id, text, account=self.account, created_at=self.clock(), **more)
        self.comments[native_id] = made
        return made

    def edit(self, native_id: str, text: str) -> Item:
        """Its author edits a comment."""
        before = self.comments[native_id]
        self.comments[native_id] = replace(before, text=text, version=version_of(text), edited_at=self.clock())
        return self.comments[native_id]

    def remove(self, native_id: str) -> None:
        """Its author takes a comment away."""
        del self.comments[native_id]

    def by_hand(self, target: str, text: str) -> Item:
        """A colleague answers in the network's own pages."""
        return self.seen(self._post(target, text, None, by="colleague"))

    def seen(self, post: Post) -> Item:
        """A post of ours as the network shows it."""
        return Item(
            account=self.account,
            native_id=post.id,
            version=version_of(post.text),
            author=Author(id="brand", name="The brand"),
            text=post.text,
            created_at=post.at,
            thread_key="t",
            parent=post.target,
            url=f"https://example.org/{post.id}",
            ours=True,
        )

    def say(self, target: str, *answers: Answer) -> None:
        """What `publish` answers next for this target."""
        self.scripts[target] = deque(answers)

    def under(self, target: str) -> list[Post]:
        """What the brand has said under a comment."""
        return [post for post in self.posts if post.target == target]

    # --- the port ----------------------------------------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"poll"}),
            can_reply=True,
            reply_window=self.reply_window,
            idempotency=self.kind,
            idempotency_window=WINDOW if self.kind == "key_window" else self.window,
            async_publication=self.moderates,
            max_length=5000,
            tells_gone=self.tells_gone,
            budget=self.budget,
        )

    async def check(self) -> Account:
        self.checks += 1
        if self.account_trouble is not None:
            raise self.account_trouble
        return Account(name="The brand")

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        if self.listening is None:
            await asyncio.Event().wait()
        else:
            await self.listening(intake, cursor)

    async def conversation(self, item: Item) -> list[Item]:
        if self.reading:
            raise self.reading.popleft()
        replies = [self.seen(post) for post in self.under(item.native_id) if post.live and self._visible(post)]
        theirs = [other for other in self.comments.values() if other.parent == item.native_id]
        return sorted([*replies, *theirs], key=lambda one: one.created_at)

    async def current(self, item: Item) -> Item | Gone:
        if self.reading:
            raise self.reading.popleft()
        self.read.append(item.native_id)
        if item.ours:
            return next((self.seen(post) for post in self.posts if post.id == item.native_id and post.live), Gone())
        return self.comments.get(item.native_id) or Gone()

    def measure(self, text: str) -> int:
        return len(text)

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        self.calls.append(reply)
        if self.before_call is not None:
            await self.before_call(reply)
        script = self.scripts.get(reply.target.native_id)
        answer = script.popleft() if script else "posted"
        result = self._do(reply, live=not answer.startswith("pending")) if answer in _DOES else None
        if isinstance(result, Rejected):
            return result
        if answer in ("posted_lost", "pending_lost", "lost"):
            raise OutcomeUnknown("the connection broke")
        if answer in ("posted_unknown", "unknown"):
            return Unknown(detail="502")
        if answer in ("posted_slow", "slow"):
            await asyncio.Event().wait()
        if answer in ("posted_bug", "bug"):
            raise ValueError("a bug in the adapter")
        if answer in _REFUSES:
            return self._refuse(answer)
        assert result is not None
        return result

    def _refuse(self, answer: str) -> Rejected:
        if answer == "busy":
            raise Transient("429", self.retry_after)
        if answer == "dead":
            raise AuthExpired("401")
        if answer == "permanent":
            raise Permanent("403", BY_HAND)
        return Rejected(reason="not allowed here", manual_url=BY_HAND if answer == "handed" else None)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        self.looked += 1
        if self.finding:
            raise self.finding.popleft()
        if self.kind == "none":
            return None
        for post in self.under(reply.target.native_id):
            same = post.text == reply.text if self.kind in ("upsert", "content_dedupe") else post.key == reply.key
            if same and post.live and self._visible(post):
                return Posted(native_id=post.id, url=f"https://example.org/{post.id}")
        return None

    # --- what it keeps -----------------------------------------------------------------------------------------------

    def _visible(self, post: Post) -> bool:
        return post.at + timedelta(seconds=self.lag) <= self.clock()

    def _post(self, target: str, text: str, key: str | None, *, by: str = "bot", live: bool = True) -> Post:
        post = Post(f"p{len(self.posts) + 1}", target, text, key, self.clock(), by, live)
        self.posts.append(post)
        return post

    def _do(self, reply: OutgoingReply, *, live: bool) -> Posted | Pending | Rejected:
        post = self._kept(reply)
        if post is not None and self.kind == "content_dedupe":
            return Rejected(reason="the same text stands there already", duplicate=True)
        if post is not None and self.kind == "upsert":
            post.text, post.key, post.by = reply.text, reply.key, "bot"
        if post is None:
            post = self._post(reply.target.native_id, reply.text, reply.key, live=live)
        url = f"https://example.org/{post.id}"
        return Posted(native_id=post.id, url=url) if post.live else Pending(native_id=post.id, url=url)

    def _kept(self, reply: OutgoingReply) -> Post | None:
        """The post that this kind of network takes for the same."""
        for post in self.under(reply.target.native_id):
            same = {
                "upsert": True,
                "client_id": post.key == reply.key,
                "key_window": post.key == reply.key and self.clock() < post.at + WINDOW,
                "content_dedupe": post.text == reply.text,
                "lookup": False,
                "none": False,
            }[self.kind]
            if same:
                return post
        return None


_DOES = STANDS | {"pending", "pending_lost"}
_REFUSES = frozenset({"busy", "dead", "rejected", "handed", "permanent"})
