"""What arrives from the networks becomes tickets: a batch of facts inside one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core import attachments, folding, publishing
from bot.core import intake as core
from bot.core.case import Case, Change, StoredItem
from bot.core.messages import (
    Event,
    Fact,
    ItemArrived,
    ItemReleased,
    ItemRemoved,
    PressArrived,
    ReplyConfirmed,
    ReplyRefused,
)
from bot.core.plaintext import squeeze
from bot.core.types import AuthorFlag, Item, Posted, ReplyState, TicketStatus
from bot.engine.cleaning import cleaned, with_storable
from bot.engine.context import Facts, flags
from bot.engine.folding import Folder
from bot.store import cases, press
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.case import Context
    from bot.engine.parts import Parts
    from bot.store.work import Work

SAME = 0.95
"""How alike (by words, 0 to 1) our reply and what our account says on the network must be to be one thing."""
COMPARED = 10_000
"""Characters of both texts together beyond which only equal counts: comparing costs their product."""
_GIVEN_UP = (ReplyState.WITHDRAWN.value, ReplyState.REJECTED.value)
_CUT_MARK = "\n\N{HORIZONTAL ELLIPSIS} [{more} characters more]"


@dataclass(slots=True)
class _Known:
    """What we know of an item before this batch, brought up to date as the batch goes on."""

    number: int
    version: str
    ticket: str | None
    gone: bool
    at: datetime
    content: int
    author: int | None
    edited: bool = False


class Batch:
    """One batch of facts. Call `take` with all of them; the work then holds what is to be written."""

    def __init__(self, work: Work, parts: Parts) -> None:
        self._work = work
        self._parts = parts
        self._facts = Facts(work, parts)
        self._context: Context = self._facts.context()
        self._known: dict[tuple[str, str], _Known] = {}
        self._authors: dict[tuple[str, str], int] = {}
        self._flags: dict[int, AuthorFlag] = {}
        self._matters: dict[tuple[str, str, int], str] = {}
        self._seen: set[tuple[str, str, str]] = set()
        self._proofs: set[tuple[str, str]] = set()
        self._opened: set[str] = set()
        self._folder = Folder(work, parts, self._facts, self._context)

    def take(self, events: Iterable[Event]) -> None:
        """Take the facts in, in their order; what is known already changes nothing."""
        kept = [replace(e, item=self._kept(e.item)) if isinstance(e, ItemArrived) else with_storable(e) for e in events]
        self._prefetch([e.item for e in kept if isinstance(e, ItemArrived)])
        for event in kept:
            if isinstance(event, ItemArrived):
                self._arrived(event.item, fresh=event.fresh)
            elif isinstance(event, ItemRemoved):
                self._removed(event)
            elif isinstance(event, ItemReleased):
                self._released(event)
            elif not isinstance(event, PressArrived):
                self._moderated(event)
        press.keep(self._work, [event for event in kept if isinstance(event, PressArrived)])
        self._folder.finish()

    def tickets_of(self, events: Iterable[Event]) -> list[tuple[str, bool]]:
        """The tickets that facts of this batch went to, and whether they opened them; each is opened once."""
        keys = [
            (e.item.account, e.item.native_id) if isinstance(e, ItemArrived) else (e.account, e.native_id)
            for e in events
        ]
        known = [self._known[key].ticket for key in keys if key in self._known]
        found = [(ticket, ticket in self._opened) for ticket in dict.fromkeys(known) if ticket is not None]
        self._opened.difference_update(ticket for ticket, _ in found)
        return found

    def _prefetch(self, items: Sequence[Item]) -> None:
        by_account: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            by_account[item.account].append(item)
        conn = self._work.conn
        for account, some in by_account.items():
            natives = list({i.native_id for i in some} | {i.parent for i in some if i.ours and i.parent})
            for native, row in cases.versions(conn, account, natives).items():
                self._known[account, native] = _Known(
                    row["number"],
                    row["version"],
                    row["ticket"],
                    row["gone"],
                    row["edited_at"] or row["created_at"],
                    row["content"],
                    row["author"],
                    edited=row["edited_at"] is not None,
                )
            people = list({i.author.id for i in some if i.author.id is not None and not i.ours})
            known = cases.known_authors(conn, account, people)
            self._authors.update({(account, native): number for native, (number, _) in known.items()})
            self._flags.update({number: flag for number, flag in known.values() if flag is not None})
            numbers = [number for number, _ in known.values()]
            for (thread, author), ticket in cases.matters(conn, account, numbers).items():
                self._matters[account, thread, author] = ticket.id

    # --- items ------------------------------------------------------------------------------------------------

    def _kept(self, item: Item) -> Item:
        """The item as it is kept, with the end of its network's window where it names none itself."""
        clean, can = cleaned(item), self._facts.capabilities(item.account)
        if clean.reply_by is not None or can is None or can.reply_window is None:
            return clean
        return replace(clean, reply_by=clean.created_at + can.reply_window)

    def _arrived(self, item: Item, *, fresh: bool) -> None:
        known = self._known.get((item.account, item.native_id))
        if item.ours:
            self._own(item, known)
        elif known is None:
            self._new(item)
        elif known.gone:
            if fresh:
                # It had gone, or we were told so; there it is.
                self._edited(item, known)
        elif known.version != item.version and (fresh or self._is_newer(item, known)):
            self._edited(item, known)

    def _is_newer(self, item: Item, known: _Known) -> bool:
        """Whether a version that differs from the newest we know came after it, not before."""
        if item.edited_at is None and known.edited:
            return False
        if item.edited_at is not None and item.edited_at != known.at:
            return item.edited_at > known.at
        if (item.account, item.native_id, item.version) in self._seen:
            return False
        return not cases.has_version(self._work.conn, item.account, item.native_id, item.version)

    def _author(self, item: Item) -> int | None:
        if item.author.id is None:
            return None
        key = (item.account, item.author.id)
        if key not in self._authors:
            self._authors[key] = self._work.add_author(*key)
        return self._authors[key]

    def _new(self, item: Item) -> None:
        author = self._author(item)
        stored = StoredItem(id=self._work.number("id"), item=item)
        assessed = attachments.assess(item, self._context.assess)
        old = self._matter(item, author)
        if old is not None and self._goes_on(old):
            change = core.hear(old, stored, assessed, self._context)
        else:
            ticket = self._work.new_ticket_id()
            self._opened.add(ticket)
            flag = None if author is None else self._flags.get(author)
            why = self._folder.why(item, author, assessed, flag=flag)
            fold = self._folder.into(stored, why) if why else None
            change = core.open_ticket(ticket, stored, author, assessed, self._context, fold=fold, flag=flag)
            if old is not None:
                change = core.link(change, old.ticket.id)
            if author is not None:
                self._matters[item.account, item.thread_key, author] = ticket
        ticket = change.case.ticket.id
        self._work.add_item(stored, ticket=ticket, author=author, extra=dict(flags(assessed)))
        self._remember(stored, ticket, author)
        self._work.save(change)
        if not change.case.ticket.is_folded:
            self._folder.speaks(author)

    def _matter(self, item: Item, author: int | None) -> Case | None:
        if author is None:
            return None
        ticket = self._matters.get((item.account, item.thread_key, author))
        return None if ticket is None else self._work.case(ticket)

    def _goes_on(self, case: Case) -> bool:
        """Whether a new message belongs to this ticket, or opens another one."""
        ticket = case.ticket
        if ticket.status is not TicketStatus.CLOSED:
            return True
        if ticket.is_folded:
            return False
        return ticket.closed_at is None or self._work.now - ticket.closed_at <= self._parts.rules.reopen_within

    def _edited(self, item: Item, known: _Known) -> None:
        if known.ticket is None:
            return
        case = self._work.case(known.ticket)
        if case is None:
            return
        stored = StoredItem(id=self._work.number("id"), item=item, number=known.number + 1)
        assessed = attachments.assess(item, self._context.assess)
        self._work.add_item(stored, ticket=known.ticket, author=known.author, extra=dict(flags(assessed)))
        self._remember(stored, known.ticket, known.author)
        stays = not case.ticket.is_folded or self._folder.why(item, known.author, assessed, flag=case.ticket.flag)
        if stays:
            self._noticed(case, core.notice_edit(case, stored, assessed, self._context))
        else:
            self._folder.touch(case.ticket.fold)
            self._work.save(folding.take_out(case, stored, assessed, self._context))

    def _removed(self, event: ItemRemoved) -> None:
        # What came in the same batch must be readable.
        self._work.flush()
        key = (event.account, event.native_id)
        found = cases.latest_item(self._work.conn, *key)
        if found is None:
            self._vanished(event)
            return
        if found[0].gone or (key in self._known and self._known[key].gone):
            return
        before, ticket = found
        rows = cases.versions(self._work.conn, *(key[0], [key[1]]))
        row = rows[key[1]]
        stored = StoredItem(id=self._work.number("id"), item=before.item, number=before.number + 1, gone=True)
        self._work.add_gone(stored, ticket=ticket, author=row["author"], content=row["content"])
        self._known[key] = _Known(
            number=stored.number,
            version=before.item.version,
            ticket=ticket,
            gone=True,
            at=self._work.now,
            content=row["content"],
            author=row["author"],
        )
        case = self._work.case(ticket) if ticket else None
        if case is not None:
            self._noticed(case, core.notice_removal(case, stored, event.reason, self._context))

    def _released(self, event: ItemReleased) -> None:
        self._work.flush()
        found = cases.latest_item(self._work.conn, event.account, event.native_id)
        case = self._work.case(found[1]) if found and found[1] else None
        if case is not None and not self._told(case, Fact.ITEM_RELEASED, event.native_id):
            self._noticed(case, core.notice_release(case, event.native_id))

    def _noticed(self, case: Case, change: Change) -> None:
        """Put it on record; of what is folded away only the roll's card tells."""
        self._folder.touch(case.ticket.fold)
        self._work.save(folding.silently(change) if case.ticket.is_folded else change)

    def _vanished(self, event: ItemRemoved) -> None:
        """Something that is no comment we know: perhaps a reply of ours."""
        r = t.replies.c
        mine = select(r.id).where(r.account == event.account, r.posted_id == event.native_id)
        found = self._work.conn.execute(mine.where(r.state == ReplyState.PUBLISHED.value)).scalar()
        reply = self._work.reply(found) if found else None
        case = self._work.case(reply.ticket) if reply else None
        # Networks repeat themselves.
        if case is not None and reply is not None and reply.vanished_at is None:
            self._work.save(core.notice_vanished(case, reply, event.reason, self._context))

    def _remember(self, stored: StoredItem, ticket: str | None, author: int | None) -> None:
        item = stored.item
        self._seen.add((item.account, item.native_id, item.version))
        self._known[item.account, item.native_id] = _Known(
            stored.number,
            item.version,
            ticket,
            stored.gone,
            item.edited_at or item.created_at,
            0,
            author,
            edited=item.edited_at is not None,
        )

    # --- our own account ----------------------------------------------------------------------------------------

    def _own(self, item: Item, known: _Known | None) -> None:
        """Something that our account wrote: our reply coming back, or a colleague's hand."""
        seen = known is not None or (item.account, item.native_id) in self._proofs
        if seen or item.parent is None or self._is_posted(item):
            return
        parent = self._known.get((item.account, item.parent))
        case = self._work.case(parent.ticket) if parent and parent.ticket else None
        if case is None:
            return
        change = self._own_change(case, item)
        if change is not None:
            self._work.save(folding.silently(change) if case.ticket.is_folded else change)

    def _own_change(self, case: Case, item: Item) -> Change | None:
        late = item.created_at < case.item.item.created_at
        if self._is_our_call(case, item):
            if case.reply is None or case.reply.state is ReplyState.PENDING:
                return None
            # The answer to our call was lost, or is still on its way: here is the proof.
            posted = Posted(native_id=item.native_id, url=item.url)
            self._proofs.add((item.account, item.native_id))
            self._work.add_publication(case, "posted", native_id=item.native_id, url=item.url, detail="seen")
            return publishing.conclude(case, posted, self._context)
        stored = StoredItem(id=self._work.number("id"), item=item)
        self._work.add_item(stored, ticket=case.ticket.id, author=None)
        self._remember(stored, case.ticket.id, None)
        if self._told(case, Fact.ANSWERED_ELSEWHERE, item.native_id):
            return None
        return core.notice_answer(case, item.native_id, item.url, self._context, late=late)

    def _is_our_call(self, case: Case, item: Item) -> bool:
        """Whether this is what we are just posting; networks wrap links and spaces, so nearly equal is equal."""
        if case.flying is None or case.revision is None or case.target is None:
            return False
        if case.target.item.native_id != item.parent:
            return False
        ours, there = squeeze(case.revision.text), squeeze(item.text)
        if ours == there or len(ours) + len(there) > COMPARED:
            return ours == there
        return SequenceMatcher(None, ours.split(), there.split(), autojunk=False).ratio() > SAME

    def _is_posted(self, item: Item) -> bool:
        """Whether this is a reply of ours; one that people had given up counts as somebody else's."""
        r = t.replies.c
        mine = select(r.id).where(r.account == item.account, r.posted_id == item.native_id, r.state.not_in(_GIVEN_UP))
        return self._work.conn.execute(mine.limit(1)).first() is not None

    def _live_after_all(self, event: ReplyConfirmed) -> None:
        """The network shows a reply that people had given up: it counts as an answer that was not ours to send."""
        r = t.replies.c
        mine = select(r.id).where(r.account == event.account, r.posted_id == event.native_id, r.state.in_(_GIVEN_UP))
        reply = self._work.conn.execute(mine).scalar()
        case = self._work.case(reply.partition(".")[0]) if reply else None
        key = (event.account, event.native_id)
        if case is None or key in self._proofs or self._told(case, Fact.ANSWERED_ELSEWHERE, event.native_id):
            return
        self._proofs.add(key)
        self._work.save(core.notice_answer(case, event.native_id, event.url, self._context))

    def _told(self, case: Case, fact: Fact, native_id: str) -> bool:
        """Whether the log (up to this batch) says so already: networks repeat themselves."""
        e = t.events.c
        same = select(e.seq).where(e.ticket == case.ticket.id, e.type == fact.value)
        found = self._work.conn.execute(same.where(e.data["native_id"].as_string() == native_id).limit(1))
        return found.first() is not None

    # --- moderation ---------------------------------------------------------------------------------------------

    def _moderated(self, event: ReplyConfirmed | ReplyRefused) -> None:
        r = t.replies.c
        mine = select(r.id).where(r.account == event.account, r.posted_id == event.native_id)
        found = self._work.conn.execute(mine.where(r.state == ReplyState.PENDING.value)).scalar()
        if found is None and isinstance(event, ReplyConfirmed):
            self._live_after_all(event)
        case = self._work.case_of_reply(found) if found else None
        # The same may have been said before in this batch, which is not in the database yet.
        if case is None or case.reply is None or case.reply.state is not ReplyState.PENDING:
            return
        if isinstance(event, ReplyConfirmed):
            change = publishing.confirm(case, event.native_id, event.url, self._context)
            self._work.add_publication(case, "posted", native_id=event.native_id, url=event.url)
        else:
            change = publishing.reject(Change(case=case), case.reply, event.reason, event.manual_url, self._context)
            self._work.add_publication(case, "rejected", native_id=event.native_id, detail=event.reason)
        self._work.save(change)
