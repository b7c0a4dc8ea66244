"""A network in memory for `house`: it keeps the promises of its kind of idempotency, and no others."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.core.ports import Capabilities, Idempotency
from bot.core.types import Pending, Posted, PublishResult, Rejected
from tests.support.core_world import capabilities

Fate = Literal["posted", "pending", "rejected", "handed", "lost_posted", "lost_not", "crash_before", "busy"]


@dataclass
class Post:
    key: str
    target: str
    text: str
    at: datetime
    live: bool = True


@dataclass
class Wire:
    """A network that behaves as its kind of idempotency promises."""

    kind: Idempotency
    window: timedelta = timedelta(hours=1)
    posts: list[Post] = field(default_factory=list)

    @property
    def can(self) -> Capabilities:
        return capabilities(self.kind, self.window if self.kind == "key_window" else None)

    def find(self, key: str) -> Post | None:
        return next((post for post in self.posts if post.key == key), None)

    def publish(self, post: Post) -> Posted | Rejected:
        known = self.find(post.key)
        if known is not None:
            fresh = self.kind == "key_window" and post.at < known.at + self.window
            if fresh or self.kind in ("client_id", "upsert"):
                return Posted(native_id=known.key)
            if self.kind == "content_dedupe":
                return Rejected(reason="duplicate", duplicate=True)
        self.posts.append(post)
        return Posted(native_id=post.key)

    def show(self, post: Post | None) -> Post | None:
        """Let everybody read what was held back."""
        if post is not None:
            post.live = True
        return post

    def answer(self, post: Post, fate: Fate) -> PublishResult | Literal["busy"] | None:
        """What becomes of a call. None: the process died, and knows of no answer."""
        if fate == "busy":
            return "busy"
        if fate in ("lost_not", "crash_before"):
            return None
        if fate in ("rejected", "handed"):
            link = "https://n/1" if fate == "handed" else None
            return Rejected(reason="no", manual_url=link) if self.find(post.key) is None else None
        answer = self.publish(post)
        if fate == "pending" and isinstance(answer, Posted):
            post = next(p for p in self.posts if p.key == answer.native_id)
            post.live = False
            return Pending(native_id=answer.native_id)
        return None if fate == "lost_posted" else answer
