"""What the engine tells those who measure it. Watching changes nothing: an observer answers nothing and raises nothing.

Times are in seconds. What is said here is this process's own work; what stands on record is read from the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.briefs import Made
from bot.core.messages import Command, Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What one `emit` brought: `waited` from the call to the commit.

    `tickets` are those that the facts went to, with whether this opened them; left empty unless somebody is `tracing`.
    """

    account: str
    facts: int
    waited: float
    tickets: Sequence[tuple[str, bool]] = ()


class Observer(Protocol):
    """Whoever measures. Everything is called after the commit, from the event loop, unless said otherwise."""

    @property
    def tracing(self) -> bool:
        """Whether it wants to know which tickets a batch was about."""

    def took_in(self, parcels: Sequence[Taken], seconds: float) -> None:
        """One batch was committed, which took so long."""

    def wished(self, command: Command, outcome: Outcome, seconds: float) -> None:
        """A person's wish was carried out or refused."""

    def showed(self, room: str, ticket: str, waited: float, seconds: float) -> None:
        """A card was brought up to date, so long after that was ordered; the chat took `seconds` of it."""

    def publishes(self, account: str, ticket: str, waited: float) -> None:
        """An approved reply is about to be posted, so long after the end of its undo window."""

    def called(self, account: str, ticket: str, outcome: str, seconds: float) -> None:
        """A network was asked to post a reply. `outcome` is the kind of its answer in small letters."""

    def drafted(self, source: str, seconds: float) -> None:
        """A drafter was asked; `source` is the draft's, or `none` or `failed`. Called from the writer's thread, too."""

    def asked_model(self, outcome: str, made: Made) -> None:
        """A remote drafter was asked: `drafted`, or why not (`bot.core.drafting.Because`), and what it cost."""

    def put_off(self, type: str) -> None:
        """An order could not be carried out and waits for another try."""

    def restarts(self, part: str) -> None:
        """A listener ended and is started again; `part` as in `bot.engine.accounts`."""


class Unobserved:
    """Nobody measures."""

    tracing = False

    def took_in(self, parcels: Sequence[Taken], seconds: float) -> None:
        """See `Observer`; nor do the others do anything."""

    def wished(self, command: Command, outcome: Outcome, seconds: float) -> None: ...

    def showed(self, room: str, ticket: str, waited: float, seconds: float) -> None: ...

    def publishes(self, account: str, ticket: str, waited: float) -> None: ...

    def called(self, account: str, ticket: str, outcome: str, seconds: float) -> None: ...

    def drafted(self, source: str, seconds: float) -> None: ...

    def asked_model(self, outcome: str, made: Made) -> None: ...

    def put_off(self, type: str) -> None: ...

    def restarts(self, part: str) -> None: ...


class Observers:
    """Several observers as one."""

    def __init__(self, *others: Observer) -> None:
        self._others = others
        self.tracing = any(other.tracing for other in others)

    def took_in(self, parcels: Sequence[Taken], seconds: float) -> None:
        """See `Observer`, here and below."""
        for other in self._others:
            other.took_in(parcels, seconds)

    def wished(self, command: Command, outcome: Outcome, seconds: float) -> None:
        for other in self._others:
            other.wished(command, outcome, seconds)

    def showed(self, room: str, ticket: str, waited: float, seconds: float) -> None:
        for other in self._others:
            other.showed(room, ticket, waited, seconds)

    def publishes(self, account: str, ticket: str, waited: float) -> None:
        for other in self._others:
            other.publishes(account, ticket, waited)

    def called(self, account: str, ticket: str, outcome: str, seconds: float) -> None:
        for other in self._others:
            other.called(account, ticket, outcome, seconds)

    def drafted(self, source: str, seconds: float) -> None:
        for other in self._others:
            other.drafted(source, seconds)

    def asked_model(self, outcome: str, made: Made) -> None:
        for other in self._others:
            other.asked_model(outcome, made)

    def put_off(self, type: str) -> None:
        for other in self._others:
            other.put_off(type)

    def restarts(self, part: str) -> None:
        for other in self._others:
            other.restarts(part)
