"""A house in memory for `test_any_order`: it stores changes as the engine does, and keeps a ledger of its own.

The ledger knows nothing of bindings and digests: it notes who saw which words under which conversation and said
yes, and is asked, at the moment of every call to the network, whether that call was allowed.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core import intake, publishing, sorting
from bot.core.approval import Decision
from bot.core.case import Case, Change, ChangeResult, Context, Revision, StoredItem
from bot.core.ids import ticket_id
from bot.core.messages import Publish
from bot.core.ports import Capabilities, Idempotency
from bot.core.reply import STOPPABLE, Reply
from bot.core.ticket import Ticket
from bot.core.types import (
    Pending,
    Person,
    Posted,
    PublishResult,
    Rejected,
    ReplyState,
    Role,
    Severity,
    TicketStatus,
    Unknown,
    version_of,
)
from tests.support.core_world import PEOPLE, T0, assess, capabilities, context, item

Fate = Literal["posted", "pending", "rejected", "handed", "lost_posted", "lost_not", "crash_before", "busy"]
LIFE = timedelta(hours=24)
DEAD = frozenset({ReplyState.PUBLISHED, ReplyState.WITHDRAWN})


@dataclass(frozen=True)
class Yes:
    """Who agreed to which words, under which comment as it stood, after how much had happened."""

    person: str
    text: str
    target: str
    version: str
    happened: int
    at: datetime


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


class House:
    def __init__(self, kind: Idempotency) -> None:
        self.now = T0
        self.crisis = False
        self.people: dict[str, Person] = dict(PEOPLE)
        self.wire = Wire(kind)
        self.tickets: dict[str, Ticket] = {}
        self.replies: dict[str, Reply] = {}
        self.revisions: dict[tuple[str, int], Revision] = {}
        self.decisions: dict[str, list[Decision]] = {}
        self.versions: dict[str, list[StoredItem]] = {}
        self.home: dict[str, str] = {}
        self.orders: set[str] = set()
        self.logged = 0
        self.intents: list[tuple[str, int, str]] = []
        # The ledger.
        self.happened: dict[str, int] = {}
        self.yes: dict[str, list[Yes]] = {}
        self.highest: dict[str, int] = {}
        self.calls: dict[str, str] = {}
        self.rows = 0

    # --- as the store reads and writes ----------------------------------------------------------------------------

    def context(self) -> Context:
        return context(self.now, crisis=self.crisis, people=self.people)

    def newest(self, row: int) -> StoredItem:
        return next(vs[-1] for vs in self.versions.values() if any(v.id == row for v in vs))

    def case(self, ticket: str) -> Case:
        found = self.tickets[ticket]
        base = Case(ticket=found, item=self.newest(found.item))
        if not found.replies:
            return base
        reply = self.replies[f"{ticket}.{found.replies}"]
        return replace(
            base,
            reply=reply,
            target=self.newest(reply.item),
            revision=self.revisions.get((reply.id, reply.revision)),
            decisions=tuple(self.decisions.get(reply.id, ())),
        )

    def save(self, change: Change) -> None:
        for revision in change.revisions:
            key = (revision.reply, revision.number)
            assert key not in self.revisions, f"revision {key} written twice"
            self.revisions[key] = revision
        for decision in change.decisions:
            self.decisions.setdefault(decision.reply, []).append(decision)
            logged = {(e.reply, e.actor) for e in change.entries}
            assert {(decision.reply, decision.person), (decision.reply, None)} & logged, f"not in the log: {decision}"
        assert change.entries or change.contents, "a change that the log does not tell"
        self.logged += len(change.entries) + len(change.contents)
        for reply in (*change.withdrawn, *((change.case.reply,) if change.case.reply else ())):
            self._save_reply(reply)
        self.tickets[change.case.ticket.id] = change.case.ticket
        self.orders |= {effect.reply for effect in change.effects if isinstance(effect, Publish)}

    def _save_reply(self, reply: Reply) -> None:
        before = self.replies.get(reply.id)
        if before is not None:
            assert before.state not in DEAD or before == reply, f"{before.state} {reply.id} came back to life"
            assert reply.quorum >= before.quorum, "the quorum sank"
            assert reply.attempt >= before.attempt, "an attempt number would be used twice"
            assert (reply.ticket, reply.number, reply.item) == (before.ticket, before.number, before.item)
        if reply.state is ReplyState.APPROVED:
            assert reply.key, "approved without a key"
        self.replies[reply.id] = reply
        self.highest[reply.id] = max(self.highest.get(reply.id, 1), reply.quorum)

    # --- facts ----------------------------------------------------------------------------------------------------

    def arrive(self, native: str, author: str, text: str) -> str:
        if native in self.versions:
            return self.edit(native, text)
        self.rows += 1
        new = StoredItem(id=self.rows, item=item(native, text, author=replace(item().author, id=author)))
        mine = [t for t in self.tickets.values() if t.thread_key == author]
        old = mine[-1] if mine else None
        self.versions[native] = [new]
        recent = old is not None and (old.closed_at is None or self.now - old.closed_at < timedelta(days=30))
        if old is not None and recent:
            change = intake.hear(self.case(old.id), new, assess(text), self.context())
        else:
            number = ticket_id(len(self.tickets))
            opened = intake.open_ticket(number, new, 1, assess(text), self.context(), muted=False)
            change = opened if old is None else intake.link(opened, old.id)
            change = change.with_ticket(replace(change.case.ticket, thread_key=author))
        self.home[native] = change.case.ticket.id
        return self._happens(change)

    def edit(self, native: str, text: str) -> str:
        last = self.versions[native][-1]
        seen = {v.item.version for v in self.versions[native]}
        if last.gone or version_of(text) in seen:
            return self.home[native]  # repeated, or an old version late: nothing is new
        case = self.case(self.home[native])
        self.rows += 1
        new = StoredItem(
            id=self.rows, item=replace(last.item, text=text, version=version_of(text)), number=last.number + 1
        )
        self.versions[native].append(new)
        return self._happens(intake.notice_edit(case, new, assess(text), self.context()))

    def remove(self, native: str) -> str:
        last = self.versions[native][-1]
        if last.gone:
            return self.home[native]
        case = self.case(self.home[native])
        self.rows += 1
        new = replace(last, id=self.rows, number=last.number + 1, gone=True)
        self.versions[native].append(new)
        return self._happens(intake.notice_removal(case, new, "removed", self.context()))

    def answer_elsewhere(self, ticket: str) -> None:
        self._happens(intake.notice_answer(self.case(ticket), "hand", None, self.context()))

    def _happens(self, change: Change) -> str:
        self.save(change)
        ticket = change.case.ticket.id
        self.happened[ticket] = self.happened.get(ticket, 0) + 1
        for reply in self.replies.values():
            if reply.ticket == ticket:
                assert reply.state is not ReplyState.APPROVED, "an approval outlived a change of the conversation"
        return ticket

    def wake(self, ticket: str) -> None:
        found = self.tickets[ticket]
        if found.snoozed_until is not None and found.snoozed_until <= self.now:
            self.save(sorting.wake(self.case(ticket), self.context()))

    # --- wishes ---------------------------------------------------------------------------------------------------

    def granted(self, case: Case, result: ChangeResult, by: str) -> None:
        """Store what a person wished for; note a yes, and what takes it away, in the ledger."""
        self.save(result.change)
        reply = case.reply
        if reply is None:
            return
        if result.code in ("undone", "refused", "settled_absent"):
            self.yes[reply.id] = []
        if result.code in ("approved_needs_more", "approved_waiting_undo"):
            now = result.change.case
            assert now.revision is not None
            assert now.target is not None
            target = now.target.item
            happened = self.happened[case.ticket.id]
            said = Yes(by, now.revision.text, target.native_id, target.version, happened, self.now)
            self.yes.setdefault(reply.id, []).append(said)

    # --- as the engine publishes ------------------------------------------------------------------------------------

    def publish(self, reply_id: str, fate: Fate) -> None:
        case = self.case(reply_id.partition(".")[0])
        reply = case.reply
        if reply is None or reply.id != reply_id or reply.state is not ReplyState.APPROVED:
            self.orders.discard(reply_id)
            return
        if reply.undo_until is not None and self.now < reply.undo_until:
            return
        problem = publishing.approval_problem(case, self.context())
        if problem is not None:
            self.save(publishing.fall_back(case, self.context(), problem))
            self.yes[reply_id] = []
            return
        self.save(publishing.start(case, self.context()))
        started = self.case(case.ticket.id)
        self._intend(started)
        self._allowed(started)
        result = self._call(started, fate)
        if result == "busy":
            self.save_not_sent(started)
        elif result is not None:
            self.save(publishing.conclude(self.case(case.ticket.id), result, self.context()))

    def save_not_sent(self, case: Case) -> None:
        change = publishing.not_sent(case, "busy")
        assert not change.decisions
        self._save_reply(change.case.reply or self.replies[""])

    def reconcile(self, reply_id: str, fate: Fate) -> None:
        case = self.case(reply_id.partition(".")[0])
        reply = case.reply
        assert reply is not None
        if reply.state is not ReplyState.PUBLISHING:
            return
        step = publishing.next_step(reply, self.wire.can, self.now)
        holds = publishing.approval_problem(case, self.context()) is None
        found = self.wire.find(reply.key or "")
        if step.do == "resend" and holds:
            self.save(publishing.resend(case))
            again = self.case(case.ticket.id)
            self._intend(again)
            self._allowed(again)
            result = self._call(again, fate)
            if isinstance(result, Rejected) and found is not None:
                result = Posted(native_id=found.key)
            if result is not None and result != "busy":
                self.save(publishing.conclude(self.case(case.ticket.id), result, self.context()))
        elif found is not None and step.do != "person":
            self.save(publishing.conclude(case, Posted(native_id=found.key), self.context()))
        elif step.do == "person" or reply.looked >= publishing.LOOKS:
            self.save(publishing.conclude(case, Unknown(detail="lost"), self.context()))
        else:
            change = publishing.looked_in_vain(case)
            self._save_reply(change.case.reply or reply)

    def moderate(self, reply_id: str, *, accept: bool) -> None:
        case = self.case(reply_id.partition(".")[0])
        post = self.wire.find(self.replies[reply_id].key or "")
        assert case.reply is not None
        assert case.reply.id == reply_id, "a pending reply was lost from sight"
        assert post is not None
        if accept:
            post.live = True
            self.save(publishing.confirm(case, post.key, None, self.context()))
        else:
            self.wire.posts.remove(post)
            self.save(publishing.reject(Change(case=case), case.reply, "moderated", None))

    def _intend(self, case: Case) -> None:
        assert case.reply is not None
        row = (case.reply.id, case.reply.attempt, case.reply.key or "")
        assert row[:2] not in {intent[:2] for intent in self.intents}, f"the table of publications refuses {row}"
        self.intents.append(row)

    def _call(self, case: Case, fate: Fate) -> PublishResult | Literal["busy"] | None:
        """None: the process died, and knows of no answer."""
        reply, revision, target = case.reply, case.revision, case.target
        assert reply is not None
        assert revision is not None
        assert target is not None
        if fate == "busy":
            return "busy"
        if fate in ("lost_not", "crash_before"):
            return None
        if fate in ("rejected", "handed"):
            known = self.wire.find(reply.key or "")
            return Rejected(reason="no", manual_url="https://n/1" if fate == "handed" else None) if not known else None
        answer = self.wire.publish(Post(reply.key or "", target.item.native_id, revision.text, self.now))
        if fate == "pending" and isinstance(answer, Posted):
            post = self.wire.find(answer.native_id)
            assert post is not None
            post.live = False
            return Pending(native_id=answer.native_id)
        return None if fate == "lost_posted" else answer

    # --- the ledger judges ------------------------------------------------------------------------------------------

    def _allowed(self, case: Case) -> None:
        """The call that is about to be made: would a careful person let it go out?"""
        reply, revision, target = case.reply, case.revision, case.target
        assert reply is not None
        assert revision is not None
        assert target is not None
        ticket = self.tickets[reply.ticket]
        current = self.versions[target.item.native_id][-1]
        assert not current.gone
        valid = {
            yes.person
            for yes in self.yes.get(reply.id, ())
            if (yes.text, yes.target, yes.version) == (revision.text, target.item.native_id, current.item.version)
            and yes.happened == self.happened[ticket.id]
            and self.now < yes.at + LIFE
            and self._entitled(yes.person)
        }
        needed = max(2 if self.crisis or ticket.severity is Severity.CRITICAL else 1, self.highest[reply.id])
        assert len(valid) >= needed, f"{valid} are not {needed}"
        assert needed < 2 or valid - {revision.author}
        assert reply.key
        assert self.calls.setdefault(reply.key, reply.id) == reply.id

    def _entitled(self, name: str) -> bool:
        person = self.people.get(name)
        return person is not None and person.active and person.role in (Role.APPROVER, Role.LEAD)

    def check(self) -> None:
        """What holds at every moment."""
        keys = [post.key for post in self.wire.posts]
        assert len(set(keys)) == len(keys), "posted twice"
        assert set(keys) <= set(self.calls), "posted without an intent"
        per_reply = [self.calls[key] for key in keys]
        assert len(set(per_reply)) == len(per_reply), "one reply stands twice"
        for reply in self.replies.values():
            newest = reply.number == self.tickets[reply.ticket].replies
            assert newest or reply.state not in STOPPABLE, "an open reply was lost from sight"
            assert newest or reply.state not in (
                ReplyState.PUBLISHING,
                ReplyState.PENDING,
                ReplyState.UNCERTAIN,
            ), "a reply on its way was lost from sight"
            closed = self.tickets[reply.ticket].status is TicketStatus.CLOSED
            assert not (closed and reply.state in STOPPABLE), "a closed ticket with an open reply"
            if reply.state is ReplyState.PUBLISHED:
                assert reply.posted_at is not None

    def sizes(self) -> tuple[int, ...]:
        """Of everything that only grows."""
        return (
            len(self.tickets),
            len(self.replies),
            len(self.revisions),
            sum(map(len, self.decisions.values())),
            sum(map(len, self.versions.values())),
            len(self.intents),
            self.logged,
        )

    def snapshot(self) -> tuple[Any, ...]:
        return (dict(self.tickets), dict(self.replies), self.sizes(), set(self.orders))
