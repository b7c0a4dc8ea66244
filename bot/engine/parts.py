"""What the engine is made to run with: adapters, triage, a drafter, the rules. Wiring fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from bot.core.digest import Digests
from bot.core.oncall import Rotation
from bot.core.ports import Classifier, Drafter, EmbeddedDrafter, Network, TeamChat
from bot.core.routing import Route
from bot.core.rules import Rules
from bot.core.setup import About
from bot.core.types import Person, Room
from bot.engine.observing import Observer, Unobserved
from prompts.knowledge import Knowledge


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything outside the engine. `networks` may build its adapters when first asked for them.

    `model` writes better drafts than `drafter`, elsewhere and slowly; None where none is configured. `knowledge` is
    what the team has written down for both. `expires` is when tokens run out as people stated it, by the adapter's part
    (`network:masto`).
    """

    classifier: Classifier
    drafter: EmbeddedDrafter
    rules: Rules
    networks: Mapping[str, Network]
    network_types: Mapping[str, str]
    chats: Mapping[str, TeamChat] = field(default_factory=dict)
    rooms: tuple[Room, ...] = ()
    routes: tuple[Route, ...] = ()
    people: tuple[Person, ...] = ()
    about: About = field(default_factory=About)
    tz: tzinfo = UTC
    expires: Mapping[str, datetime] = field(default_factory=dict)
    rotation: Rotation = field(default_factory=Rotation)
    now: Callable[[], datetime] = utc_now
    observer: Observer = field(default_factory=Unobserved)
    model: Drafter | None = None
    knowledge: Knowledge = field(default_factory=Knowledge)
    digests: Digests = field(default_factory=Digests)

    def room(self, room_id: str) -> Room | None:
        """The room with this id."""
        return next((room for room in self.rooms if room.id == room_id), None)
