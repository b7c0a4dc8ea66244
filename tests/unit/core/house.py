"""A house in memory for `any order`: it stores changes as the engine does, and lets a `Ledger` judge every call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from bot.core import intake, publishing, sorting
from bot.core.approval import Decision
from bot.core.case import Case, Change, ChangeResult, Context, Revision, StoredItem
from bot.core.ids import ticket_id
from bot.core.messages import Publish
from bot.core.ports import Idempotency
from bot.core.reply import STOPPABLE, Reply
from bot.core.ticket import Ticket
from bot.core.types import (
    Person,
    Posted,
    PublishResult,
    Rejected,
    ReplyState,
    TicketStatus,
    Unknown,
    version_of,
)
from tests.support.core_world import PEOPLE, T0, assess, context, item
from tests.unit.core.ledger import Ledger, Screen
from tests.unit.core.wire import Fate, Post, Wire

DEAD = frozenset({ReplyState.PUBLISHED, ReplyState.WITHDRAWN})


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
        self.ledger = Ledger()
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
        self._save_ticket(change.case.ticket)
        for reply in (*change.withdrawn, *((change.case.reply,) if change.case.reply else ())):
            self._save_reply(reply)
        self.orders |= {effect.reply for effect in change.effects if isinstance(effect, Publish)}

    def _save_ticket(self, ticket: Ticket) -> None:
        before = self.tickets.get(ticket.id)
        assert before is None or before.quorum <= ticket.quorum, "the ticket forgot how grave it was"
        assert ticket.status is not TicketStatus.CLOSED or ticket.due_at is None, "a clock for what is closed"
        self.tickets[ticket.id] = ticket
        self.ledger.saved(ticket, None)

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
        self.ledger.saved(self.tickets[reply.ticket], reply)

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
            opened = intake.open_ticket(number, new, 1, assess(text), self.context())
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

    def answer_elsewhere(self, ticket: str, *, late: bool) -> None:
        change = intake.notice_answer(self.case(ticket), "hand", None, self.context(), late=late)
        if change.case.ticket.messages > self.tickets[ticket].messages:
            self._happens(change)
        else:
            assert late
            self.save(change)

    def _happens(self, change: Change) -> str:
        self.save(change)
        ticket = change.case.ticket.id
        self.ledger.happened[ticket] = self.ledger.happened.get(ticket, 0) + 1
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
            self.ledger.fell(reply.id)
        if result.code in ("approved_needs_more", "approved_waiting_undo"):
            self.ledger.agreed(result.change.case, by, self.now)

    def screen(self, ticket: str) -> Screen | None:
        """What a card of this ticket shows at this moment."""
        return self.ledger.screen(self.case(ticket))

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
            self.ledger.fell(reply_id)
            return
        self.save(publishing.start(case, self.context()))
        started = self.case(case.ticket.id)
        self._intend(started)
        self._judge(started)
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
            self._judge(again)
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
        """The network has decided, and says so."""
        case = self.case(reply_id.partition(".")[0])
        assert case.reply is not None
        assert case.reply.id == reply_id, "a pending reply was lost from sight"
        post = self.moderate_silently(reply_id, accept=accept)
        if post is not None:
            self.save(publishing.confirm(case, post.key, None, self.context()))
        else:
            self.save(publishing.reject(Change(case=case), case.reply, "moderated", None, self.context()))

    def moderate_silently(self, reply_id: str, *, accept: bool) -> Post | None:
        """The network has decided, and whoever wants to know must look: the post, if it stands there."""
        post = self.wire.find(self.replies[reply_id].key or "")
        if post is None or accept:
            return self.wire.show(post)
        self.wire.posts.remove(post)
        return None

    def stands(self, reply_id: str) -> bool:
        """Whether everybody can read it on the network."""
        return any(post.live and self.ledger.calls[post.key] == reply_id for post in self.wire.posts)

    def _intend(self, case: Case) -> None:
        assert case.reply is not None
        row = (case.reply.id, case.reply.attempt, case.reply.key or "")
        assert row[:2] not in {intent[:2] for intent in self.intents}, f"the table of publications refuses {row}"
        self.intents.append(row)

    def _call(self, case: Case, fate: Fate) -> PublishResult | Literal["busy"] | None:
        reply, revision, target = case.reply, case.revision, case.target
        assert reply is not None
        assert revision is not None
        assert target is not None
        return self.wire.answer(Post(reply.key or "", target.item.native_id, revision.text, self.now), fate)

    def _judge(self, case: Case) -> None:
        assert case.target is not None
        current = self.versions[case.target.item.native_id][-1]
        assert not current.gone
        self.ledger.judge(case, current.item.version, self.people, self.now, crisis=self.crisis)

    # --- what holds at every moment ---------------------------------------------------------------------------------

    def check(self) -> None:
        """Nothing stands twice, and no reply that still lives is out of sight."""
        keys = [post.key for post in self.wire.posts]
        assert len(set(keys)) == len(keys), "posted twice"
        assert set(keys) <= set(self.ledger.calls), "posted without an intent"
        per_reply = [self.ledger.calls[key] for key in keys]
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
