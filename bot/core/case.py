"""A case: all that a decision may look at. A change: all that it may alter.

The core sees a `Case` (a snapshot) and a `Context` (who, when, by which rules) and answers with a `Change`
or a refusal. Whoever called it stores the change, all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.approval import Binding, Decision, Verdict, stamp
from bot.core.briefs import Cited, Draft, Made
from bot.core.clocks import follow
from bot.core.messages import Effect, Entry, Fact
from bot.core.reply import IN_FLIGHT, STOPPABLE, Reply
from bot.core.rules import Rules
from bot.core.ticket import Ticket
from bot.core.types import Assessment, Finding, Item, Person

SYSTEM = "portavoz"
"""The actor of decisions that the bot itself records (an approval that fell)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item version as we keep it: `id` is its row, `number` counts the versions from 1."""

    id: int
    item: Item
    number: int = 1
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One wording of a reply; `author` is a person's id, None for a drafter."""

    reply: str
    number: int
    text: str
    text_hash: str
    author: str | None
    source: str
    created_at: datetime
    language: str | None = None
    checks: tuple[Finding, ...] = ()
    facts: tuple[Cited, ...] = ()
    made: Made | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket with its newest reply and what that reply hangs on.

    `item` is the newest version of the ticket's newest item, `target` that of the item which the reply answers.
    """

    ticket: Ticket
    item: StoredItem
    reply: Reply | None = None
    target: StoredItem | None = None
    revision: Revision | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def open_reply(self) -> Reply | None:
        """The reply that people can still stop or change."""
        return self.reply if self.reply and self.reply.state in STOPPABLE else None

    @property
    def stamp(self) -> str:
        """See `bot.core.approval.stamp`."""
        revision = self.reply.revision if self.reply else 0
        return stamp(revision, (decision.verdict for decision in self.decisions), self.ticket.messages)

    @property
    def has_yes(self) -> bool:
        """Whether somebody approved the newest revision and nobody and nothing took that away since."""
        last = self.decisions[-1] if self.decisions else None
        return (
            last is not None
            and last.verdict is Verdict.APPROVE
            and self.reply is not None
            and last.revision == self.reply.revision
        )

    @property
    def overtaken(self) -> bool:
        """Whether the conversation went on since the approval by which the newest reply goes out."""
        approvals = [d for d in self.decisions if d.verdict is Verdict.APPROVE]
        return bool(approvals) and approvals[-1].binding != self.binding()

    @property
    def targets_newest(self) -> bool:
        """Whether the newest reply answers the ticket's newest item."""
        return self.target is not None and self.target.item.native_id == self.item.item.native_id

    @property
    def flying(self) -> Reply | None:
        """The reply that is out of our hands just now."""
        return self.reply if self.reply and self.reply.state in IN_FLIGHT else None

    def binding(self) -> str:
        """The digest of what an approval of the newest revision would bind to now."""
        if self.reply is None or self.revision is None or self.target is None:
            raise ValueError(f"ticket {self.ticket.id} has no reply to bind an approval to")
        return Binding(
            reply=self.reply.id,
            revision=self.revision.number,
            text_hash=self.revision.text_hash,
            account=self.reply.account,
            item=self.target.item.native_id,
            item_version=self.target.item.version,
            conversation=self.ticket.messages,
            visibility=self.target.item.visibility,
            quorum=self.reply.quorum,
        ).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Time, rules and facts that a decision needs, handed in so that the core stays pure.

    `check(text, case, author)` gives the language found and the guard's findings;
    `draft(case, hint)` proposes a text, None where there is nothing to propose; `cite(ids)` gives the facts and saved
    replies of these ids that are known, once each. `asks` says that a remote drafter can be asked for a better one;
    `wording(case, number)` gives an earlier revision of the case's reply. `paused` says that nothing goes out now.
    """

    now: datetime
    rules: Rules
    people: Mapping[str, Person]
    crisis: bool
    check: Callable[[str, Case, Person | None], tuple[str | None, tuple[Finding, ...]]]
    draft: Callable[[Case, str], Draft | None]
    assess: Callable[[str], Assessment]
    cite: Callable[[Sequence[str]], tuple[Cited, ...]] = lambda _: ()
    asks: bool = False
    wording: Callable[[Case, int], Revision | None] = lambda _case, _number: None
    paused: bool = False

    def clocked(
        self, case: Case, ticket: Ticket, *, item: StoredItem | None = None, asked: bool = False, sooner: bool = False
    ) -> Ticket:
        """What the case's ticket has become, with its clocks set; see `bot.core.clocks.follow`."""
        by = (item or case.item).item.reply_by
        return follow(case.ticket, ticket, self.now, self.rules, reply_by=by, asked=asked, sooner=sooner)

    def quorum(self, ticket: Ticket) -> int:
        """How many people must approve a reply on this ticket now. It never sinks with the severity."""
        return max(ticket.quorum, self.rules.quorum(ticket.severity, crisis=self.crisis))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContent:
    """A text to keep beside a log entry (a note, a question)."""

    kind: str
    text: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be stored: the case as it stands afterwards, and everything added on the way, in order.

    `withdrawn` are the replies whose place in the case another one took, as they stand now.
    """

    case: Case
    withdrawn: tuple[Reply, ...] = ()
    revisions: tuple[Revision, ...] = ()
    decisions: tuple[Decision, ...] = ()
    contents: tuple[NewContent, ...] = ()
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()

    def log(
        self, fact: Fact, *, actor: str | None = None, reply: str | None = None, item: int | None = None, **data: object
    ) -> Change:
        """With a log entry about this ticket, and about `item` unless it is the ticket's newest."""
        ticket = self.case.ticket
        about = ticket.item if item is None else item
        entry = Entry(fact=fact, actor=actor, ticket=ticket.id, reply=reply, item=about, data=data)
        return replace(self, entries=(*self.entries, entry))

    def order(self, *effects: Effect) -> Change:
        """With orders to the outside."""
        return replace(self, effects=(*self.effects, *effects))

    def with_ticket(self, ticket: Ticket) -> Change:
        """With the ticket as it stands now."""
        return replace(self, case=replace(self.case, ticket=ticket))

    def with_reply(self, reply: Reply) -> Change:
        """With the reply as it stands now."""
        return replace(self, case=replace(self.case, reply=reply))

    def with_decision(self, decision: Decision) -> Change:
        """With one more decision about the reply."""
        case = replace(self.case, decisions=(*self.case.decisions, decision))
        return replace(self, case=case, decisions=(*self.decisions, decision))

    def with_content(self, kind: str, text: str, fact: Fact, actor: str | None, **data: object) -> Change:
        """With a text to keep, and the log entry that tells of it."""
        entry = Entry(fact=fact, actor=actor, ticket=self.case.ticket.id, data=data)
        return replace(self, contents=(*self.contents, NewContent(kind=kind, text=text, entry=entry)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResult:
    """A change together with what to tell the person who wished for it."""

    change: Change
    code: str
    params: dict[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def void_decision(case: Case, now: datetime, *, by: str, verdict: Verdict, via: str) -> Decision:
    """A decision that takes away every approval before it."""
    if case.reply is None:
        raise ValueError("no reply to take approvals from")
    return Decision(
        reply=case.reply.id,
        revision=case.reply.revision,
        person=by,
        verdict=verdict,
        via=via,
        at=now,
        binding=case.binding(),
    )
