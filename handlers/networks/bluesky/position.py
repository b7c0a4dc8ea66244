"""How far we have read: everything before a moment, and which of what came since.

The network lists by the time that a post's author or the network gives it, whichever is earlier, and shows a post some
seconds later than that. So the last hour is looked through every time, and what was taken in already is known by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

OVERLAP = 3600 * 1000
"""Milliseconds of the past that are looked through again."""
NAMED = 100
"""How many are known by name; with more of them in the last hour the look back is shorter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a list: its address, its time in milliseconds since 1970, and a short name for the cursor."""

    uri: str
    at: int
    name: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.uri.encode("utf-8", "surrogatepass")).hexdigest()
        object.__setattr__(self, "name", digest[:8])


@dataclass(frozen=True, slots=True)
class Position:
    """`since` is in milliseconds since 1970; `taken` are the names of what came since then and was taken in."""

    me: str
    since: int
    taken: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.me} {self.since} {','.join(sorted(self.taken))}"

    @classmethod
    def read(cls, cursor: str | None, me: str) -> Position | None:
        """The position in a cursor; None where it means nothing or is another account's."""
        parts = (cursor or "").split(" ")
        if len(parts) != 3 or parts[0] != me or not (parts[1].isascii() and parts[1].isdigit()) or len(parts[1]) > 15:
            return None
        return cls(me, int(parts[1]), frozenset(parts[2].split(",")) - {""})

    def waiting(self, listed: Sequence[Entry]) -> list[Entry]:
        """Those that were not taken in yet, the oldest first."""
        return sorted((one for one in listed if one.at >= self.since and one.name not in self.taken), key=_time)

    def past(self, listed: Sequence[Entry], taken: Collection[Entry]) -> Position:
        """The position after these were taken in, too; `listed` is all that came since `self.since`."""
        names = self.taken | {one.name for one in taken}
        done = sorted((one for one in listed if one.name in names), key=_time)
        if not done:
            return self
        bound = max(self.since, done[-1].at - OVERLAP, done[-NAMED:][0].at if len(done) >= NAMED else 0)
        bound = min([bound, *(one.at for one in listed if one.name not in names and one.at >= self.since)])
        return Position(self.me, bound, frozenset(one.name for one in done if one.at >= bound))


def _time(one: Entry) -> int:
    return one.at
