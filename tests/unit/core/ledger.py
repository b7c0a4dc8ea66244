"""What the people of `house` saw and agreed to, noted without bindings, stamps or digests; it judges every call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.case import Case
from bot.core.reply import Reply
from bot.core.ticket import Ticket
from bot.core.types import Person, Role, Severity

LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Yes:
    """Who agreed to which words, under which comment as it stood, after how much had happened."""

    person: str
    text: str
    target: str
    version: str
    happened: int
    at: datetime


@dataclass(frozen=True)
class Sight:
    """What somebody has on the screen: which words, after how much had happened, how often the yes to them fell."""

    reply: str
    text: str
    happened: int
    fallen: int


@dataclass(frozen=True)
class Screen:
    """A card as it was shown: what a person sees of it, and what a click on it carries along."""

    ticket: str
    sight: Sight
    revision: int
    stamp: str
    taken: int


@dataclass
class Ledger:
    happened: dict[str, int] = field(default_factory=dict)
    yes: dict[str, list[Yes]] = field(default_factory=dict)
    fallen: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    grave: set[str] = field(default_factory=set)
    calls: dict[str, str] = field(default_factory=dict)

    def saved(self, ticket: Ticket, reply: Reply | None) -> None:
        """Remember the worst that a ticket was, and the most that was asked for a reply."""
        if ticket.severity is Severity.CRITICAL:
            self.grave.add(ticket.id)
        if reply is not None:
            self.asked[reply.id] = max(self.asked.get(reply.id, 1), reply.quorum)

    def fell(self, reply: str) -> None:
        """People, or the engine, took back whatever was agreed to."""
        self.yes[reply] = []
        self.fallen[reply] = self.fallen.get(reply, 0) + 1

    def agreed(self, case: Case, by: str, now: datetime) -> None:
        """Somebody said yes to the case as it stands."""
        assert case.reply is not None
        assert case.revision is not None
        assert case.target is not None
        target = case.target.item
        said = Yes(by, case.revision.text, target.native_id, target.version, self.happened[case.ticket.id], now)
        self.yes.setdefault(case.reply.id, []).append(said)

    def screen(self, case: Case) -> Screen | None:
        """What a card shows now; None while there are no words to agree to."""
        if case.reply is None or case.revision is None:
            return None
        reply, ticket = case.reply.id, case.ticket.id
        sight = Sight(reply, case.revision.text, self.happened[ticket], self.fallen.get(reply, 0))
        taken = sum(decision.verdict != "approve" for decision in case.decisions)
        return Screen(ticket, sight, case.revision.number, case.stamp, taken)

    def judge(self, case: Case, version: str, people: Mapping[str, Person], now: datetime, *, crisis: bool) -> None:
        """The call that is about to be made: would a careful person let it go out? `version`: the comment's newest."""
        reply, revision, target = case.reply, case.revision, case.target
        assert reply is not None
        assert revision is not None
        assert target is not None
        ticket = case.ticket.id
        valid = {
            yes.person
            for yes in self.yes.get(reply.id, ())
            if (yes.text, yes.target, yes.version) == (revision.text, target.item.native_id, version)
            and yes.happened == self.happened[ticket]
            and now < yes.at + LIFE
            and entitled(people.get(yes.person))
        }
        needed = max(2 if crisis or ticket in self.grave else 1, self.asked[reply.id])
        assert len(valid) >= needed, f"{valid} are not {needed}"
        assert needed < 2 or valid - {revision.author}
        assert reply.key
        assert self.calls.setdefault(reply.key, reply.id) == reply.id


def entitled(person: Person | None) -> bool:
    """Whether somebody may say yes at this moment."""
    return person is not None and person.active and person.role in (Role.APPROVER, Role.LEAD)
