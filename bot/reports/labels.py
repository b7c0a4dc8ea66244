"""Values that labels may have: from the configuration or from a closed list, so that series cannot multiply."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.drafting import Because

OTHER = "other"
"""What every value becomes that is neither configured nor in a list."""
SOURCES = 10
"""How many drafters (`offline`, a model's name) are told apart."""
OUTCOMES = ("posted", "pending", "rejected", "unknown", "not_sent")
"""What becomes of a publication: its phases on record, but for the intent."""
ANSWERS = ("posted", "pending", "rejected", "unknown", "transient", "authexpired")
"""How a network answers the call that posts."""
ORDERS = ("publish", "card", "say", "draft", "look", "ask", "digest")
"""The types of orders."""
PARTS = ("network", "chat", "room", "drafter")
"""The kinds of adapters' parts."""
ASKS = ("drafted", *Because)
"""What comes of asking a model."""


def known(value: str | None, among: Collection[str]) -> str:
    """The value, when it is among those; else `other`."""
    return value if value is not None and value in among else OTHER


def values(enum: type[StrEnum]) -> frozenset[str]:
    """The values of a closed list of the core."""
    return frozenset(member.value for member in enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """The names that the configuration gives: accounts (networks), chats, rooms and the drafter by their ids."""

    accounts: frozenset[str] = frozenset()
    chats: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    drafters: frozenset[str] = frozenset()
    vias: frozenset[str] = field(init=False)
    parts: frozenset[str] = field(init=False)

    def via(self, way: str) -> str:
        """The way somebody came: `cli:ana` (the name is the machine's) is `cli`."""
        return known(way.partition(":")[0], self.vias)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vias", self.chats | {"cli"})
        lanes = (
            ("network", self.accounts),
            ("chat", self.chats),
            ("room", self.rooms),
            ("drafter", self.drafters),
        )
        object.__setattr__(self, "parts", frozenset(f"{part}:{name}" for part, names in lanes for name in names))


class FirstFew:
    """Names that nobody lists beforehand, such as models: the first few are told apart, later ones are `other`."""

    def __init__(self, many: int = SOURCES, given: Iterable[str] = ()) -> None:
        self._many = many
        self._seen = set(given)

    def known(self, value: str) -> str:
        """The value, when it is one of the first few."""
        if value not in self._seen:
            if len(self._seen) >= self._many:
                return OTHER
            self._seen.add(value)
        return value
