"""Who has a ticket before them now, and who is writing: told by open pages, forgotten when they fall silent.

It locks nothing; a claim does. It lives in the process that the pages are connected to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

Doing = Literal["reading", "editing"]
DOING = frozenset(get_args(Doing))
SILENCE = 60.0
"""Seconds after which nobody is there any more; pages speak every 25."""
MANY = 200
"""Tickets remembered before those are forgotten that everybody has left without a word."""


class Presence:
    """People at tickets. `now` counts seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._there: dict[str, dict[str, tuple[str, float]]] = {}

    def note(self, ticket: str, person: str, doing: str) -> bool:
        """Somebody is there (`reading`, `editing`) or has gone (anything else); whether that is news to others."""
        before = self.at(ticket)
        people = {who: self._there[ticket][who] for who in before}
        people.pop(person, None)
        if doing in DOING:
            people[person] = (doing, self._now() + SILENCE)
        if people:
            self._there[ticket] = people
            if len(self._there) > MANY:
                self._there = {name: there for name, there in self._there.items() if self.at(name)}
        else:
            self._there.pop(ticket, None)
        return self.at(ticket) != before

    def at(self, ticket: str) -> Mapping[str, str]:
        """What each person there is doing."""
        now = self._now()
        return {who: doing for who, (doing, until) in self._there.get(ticket, {}).items() if until > now}
